import {
  data,
  defineRestart,
  standardHandlers,
  type NextRun,
  type ProcessDefinition,
  type RestartContext,
  type RestartHandler,
} from '#shared/plugin/index.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';
import { restartPlugin } from './names.ts';
import type { JobParameters } from './program.ts';
import { jobSpec } from './specs.ts';

/** Only its specification is asked for here: the host runs it. */
const job = { spec: jobSpec, code: { kind: 'calculation-job' } } as unknown as ProcessDefinition;

const jobOf = ({ inputs }: RestartContext): JobParameters => {
  const { parameters } = inputs as unknown as { readonly parameters: { readonly value: unknown } };
  return parameters.value as JobParameters;
};

/** The job as it is when a handler has mended it once more. */
const mendedOnce = (before: JobParameters, acted: number): JobParameters => {
  const toMend = (before.toMend ?? 0) - 1;
  const ends = toMend === 0 ? 'well' : before.ends;
  return { ...before, name: `${before.name}+`, toMend, acts: acted + 1, ends };
};

/** Mends a job step by step, and perhaps asks a person first. */
const mend: RestartHandler = {
  name: 'mend',
  exitCodes: [303, 304],
  async handle(context) {
    const { outcome, acted } = context;
    const before = jobOf(context);
    if ((before.toMend ?? 0) === 0) return 'not mine';
    const { retrieved } = outcome.outputs;
    if (retrieved?.files.list().includes('output.txt') === true) await retrieved.files.text('output.txt');
    const next: NextRun = {
      action: acted % 2 === 0 ? 'change' : 'restart-from-folder',
      says: `Mended for the ${acted + 1}. time`,
      inputs: {
        parameters: data.dict(mendedOnce(before, acted) as unknown as { readonly [key: string]: PyJson }),
      },
    };
    if (before.asks !== true) return next;
    return {
      action: 'ask',
      question: `Shall ${before.name} be mended?`,
      choices: {
        mend: { label: 'Mend it', next },
        stop: { label: 'End it', next: { action: 'give-up', says: 'It is not worth it.' } },
      },
    };
  },
};

/** Runs a job again until it is good, with the product's own loop and handlers. */
export const restartDefinition = defineRestart({
  id: restartPlugin,
  label: restartPlugin,
  summary: '',
  version: '1',
  process: job,
  namespace: 'job',
  restartFolder: { input: 'before' },
  handlers: [mend, ...standardHandlers({ maxWalltime: 86_400, maxNodeFailures: 2 })],
});
