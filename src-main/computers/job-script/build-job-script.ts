import { userError } from '#shared/base/errors.ts';
import type { ComputerConfig } from '#shared/contract/areas/computers.ts';
import { jobFiles, type JobOptions } from '#shared/process/job-options.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { PreparedCalculation } from '../../engine/ports.ts';
import { jobResources } from '../schedulers/resources.ts';
import { schedulers } from '../schedulers/schedulers.ts';
import { shellQuote } from '../shell/quote.ts';
import type { CodeSettings } from './code-settings.ts';
import { mpirunWords, runLine, withMpi } from './run-lines.ts';
import { guard } from './sentinels.ts';

export type ScriptComputer = Pick<
  ComputerConfig,
  | 'scheduler'
  | 'shebang'
  | 'mpirunCommand'
  | 'defaultMpiprocsPerMachine'
  | 'defaultMemoryPerMachine'
  | 'prependText'
  | 'appendText'
> & { readonly useDoubleQuotes?: boolean };

export interface JobScriptRequest {
  readonly computer: ScriptComputer;
  readonly codes: ReadonlyMap<Uuid, CodeSettings>;
  readonly options: JobOptions;
  readonly calculation: PreparedCalculation;
}

/** Lines of a text block, or nothing where it is blank. */
const block = (texts: readonly string[]): string[] => {
  const full = texts
    .map((text) => text.replaceAll('\r\n', '\n').trimEnd())
    .filter((text) => text.trim() !== '');
  return full.length === 0 ? [] : ['', full.join('\n\n')];
};

/**
 * The whole job script: the same text in a preview and on the computer, whichever attempt it is. Its layout is AiiDA's
 * (aiida-core 2.9, `schedulers/scheduler.py`) with the guard of an attempt between header and environment, and with the
 * calculation's own lines before the person's after the commands (docs/decisions/lines-after-the-command.md).
 * @throws StemmaError of the user family where options, code and computer do not fit together
 */
export function buildJobScript({ computer, codes, options, calculation }: JobScriptRequest): string {
  const scheduler = schedulers[computer.scheduler];
  const resources = jobResources(options.resources, computer.defaultMpiprocsPerMachine);
  const used = calculation.runs.map(({ code }) => codeOf(codes, code));
  const lines = calculation.runs.map((run) => {
    const code = codeOf(codes, run.code);
    const mpi = withMpi(options, run, code);
    return runLine({
      run,
      code,
      mpirun: mpi ? mpirunWords(computer.mpirunCommand, resources) : [],
      mpirunExtra: options.mpirun_extra_params,
      doubleQuotes: computer.useDoubleQuotes === true,
    });
  });
  const distinct = [...new Map(used.map((code) => [code.uuid, code])).values()];
  const parts = [
    computer.shebang,
    ...scheduler.directives({
      options,
      resources,
      memoryKb: options.max_memory_kb ?? computer.defaultMemoryPerMachine,
      stdout: jobFiles.schedulerStdout,
      stderr: jobFiles.schedulerStderr,
    }),
    '',
    ...guard(scheduler.identify),
    ...environmentBlock(options.environment_variables),
    ...block([
      computer.prependText,
      ...distinct.map((code) => code.prependText),
      calculation.prependText,
      options.prepend_text,
    ]),
    '',
    ...(calculation.parallel ? [...lines.map((line) => `${line} &`), '', 'wait'] : lines),
    // right after the commands, for it may read the exit status of the last one
    ...block([
      calculation.appendText,
      options.append_text,
      ...distinct.map((code) => code.appendText),
      computer.appendText,
    ]),
    '',
  ];
  const script = parts.join('\n');
  if (script.includes('\0'))
    throw userError({ code: 'bad-text', message: 'The job script has a NUL character.' });
  return script;
}

function codeOf(codes: ReadonlyMap<Uuid, CodeSettings>, uuid: Uuid): CodeSettings {
  const code = codes.get(uuid);
  if (code !== undefined) return code;
  throw userError({ code: 'bad-code', message: `The code ${uuid} is not among the inputs.`, subject: uuid });
}

function environmentBlock(variables: Readonly<Record<string, string>>): string[] {
  const names = Object.entries(variables);
  if (names.length === 0) return [];
  return [
    '',
    '# ENVIRONMENT VARIABLES BEGIN ###',
    ...names.map(([name, value]) => `export ${name}=${shellQuote(value)}`),
    '# ENVIRONMENT VARIABLES END ###',
  ];
}
