/** A workflow whose code is not the code that it began with: it stops, and says what was and what would be. */
import { wordsOf } from '../../workflows/replay.ts';
import type { StepRecordOf } from '../../workflows/steps.ts';
import type { Decision } from '../commands.ts';
import type { EngineEvent } from '../events.ts';
import type { WorkflowState } from '../state.ts';
import type { Draft } from './common.ts';
import { runAgain } from './workflow-end.ts';
import { asksNothing, describe } from './workflow-state.ts';

type WorkflowDraft = Draft<WorkflowState>;

/** The workflow pauses; nothing that it had is lost. */
export function onChanged(draft: WorkflowDraft, label: string, recorded: string, asked: string): Decision {
  const message = `The code of the workflow has changed: step “${label}” was ${recorded} and would now be ${asked}.`;
  draft.set({ changed: { label, recorded, asked }, paused: true });
  draft.do({ kind: 'drop-effects', only: 'workflow' });
  draft.attributes({ paused: true, process_status: message });
  draft.do({ kind: 'log', level: 'WARNING', message });
  return draft.activity('step', 'paused: code changed', { reason: message }).keep();
}

/** The code has passed over a recorded step. One that is paused is run again before it is judged. */
export function onUnasked(
  draft: WorkflowDraft,
  { label, instead, ended = false }: Extract<EngineEvent, { kind: 'unasked' }>,
  recorded: StepRecordOf | null,
): Decision {
  if (draft.state.paused && ended) return runAgain(draft);
  if (recorded === null || asksNothing(draft.state)) return draft.keep();
  return onChanged(draft, label, wordsOf(recorded), instead);
}

/** Perhaps the former code is back: it runs from its first line, and every step is compared again. */
export function onTryAgain(draft: WorkflowDraft): Decision {
  draft.set({ changed: null, paused: false, retry: null });
  draft.state = describe(draft.state, draft.now);
  return draft
    .attributes({ paused: undefined, process_status: undefined })
    .do({ kind: 'drop-effects', only: 'workflow' })
    .effect('workflow')
    .note('playing again')
    .keep();
}
