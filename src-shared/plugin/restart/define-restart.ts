import { restartExitCodes } from '../../process/exit-codes.ts';
import { namespaceSeparator, type ProcessSpec } from '../../process/ports.ts';
import { defineWorkflow, type ProcessDefinition, type TypedDefinition } from '../define.ts';
import { namespace, optional, port, type InputsOf, type PortRecord } from '../ports.ts';
import type { DataValue } from '../values.ts';
import type { RestartHandler } from './handler.ts';
import { handlersInOrder, overridesProblem, type HandlerOverrides } from './handlers-in-order.ts';
import { flatInputs, type Options } from './inputs.ts';
import { Restart, unhandledPolicies, type UnhandledPolicy } from './run-restart.ts';

/** What a plugin says of a restart workflow; inputs, outputs and the loop follow from it. */
export interface RestartDefinition<Inputs extends PortRecord, Policy extends PortRecord> {
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  readonly version: string;
  /** What is run until it is good. */
  readonly process: TypedDefinition<Inputs>;
  /** The name under which the inputs of the process are those of the workflow: `pw` gives `pw__structure`. */
  readonly namespace: string;
  readonly handlers: readonly RestartHandler<Inputs, Policy>[];
  /** How often the process is run at most, unless a launch says otherwise; 5 where it is not given. */
  readonly maxIterations?: number;
  /** Further inputs, for the handlers: limits, factors. */
  readonly policy?: Policy;
  readonly exitCodes?: Readonly<Record<string, { readonly status: number; readonly message: string }>>;
  /**
   * The input of the process that takes the work directory of the run before, and with which inputs that is of use.
   * `restart_folder`, always, where the process has an input of that name and nothing else is said.
   */
  readonly restartFolder?: {
    readonly input: string;
    readonly when?: (inputs: InputsOf<Inputs>) => boolean;
  };
}

interface Values {
  readonly options?: { readonly value: unknown };
  readonly max_iterations: { readonly value: number };
  readonly handler_overrides?: { readonly value: unknown };
  readonly on_unhandled_failure: { readonly value: string };
  readonly pause_on_max_iterations: { readonly value: boolean };
}

const optionsPort = optional(
  port.dict({
    help: 'Job options of every run. Handlers may change them from run to run.',
    holds: 'job-options',
  }),
);

function ownPorts(definition: RestartDefinition<PortRecord, PortRecord>): PortRecord {
  const { process, handlers, maxIterations = 5 } = definition;
  const known = handlers.map(({ name, exitCodes }) =>
    exitCodes === undefined ? name : `${name} (${exitCodes.join(', ')})`,
  );
  return {
    ...(process.spec.kind === 'calculation-job' ? { options: optionsPort } : {}),
    max_iterations: port.int({
      help: 'How often it is run at most.',
      defaultValue: maxIterations,
      minimum: 1,
      maximum: 100,
    }),
    on_unhandled_failure: port.str({
      help: 'What to do about a failure that no handler knows: run once more and then give up, give up at once, ask a person, or run once more and then ask.',
      defaultValue: unhandledPolicies[0],
      choices: unhandledPolicies,
    }),
    pause_on_max_iterations: port.bool({
      help: 'Ask a person when it has run as often as it may, instead of giving up.',
      defaultValue: false,
    }),
    handler_overrides: optional(
      port.dict({
        help: `Switches handlers off or on, or gives them another priority: {"name": {"enabled": false}}. There are: ${known.join(', ')}.`,
      }),
    ),
  };
}

function folderInput(
  definition: RestartDefinition<PortRecord, PortRecord>,
): (inputs: never) => string | null {
  const { process, restartFolder, id } = definition;
  const name = restartFolder?.input ?? 'restart_folder';
  const own = process.spec.inputs.ports[name];
  const takes = own?.kind === 'port' && (own.types.includes('remote') || own.types.includes('data'));
  if (restartFolder !== undefined && !takes) {
    throw new Error(`${id}: ${process.spec.id} has no input “${name}” that takes a remote folder.`);
  }
  if (!takes) return () => null;
  return (inputs) => (restartFolder?.when?.(inputs) === false ? null : name);
}

function checkHandlers(id: string, handlers: readonly { readonly name: string }[]): void {
  const names = new Set<string>();
  for (const { name } of handlers) {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`${id}: “${name}” is no name for a handler.`);
    if (names.has(name)) throw new Error(`${id}: two handlers are called “${name}”.`);
    names.add(name);
  }
}

/** What a form must hear before anything runs; by flat label, and for job options by option: `options.account`. */
async function problems(
  definition: RestartDefinition<PortRecord, PortRecord>,
  inputs: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, string>> | undefined> {
  const { process, namespace: prefix, handlers } = definition;
  const { options, handler_overrides: overrides } = inputs as unknown as Values;
  const found: Record<string, string> = {};
  // not for every plugin thread: the parser of options is what takes longest to load
  const { jobOptions } = await import('../../process/job-options.ts');
  const parsed = jobOptions.safeParse(options?.value ?? {});
  for (const { path, message } of parsed.error?.issues ?? []) {
    found[['options', ...path.map(String)].join('.')] ??= message;
  }
  const names = handlers.map(({ name }) => name);
  const wrong = overrides === undefined ? null : overridesProblem(overrides.value, names);
  if (wrong !== null) found['handler_overrides'] = wrong;
  const objection = (await process.code.validate?.(inputs[prefix] as never)) ?? {};
  if (typeof objection === 'string') found[''] = objection;
  else {
    for (const [label, message] of Object.entries(objection)) {
      found[label === '' ? '' : `${prefix}${namespaceSeparator}${label}`] = message;
    }
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

/**
 * A workflow that runs a process again until it is good: after each run its handlers are asked, in their order, what to
 * do about how it ended. Its inputs are those of the process under a namespace, job options, and the policy; its outputs
 * are those of the last good run.
 * @throws where two handlers have one name, or the process cannot take a folder as the definition says
 */
export function defineRestart<Inputs extends PortRecord, Policy extends PortRecord = Record<never, never>>(
  definition: RestartDefinition<Inputs, Policy>,
): ProcessDefinition {
  const general = definition as unknown as RestartDefinition<PortRecord, PortRecord>;
  const { process, namespace: prefix, handlers, policy = {}, exitCodes = {} } = general;
  checkHandlers(general.id, handlers);
  const restartInput = folderInput(general);
  const { inputs: taken, outputs }: ProcessSpec = process.spec;
  return defineWorkflow({
    id: general.id,
    label: general.label,
    summary: general.summary,
    version: general.version,
    inputs: {
      [prefix]: namespace(taken.ports, {
        help: `What ${process.spec.id} takes.`,
        required: true,
        ...(taken.dynamic === undefined ? {} : { dynamic: taken.dynamic }),
      }),
      ...policy,
      ...ownPorts(general),
    },
    outputs: outputs.ports,
    dynamicOutputs: outputs.dynamic !== undefined,
    exitCodes: { ...restartExitCodes, ...exitCodes },
    validate: (inputs) => problems(general, inputs),
    async run(step, inputs) {
      const given = inputs as unknown as Values & Readonly<Record<string, unknown>>;
      const overrides = (given.handler_overrides?.value ?? {}) as HandlerOverrides;
      const own = Object.fromEntries(Object.keys(policy).map((name) => [name, given[name]]));
      const restart = new Restart(step, {
        process,
        handlers: handlersInOrder(handlers, overrides),
        maxIterations: given.max_iterations.value,
        askAtLimit: given.pause_on_max_iterations.value,
        onUnhandled: given.on_unhandled_failure.value as UnhandledPolicy,
        policy: own,
        restartInput,
        inputs: flatInputs(given[prefix] as Readonly<Record<string, DataValue>>),
        options: (given.options?.value ?? {}) as Options,
      });
      return restart.run();
    },
  });
}
