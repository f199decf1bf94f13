import type { EngineDeps } from '../deps.ts';
import type { EngineEvent, ReadyAsk, ReadyData } from '../events.ts';
import type { MadeData, WorkflowAsk } from '../ports.ts';
import { makeReady } from '../ready-data.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { Performance } from './performance.ts';

/** Runs the function of a workflow in the plugin host; each of its steps goes to the engine and waits there. */
export async function runWorkflow(deps: EngineDeps, performance: Performance): Promise<EngineEvent> {
  const { state, inputs, signal } = performance;
  const outcome = await deps.plugins.runWorkflow(
    state.plugin,
    inputs,
    async (ask) => performance.ask(await ready(deps, ask)),
    signal,
  );
  return { kind: 'workflow-ended', outcome };
}

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
