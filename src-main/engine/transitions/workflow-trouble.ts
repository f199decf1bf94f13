/** What keeps the code of a workflow from running is our trouble: it runs again, and what was the matter is forgotten. */
import type { Decision } from '../commands.ts';
import type { EngineEvent } from '../events.ts';
import type { WorkflowState } from '../state.ts';
import { onFailure, type Draft } from './common.ts';
import { askingStatus } from './questions.ts';
import { describe } from './workflow-state.ts';

type WorkflowDraft = Draft<WorkflowState>;

/** Failures between which the code came no further are one trouble: they count together. */
export function onTrouble(draft: WorkflowDraft, event: Extract<EngineEvent, { kind: 'failed' }>): Decision {
  const { retry, retried = null } = draft.state;
  return onFailure(draft.set({ retry: retry ?? retried }), event, 'workflow', 'step');
}

/**
 * The code asks again, so it runs. The workflow waits for what its code asks, and not for the next try any more.
 * @param comesFurther it asks for what it has never asked before
 */
export function troubleIsOver(draft: WorkflowDraft, comesFurther: boolean): void {
  const { retry, retried } = draft.state;
  if (comesFurther && retried !== undefined) draft.set({ retried: undefined });
  if (retry === null) return;
  draft.set({ retry: null, retried: comesFurther ? undefined : retry });
  draft.state = describe(draft.state, draft.now);
  draft.attributes({ process_status: askingStatus(draft.state) });
}
