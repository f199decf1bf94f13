/** What the state of a workflow says: what it waits for, in words, and whether its code is heard. */
import type { NodeId } from '#shared/provenance/ids.ts';
import { counted } from '#shared/provenance/summary.ts';
import type { WorkflowState } from '../state.ts';
import { askingActivity } from './questions.ts';

/** A started step joins those that the workflow waits for. */
export function withStep(state: WorkflowState, label: string, child: NodeId, now: number): WorkflowState {
  return describe({ ...state, waiting: { ...state.waiting, [label]: child } }, now);
}

/** The state with its activity in words. @param now ms since 1970 */
export function describe(state: WorkflowState, now: number): WorkflowState {
  const asking = askingActivity(state);
  if (asking !== null) return { ...state, activity: asking };
  const labels = Object.keys(state.waiting);
  const words =
    labels.length === 0
      ? 'running'
      : labels.length === 1
        ? `waiting for “${labels[0]}”`
        : `waiting for ${labels.length} steps`;
  const done = state.finished > 0 ? `${counted(state.finished, 'step')} done` : '';
  const still = labels.length === 1 ? 'this step still runs' : 'these steps still run';
  const reason = state.ending === undefined ? done : `its code has ended, ${still}`;
  return { ...state, activity: { step: 'step', words, reason, since: now, until: null } };
}

/** What its code asks now is not heard. */
export const asksNothing = ({ paused, killing, changed, ending }: WorkflowState): boolean =>
  paused || killing || changed !== null || ending !== undefined;
