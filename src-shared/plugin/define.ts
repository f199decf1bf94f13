import type { DataDraft } from '../provenance/data-drafts.ts';
import type { ExitCodeSpec, PortNamespace, ProcessSpec } from '../process/ports.ts';
import type { CalcInfo, ParseContext, ParseResult, PrepareContext } from './calculation-job.ts';
import { port, type InputsOf, type PortRecord } from './ports.ts';
import type { Exit, Step } from './step.ts';
import type { DataValue } from './values.ts';

type MaybePromise<T> = T | Promise<T>;
type ExitCodes = Readonly<
  Record<
    string,
    {
      readonly status: number;
      readonly message: string;
      /** `false`: this failure belongs to the inputs, so an equal launch may be answered with it from the cache. */
      readonly invalidatesCache?: boolean;
    }
  >
>;

interface Common<Inputs extends PortRecord> {
  /** Dotted name, unique among all plugins: `core.arithmetic.add`. */
  readonly id: string;
  /** A class or function name, AiiDA's `process_label`. */
  readonly label: string;
  /** One sentence for the list of what can be launched. */
  readonly summary: string;
  readonly version: string;
  readonly inputs: Inputs;
  /** Names beyond those listed are taken too, of any type, when true. */
  readonly dynamicOutputs?: boolean;
  readonly outputs: PortRecord;
  /** Status 200 and above; `{name}` in a message is filled when the process exits. */
  readonly exitCodes?: ExitCodes;
  /** A check over several inputs. Returns a sentence where they do not fit together, or one for each input by its name. */
  readonly validate?: (
    inputs: InputsOf<Inputs>,
  ) => MaybePromise<string | Readonly<Record<string, string>> | undefined>;
}

/** Runs in a thread, with limits of time and memory. Throws an `Exit` to end with an exit code. */
export interface CalculationFunction<Inputs extends PortRecord = PortRecord> extends Common<Inputs> {
  readonly run: (inputs: InputsOf<Inputs>) => MaybePromise<Readonly<Record<string, DataDraft>>>;
}

/**
 * `prepare` runs before the job and `parse` after it, perhaps in another run of the app: nothing but nodes and files
 * passes between.
 */
export interface CalculationJob<Inputs extends PortRecord = PortRecord> extends Common<Inputs> {
  readonly prepare: (inputs: InputsOf<Inputs>, context: PrepareContext) => MaybePromise<CalcInfo>;
  readonly parse: (context: ParseContext<InputsOf<Inputs>>) => MaybePromise<ParseResult>;
}

/** Replayed from its first line after a restart: it takes time, chance and effects from `step` alone. */
export interface Workflow<Inputs extends PortRecord = PortRecord> extends Common<Inputs> {
  /** Returns stored nodes by output name: outputs of steps, or inputs. */
  readonly run: (
    step: Step,
    inputs: InputsOf<Inputs>,
  ) => Promise<Readonly<Record<string, DataValue | undefined>> | Exit>;
}

/** A process and its code. What {@link ProcessSpec} is to a form, this is to the plugin host. */
export type ProcessDefinition =
  | { readonly spec: ProcessSpec; readonly code: { kind: 'calculation-job' } & CalculationJob<never> }
  | {
      readonly spec: ProcessSpec;
      readonly code: { kind: 'calculation-function' } & CalculationFunction<never>;
    }
  | { readonly spec: ProcessSpec; readonly code: { kind: 'workflow' } & Workflow<never> };

/** A definition that knows, for the type checker only, what its process takes. */
export type TypedDefinition<Inputs extends PortRecord> = ProcessDefinition & { readonly takes?: Inputs };

const root = (ports: PortRecord, dynamic: boolean): PortNamespace => ({
  kind: 'namespace',
  ports,
  required: true,
  help: '',
  dynamic: dynamic ? ['data'] : undefined,
});

function specOf(kind: ProcessSpec['kind'], common: Common<PortRecord>): ProcessSpec {
  const exitCodes: ExitCodeSpec[] = Object.entries(common.exitCodes ?? {}).map(([label, code]) => ({
    label,
    ...code,
  }));
  const group = kind === 'workflow' ? 'aiida.workflows' : 'aiida.calculations';
  return {
    id: common.id,
    kind,
    label: common.label,
    processType: `${group}:${common.id}`,
    summary: common.summary,
    version: common.version,
    inputs: root(common.inputs, false),
    outputs: root(common.outputs, common.dynamicOutputs === true),
    exitCodes,
  };
}

/** A pure function from data to data; AiiDA's calculation function. Its outputs are new nodes that it created. */
export function defineCalculationFunction<Inputs extends PortRecord>(
  definition: CalculationFunction<Inputs>,
): TypedDefinition<Inputs> {
  const common = definition as unknown as Common<PortRecord>;
  const code = { kind: 'calculation-function', ...definition } as unknown as Extract<
    ProcessDefinition['code'],
    { kind: 'calculation-function' }
  >;
  return { spec: specOf('calculation-function', common), code };
}

/** A job on a computer. Every job also has the outputs `remote_folder` and `retrieved`, as in AiiDA. */
export function defineCalculationJob<Inputs extends PortRecord>(
  definition: CalculationJob<Inputs>,
): TypedDefinition<Inputs> {
  const common = definition as unknown as Common<PortRecord>;
  const outputs: PortRecord = {
    remote_folder: port.remote({ help: 'The work directory on the computer.' }),
    retrieved: port.folder({ help: 'The files that came back.' }),
    ...common.outputs,
  };
  const code = { kind: 'calculation-job', ...definition } as unknown as Extract<
    ProcessDefinition['code'],
    { kind: 'calculation-job' }
  >;
  return { spec: specOf('calculation-job', { ...common, outputs }), code };
}

/** A workflow: an async function whose steps are processes. */
export function defineWorkflow<Inputs extends PortRecord>(
  definition: Workflow<Inputs>,
): TypedDefinition<Inputs> {
  const common = definition as unknown as Common<PortRecord>;
  const code = { kind: 'workflow', ...definition } as unknown as Extract<
    ProcessDefinition['code'],
    { kind: 'workflow' }
  >;
  return { spec: specOf('workflow', common), code };
}
