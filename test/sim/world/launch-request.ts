import type { NewProcess } from '#main/engine/create-process.ts';
import type { ReadyData } from '#main/engine/events.ts';
import type { CacheChoice } from '#shared/process/caching-rules.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import type { StopRule } from '#shared/process/rule-types.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { functionPlugin, jobPlugin, restartPlugin, workflowPlugin } from '../plugins/names.ts';
import type { FunctionParameters, JobParameters, Program, RestartParameters } from '../plugins/program.ts';
import { restartDefinition } from '../plugins/restart.ts';
import { plainSpecs } from '../plugins/specs.ts';

interface What {
  readonly job: JobParameters;
  readonly function: FunctionParameters;
  readonly workflow: Program;
  readonly restart: RestartParameters;
}

interface Details {
  readonly uuid: Uuid;
  readonly caching: CacheChoice;
  /** When to stop it; of jobs alone. */
  readonly rules: readonly StopRule[];
}

/** What a person launched, of one kind. */
type Of<Kind extends keyof What> = { readonly what: Kind; readonly parameters: What[Kind] } & Details;
export type Launched = { [Kind in keyof What]: Of<Kind> }[keyof What];
export type NewLaunch = { [Kind in keyof What]: Omit<Of<Kind>, 'uuid'> }[keyof What];

export interface Places {
  readonly computers: readonly Uuid[];
  readonly codes: readonly Uuid[];
  readonly token: () => string;
}

const data = (nodeType: string, attributes: object): ReadyData => ({
  nodeType,
  attributes: JSON.stringify(attributes),
  label: '',
  files: [],
});
const dict = (value: object): ReadyData => data(NodeType.dict, value);
const value = (nodeType: string, of: number | string | boolean): ReadyData => data(nodeType, { value: of });

function specOf(id: string): NewProcess['spec'] {
  const spec = [...plainSpecs, restartDefinition.spec].find((one) => one.id === id);
  if (spec === undefined) throw new Error(`There is no plugin ${id}`);
  return spec;
}

/** A launch as the engine takes it. */
export function requestOf(launched: Launched, label: string, places: Places): NewProcess {
  const { uuid, caching } = launched;
  const common = { uuid, label, description: '', job: null, caller: null, caching } as const;
  const codeOf = ({ computer }: JobParameters): { readonly uuid: Uuid } => ({
    uuid: places.codes[computer] as Uuid,
  });
  switch (launched.what) {
    case 'job': {
      const { parameters, rules } = launched;
      const computer = places.computers[parameters.computer] as Uuid;
      const options = jobOptions.parse({
        rerunnable: parameters.rerunnable,
        // the rule is to end it, not its walltime
        ...(parameters.watch === undefined ? {} : { max_wallclock_seconds: 30 * 86_400 }),
      });
      return {
        ...common,
        spec: specOf(jobPlugin),
        inputs: { parameters: dict(parameters), code: codeOf(parameters) },
        job: { computer, options, token: places.token(), rules },
      };
    }
    case 'function':
      return {
        ...common,
        spec: specOf(functionPlugin),
        inputs: { parameters: dict(launched.parameters) },
      };
    case 'workflow':
      return { ...common, spec: specOf(workflowPlugin), inputs: { program: dict(launched.parameters) } };
    case 'restart':
      return { ...common, spec: specOf(restartPlugin), inputs: restartInputs(launched.parameters, codeOf) };
  }
}

function restartInputs(
  { job, most, unhandled, asksAtLimit, walltime }: RestartParameters,
  codeOf: (job: JobParameters) => { readonly uuid: Uuid },
): NewProcess['inputs'] {
  const options = {
    rerunnable: job.rerunnable,
    ...(walltime > 0 ? { max_wallclock_seconds: walltime } : {}),
  };
  return {
    job__code: codeOf(job),
    job__parameters: dict(job),
    options: dict(options),
    max_iterations: value(NodeType.int, most),
    on_unhandled_failure: value(NodeType.str, unhandled),
    pause_on_max_iterations: value(NodeType.bool, asksAtLimit),
  };
}
