import { describe, expect, it } from 'vitest';
import type { EngineEvent, ReadyAsk } from '#main/engine/events.ts';
import { needsPerson } from '#main/engine/needs-person.ts';
import type { WorkflowState } from '#main/engine/state.ts';
import { withStep } from '#main/engine/transitions/workflow-state.ts';
import { workflowTransition } from '#main/engine/transitions/workflow.ts';
import { alone, waitOf } from '#main/handlers/process-page/waits.ts';
import type { StepRecordOf } from '#main/workflows/steps.ts';
import type { ErrorInfo } from '#shared/base/errors.ts';
import { attributesOf, effectsOf, nodeId, spec, workflowAfter, workflowState } from './samples.ts';

const now = 50_000;
const step = (state: WorkflowState, event: EngineEvent, recorded: StepRecordOf | null = null) =>
  workflowTransition(state, event, now, spec({ kind: 'workflow' }), recorded);
const full: ErrorInfo = { family: 'operational', code: 'disk-full', message: 'The disk is full.' };
const defect: ErrorInfo = { family: 'unexpected', code: 'unexpected', message: 'It is not a function.' };
const failed = (error = full): EngineEvent => ({ kind: 'failed', error, roll: 0.5 });
const asked = (ask: ReadyAsk): EngineEvent => ({ kind: 'asked', ask, roll: 0.5 });
const wait = (state: WorkflowState) => waitOf(state, alone).kind;
const report = (ordinal: number): EngineEvent => asked({ kind: 'report', message: 'hello', ordinal });
const question = { question: 'Go on?', facts: [], choices: [{ name: 'yes', label: 'Yes', help: '' }] };

describe('a workflow whose code runs again after a trouble', () => {
  it('waits for a person and not for the next try, once it asks one', () => {
    const before = step(workflowState(), failed());
    expect(wait(workflowAfter(before))).toBe('trouble');
    expect(effectsOf(before)).toEqual(['workflow']);
    const after = step(workflowAfter(before), asked({ kind: 'question', label: 'go_on', question }));
    expect(wait(workflowAfter(after))).toBe('question');
    expect(attributesOf(after)).toEqual({ process_status: 'Waits for a person: Go on?' });
  });

  it('waits for the question, the step or the time for which it waited before', () => {
    const recorded = { kind: 'question', ...question, since: 7, answer: null } as const;
    const open = workflowState({ questions: { go_on: { ...question, since: 7 } } });
    const asks = asked({ kind: 'question', label: 'go_on', question });
    const again = step(workflowAfter(step(open, failed())), asks, recorded);
    expect(wait(workflowAfter(again))).toBe('question');
    expect(attributesOf(again)).toEqual({ process_status: 'Waits for a person: Go on?' });

    const waiting = workflowAfter(step(withStep(workflowState(), 'add', nodeId(7), now), failed()));
    const back = step(waiting, report(1), { kind: 'report' });
    expect(wait(workflowAfter(back))).toBe('children');
    expect(workflowAfter(back).activity.words).toBe('waiting for “add”');
    expect(attributesOf(back)).toEqual({ process_status: undefined });

    const sleep = asked({ kind: 'sleep', label: 'rest', ms: 1000 });
    const asleep = workflowAfter(step(workflowAfter(step(workflowState(), sleep)), failed()));
    const still = workflowAfter(step(asleep, sleep, { kind: 'sleep', until: now + 1000 }));
    expect(wait(still)).toBe('sleeping');
    expect(still.activity).toMatchObject({ words: 'sleeping (“rest”)', until: now + 1000 });
  });

  it('counts a failure with those before it as long as it comes no further', () => {
    let state = workflowState();
    for (let round = 1; round <= 5; round++) {
      // what it asks before it fails again was recorded the first time
      state = workflowAfter(step(state, report(1), round === 1 ? null : { kind: 'report' }));
      expect(needsPerson(state)).toBe(false);
      state = workflowAfter(step(state, failed(defect)));
      expect(state.retry?.failures).toBe(round);
    }
    expect(needsPerson(state)).toBe(true);
  });

  it('counts anew once it has come further, however long ago the other failures were', () => {
    const four = workflowState({ retry: { ...retryOf(defect), failures: 4 } });
    const further = workflowAfter(step(workflowAfter(step(four, report(1), { kind: 'report' })), report(2)));
    expect(further.retry).toBeNull();
    expect(workflowAfter(step(further, failed(defect))).retry?.failures).toBe(1);
  });

  it('is being killed, or paused because its code changed, and in no trouble any more', () => {
    const trouble = workflowAfter(step(withStep(workflowState(), 'add', nodeId(7), now), failed()));
    const killing = step(trouble, { kind: 'kill', by: 'Ada' });
    expect(wait(workflowAfter(killing))).toBe('being-killed');
    const changed = { ...trouble, changed: { label: 'a', recorded: 'b', asked: 'c' }, paused: true };
    expect(workflowAfter(step(changed, { kind: 'play' })).retry).toBeNull();
  });
});

const retryOf = (error: ErrorInfo) => {
  const { retry } = workflowAfter(step(workflowState(), failed(error)));
  if (retry === null) throw new Error('There is no retry');
  return retry;
};
