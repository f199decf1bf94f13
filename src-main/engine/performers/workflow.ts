import { deferred } from '#shared/base/deferred.ts';
import type { EngineDeps } from '../deps.ts';
import type { EngineEvent, ReadyAsk, ReadyData, WorkflowEnd } from '../events.ts';
import type { MadeData, WorkflowAnswer, WorkflowAsk } from '../ports.ts';
import { checkedEnd } from '../output-check.ts';
import { makeReady } from '../ready-data.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { Performance } from './performance.ts';

/** Runs the function of a workflow in the plugin host; each of its steps goes to the engine and waits there. */
export async function runWorkflow(deps: EngineDeps, performance: Performance): Promise<EngineEvent> {
  const { state, inputs, signal, restarted, idle } = performance;
  const stop = new AbortController();
  const trouble = deferred<never>();
  /** Asks come to the engine in the order of the code, also where the files of one are stored more slowly. */
  let before: Promise<unknown> = Promise.resolve();

  const ask = async (asked: WorkflowAsk): Promise<WorkflowAnswer> => {
    const readying = ready(deps, asked);
    const turn = before.then(() => readying);
    before = turn;
    try {
      const answer = performance.ask(await turn);
      return await answer;
    } catch (error) {
      // what we cannot store is our trouble and not the code's: it runs again when the disk is back
      if (await failed(readying)) trouble.reject(error);
      else throw error;
      return new Promise(() => {});
    }
  };

  /** What it asked may be on its way to the engine. */
  const cameToRest = (): void => {
    const rests = idle();
    void before.then(rests, () => {});
  };

  try {
    const running = deps.plugins.runWorkflow(
      state.plugin,
      inputs,
      ask,
      AbortSignal.any([signal, stop.signal]),
      { restarted, idle: cameToRest },
    );
    const outcome = await Promise.race([running, trouble.promise]);
    // what was asked before the end belongs to the run
    await before;
    return { kind: 'workflow-ended', outcome: checked(deps, state.plugin, outcome) };
  } finally {
    stop.abort();
  }
}

function checked({ plugins, store }: EngineDeps, plugin: string, outcome: WorkflowEnd): WorkflowEnd {
  const spec = plugins.specs().find(({ id }) => id === plugin);
  if (spec === undefined) return outcome;
  return store.read((reads) => checkedEnd(spec, outcome, (uuid) => reads.nodeByUuid(uuid)?.nodeType ?? null));
}

const failed = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => false,
    () => true,
  );

async function ready(deps: EngineDeps, ask: WorkflowAsk): Promise<ReadyAsk> {
  if (ask.kind !== 'call') return ask;
  const made: Record<string, MadeData> = {};
  const inputs: Record<string, { readonly uuid: Uuid } | ReadyData> = {};
  for (const [label, input] of Object.entries(ask.inputs)) {
    if ('uuid' in input) inputs[label] = input;
    else made[label] = input;
  }
  Object.assign(inputs, await makeReady(deps.objects, made));
  return { ...ask, inputs };
}
