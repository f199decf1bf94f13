import { assertNever } from '#shared/base/assert.ts';
import type { EngineDeps } from '../deps.ts';
import type { Effect } from '../effects.ts';
import type { EngineEvent } from '../events.ts';
import { outcomeReady } from '../ready-data.ts';
import type { JobState, RunState } from '../state.ts';
import { cancel, place, retrieve, submit, upload, watch } from './jobs.ts';
import type { Performance } from './performance.ts';
import { prepare } from './prepare.ts';
import { vanished } from '../transitions/end-unproved.ts';
import { runWorkflow } from './workflow.ts';

const job = (state: RunState): JobState => {
  if (state.kind !== 'job') throw new Error(`An effect of a job on a ${state.kind}`);
  return state;
};

/** Whether it begins what will need room on this machine. What may be with a scheduler already is looked for all the same. */
function takesIn(kind: Effect['kind'], { retry }: RunState): boolean {
  if (kind === 'submit') return retry?.code !== 'submission-unconfirmed' && retry?.code !== vanished;
  return kind === 'prepare' || kind === 'upload' || kind === 'retrieve';
}

/** Does an effect; the event it resolves with consumes it. A throw becomes the event `failed`. */
export async function perform(
  deps: EngineDeps,
  effect: Effect,
  performance: Performance,
): Promise<EngineEvent> {
  const { state, inputs, signal } = performance;
  const noRoom = takesIn(effect.kind, state) ? (deps.noRoom?.() ?? null) : null;
  if (noRoom !== null) throw noRoom;
  switch (effect.kind) {
    case 'prepare':
      return prepare(deps, job(state), inputs, signal);
    case 'upload':
      return upload(deps, job(state), signal);
    case 'place':
      return place(deps, job(state), signal);
    case 'submit':
      return submit(deps, job(state), signal);
    case 'watch':
      return watch(deps, job(state), performance);
    case 'cancel':
      return cancel(deps, job(state), signal);
    case 'retrieve':
      return retrieve(deps, job(state), signal);
    case 'parse': {
      const { plugin, retrieved, end } = job(state);
      const outcome = await deps.plugins.parse(
        plugin,
        inputs,
        retrieved ?? [],
        end ?? { exitStatus: null, schedulerExit: null },
        signal,
      );
      return { kind: 'ran', outcome: await outcomeReady(deps.objects, outcome) };
    }
    case 'function': {
      const outcome = await deps.plugins.runFunction(state.plugin, inputs, signal);
      return { kind: 'ran', outcome: await outcomeReady(deps.objects, outcome) };
    }
    case 'workflow':
      return runWorkflow(deps, performance);
    case 'wake':
      return { kind: 'woke', label: effect.label ?? '' };
    default:
      return assertNever(effect.kind);
  }
}
