import { describe, expect, it } from 'vitest';
import type { EngineEvent, ReadyAsk } from '#main/engine/events.ts';
import type { WorkflowState } from '#main/engine/state.ts';
import { workflowTransition } from '#main/engine/transitions/workflow.ts';
import { readStep, type StepRecordOf } from '#main/workflows/steps.ts';
import { attributesOf, commands, nodeId, spec, workflowAfter, workflowState } from './samples.ts';

const now = 50_000;
const step = (state: WorkflowState, event: EngineEvent, recorded: StepRecordOf | null = null, at = now) =>
  workflowTransition(state, event, at, spec({ kind: 'workflow' }), recorded);

const question = {
  question: 'Shall it go on?',
  facts: [{ name: 'Exit status', value: '120' }],
  choices: [
    { name: 'yes', label: 'Go on', help: '' },
    { name: 'no', label: 'Stop', help: '' },
  ],
};
const ask: ReadyAsk = { kind: 'question', label: 'q', question };
const asked: EngineEvent = { kind: 'asked', ask, roll: 0 };
const answered = (choice: string): EngineEvent => ({ kind: 'answered', label: 'q', choice, by: 'Ada' });
const called = workflowState({ caller: { process: nodeId(9), label: 'below' } });

/** The last record that a decision writes under the label of the question. */
const recordedBy = (decision: ReturnType<typeof step>): StepRecordOf | null => {
  const last = commands(decision, 'record-step').at(-1);
  return last === undefined ? null : readStep(last.record);
};

describe('a question', () => {
  it('is recorded without an answer, and told to the caller', () => {
    const decision = step(called, asked);
    expect(recordedBy(decision)).toEqual({ kind: 'question', ...question, since: now, answer: null });
    expect(workflowAfter(decision).activity).toMatchObject({ words: 'needs you', reason: 'Shall it go on?' });
    expect(commands(decision, 'tell')).toEqual([
      {
        kind: 'tell',
        process: 9,
        event: { kind: 'asked-below', label: 'below', asking: { words: 'Shall it go on?', since: now } },
      },
    ]);
    expect(commands(decision, 'answer')).toEqual([]);
  });

  it('is asked once, however often the code runs again', () => {
    const open = step(called, asked);
    const again = step(workflowAfter(open), asked, recordedBy(open));
    expect(again).toEqual({ state: workflowAfter(open), commands: [] });
  });

  it('has its answer recorded with who gave it and when, and answers from the record from then on', () => {
    const open = step(called, asked);
    const decision = step(workflowAfter(open), answered('no'), null, now + 5);
    const answer = { choice: 'no', by: 'Ada', at: now + 5 };
    expect(recordedBy(decision)).toMatchObject({ kind: 'question', answer });
    expect(commands(decision, 'answer')).toEqual([
      { kind: 'answer', label: 'q', order: 1, answer: { kind: 'choice', ...answer } },
    ]);
    expect(attributesOf(decision)['answers']).toEqual([
      { label: 'q', question: 'Shall it go on?', choice: 'no', by: 'Ada', at: '1970-01-01T00:00:50.005Z' },
    ]);
    expect(commands(decision, 'tell').map(({ event }) => event)).toEqual([
      { kind: 'asked-below', label: 'below', asking: null },
    ]);
    const replayed = step(called, asked, recordedBy(decision));
    expect(commands(replayed, 'answer')).toEqual(commands(decision, 'answer'));
    expect(commands(replayed, 'record-step')).toEqual([]);
  });

  it('that the code now puts otherwise stops the workflow', () => {
    const open = recordedBy(step(called, asked));
    const other: ReadyAsk = { ...ask, question: { ...question, choices: question.choices.slice(0, 1) } };
    const decision = step(called, { kind: 'asked', ask: other, roll: 0 }, open);
    expect(workflowAfter(decision).changed).toEqual({
      label: 'q',
      recorded: 'question “Shall it go on?” (yes, no)',
      asked: 'question “Shall it go on?” (yes)',
    });
  });

  it('is answered with what it offers only, and not while the workflow is being killed', () => {
    const open = workflowAfter(step(called, asked));
    expect(step(open, answered('maybe')).commands).toEqual([]);
    expect(step({ ...open, killing: true }, answered('yes')).commands).toEqual([]);
  });

  it('of a process further down is seen at the top, until that process has ended', () => {
    const asking = { words: 'Shall it go on?', since: now };
    const top = workflowState({ waiting: { below: nodeId(7) } });
    const seen = workflowAfter(step(top, { kind: 'asked-below', label: 'below', asking }));
    expect(seen.activity).toMatchObject({
      words: 'needs you',
      reason: '“below” asks: Shall it go on?',
      since: now,
    });
    const after = workflowAfter(step(seen, { kind: 'child-ended', label: 'below', child: nodeId(7) }));
    expect(after.activity.words).toBe('running');
  });
});

describe('an annotation', () => {
  const annotation: ReadyAsk = { kind: 'annotation', name: 'progress', value: '{"n": 1}', ordinal: 1 };

  it('becomes an attribute once', () => {
    const first = step(workflowState(), { kind: 'asked', ask: annotation, roll: 0 });
    expect(attributesOf(first)).toEqual({ progress: { n: 1 } });
    const again = step(workflowState(), { kind: 'asked', ask: annotation, roll: 0 }, recordedBy(first));
    expect(attributesOf(again)).toEqual({});
    expect(commands(again, 'answer')).toHaveLength(1);
  });
});
