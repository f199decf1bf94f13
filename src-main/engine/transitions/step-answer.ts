import { writeStep, type StepRecordOf } from '../../workflows/steps.ts';
import type { StepAnswer } from '../commands.ts';
import type { WorkflowState } from '../state.ts';
import type { Draft } from './common.ts';

/** Steps that the code waits for. */
type Awaited = Exclude<StepRecordOf, { kind: 'report' | 'annotation' }>;

/** The code is told. The first time the answer gets the next number, so that it is told in the same order again. */
export function giveAnswer(
  draft: Draft<WorkflowState>,
  label: string,
  step: Awaited,
  answer: StepAnswer,
): Draft<WorkflowState> {
  let { order } = step;
  if (order === undefined) {
    order = (draft.state.answered ?? 0) + 1;
    draft.set({ answered: order });
    draft.do({ kind: 'record-step', label, record: writeStep({ ...step, order }) });
  }
  return draft.do({ kind: 'answer', label, order, answer });
}
