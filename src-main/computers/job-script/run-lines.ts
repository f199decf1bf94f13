import { userError } from '#shared/base/errors.ts';
import type { JobOptions } from '#shared/process/job-options.ts';
import type { PreparedCalculation } from '../../engine/ports.ts';
import type { JobResources } from '../schedulers/resources.ts';
import { shellQuote } from '../shell/quote.ts';
import type { CodeSettings } from './code-settings.ts';

type Run = PreparedCalculation['runs'][number];

/** As AiiDA has it: inside double quotes the shell still fills in variables, which some sites need. */
const doubleQuote = (text: string): string => `"${text.replaceAll('"', `"'"'"`)}"`;

const quote = (text: string, double: boolean): string => (double ? doubleQuote(text) : shellQuote(text));

/**
 * Fills `{tot_num_mpiprocs}` and the other keys of resources into the computer's mpirun command.
 * @throws StemmaError `bad-mpirun` for a name that is none of them
 */
export function mpirunWords(command: readonly string[], resources: JobResources): string[] {
  const values: Readonly<Record<string, number | null>> = {
    tot_num_mpiprocs: resources.totalMpiprocs,
    num_machines: resources.machines,
    num_mpiprocs_per_machine: resources.mpiprocsPerMachine,
    num_cores_per_mpiproc: resources.coresPerMpiproc,
    num_cores_per_machine:
      resources.coresPerMpiproc === null ? null : resources.coresPerMpiproc * resources.mpiprocsPerMachine,
  };
  return command.map((word) =>
    word.replaceAll(/\{(\w*)\}/g, (whole, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value !== undefined && value !== null) return String(value);
      throw userError({
        code: 'bad-mpirun',
        message:
          value === null
            ? `The mpirun command of the computer needs ${whole}, which this job does not give.`
            : `${whole} in the mpirun command of the computer is nothing that a job has.`,
        subject: whole,
        hint: `It may have ${Object.keys(values)
          .map((key) => `{${key}}`)
          .join(', ')}.`,
      });
    }),
  );
}

/**
 * With MPI or without: the options of the job, the plugin and the code each may say, and must not contradict.
 * @throws StemmaError `mpi-conflict`
 */
export function withMpi(options: JobOptions, run: Run, code: CodeSettings): boolean {
  const opinions = [
    ['the options of the job', options.withmpi ?? null],
    ['the calculation', run.withMpi],
    [`the code “${code.label}”`, code.withMpi],
  ] as const;
  const yes = opinions.filter(([, value]) => value === true).map(([who]) => who);
  const no = opinions.filter(([, value]) => value === false).map(([who]) => who);
  if (yes.length > 0 && no.length > 0) {
    throw userError({
      code: 'mpi-conflict',
      message: `With MPI, say ${yes.join(' and ')}; without, say ${no.join(' and ')}.`,
      subject: 'withmpi',
      hint: 'Leave withmpi open where it does not matter.',
    });
  }
  return yes.length > 0;
}

export interface RunLineRequest {
  readonly run: Run;
  readonly code: CodeSettings;
  /** Empty without MPI. */
  readonly mpirun: readonly string[];
  readonly mpirunExtra: readonly string[];
  readonly doubleQuotes: boolean;
}

/** One command: mpirun, executable and arguments, each one word, and where its input and output are. */
export function runLine({ run, code, mpirun, mpirunExtra, doubleQuotes }: RunLineRequest): string {
  const words = [
    ...[...mpirun, ...(mpirun.length > 0 ? mpirunExtra : [])].map((word) => quote(word, doubleQuotes)),
    ...[code.executable, ...run.arguments].map((word) => quote(word, code.useDoubleQuotes)),
  ];
  if (run.stdin !== null) words.push('<', shellQuote(run.stdin));
  if (run.stdout !== null) words.push('>', shellQuote(run.stdout));
  if (run.joinFiles) words.push('2>&1');
  else if (run.stderr !== null) words.push('2>', shellQuote(run.stderr));
  return words.join(' ');
}
