import { describe, expect, it } from 'vitest';
import type { EngineEvent, ReadyAsk } from '#main/engine/events.ts';
import type { WorkflowState } from '#main/engine/state.ts';
import { describe as describeState, withStep } from '#main/engine/transitions/workflow-state.ts';
import { workflowTransition } from '#main/engine/transitions/workflow.ts';
import { fingerprint } from '#main/workflows/fingerprint.ts';
import { readStep, type StepRecordOf } from '#main/workflows/steps.ts';
import {
  attributesOf,
  commands,
  effectsOf,
  ended,
  nodeId,
  spec,
  workflowAfter,
  workflowState,
} from './samples.ts';

const now = 50_000;
const step = (state = workflowState(), event: EngineEvent, recorded: StepRecordOf | null = null) =>
  workflowTransition(state, event, now, spec({ kind: 'workflow' }), recorded);
const asked = (ask: ReadyAsk): EngineEvent => ({ kind: 'asked', ask, roll: 0.25 });

const x = { nodeType: 'data.core.int.Int.', attributes: '{"value": 3}', label: '', files: [] };
const call: Extract<ReadyAsk, { kind: 'call' }> = {
  kind: 'call',
  label: 'add',
  plugin: 'core.arithmetic.add',
  inputs: { x },
  nodeLabel: '',
  description: '',
  computer: null,
  options: '',
};
const recordedCall: StepRecordOf = {
  kind: 'call',
  plugin: call.plugin,
  fingerprint: fingerprint(call.plugin, call.inputs),
  words: 'core.arithmetic.add (x = Int 3)',
  child: nodeId(7),
};

describe('a step that the code asks for', () => {
  it('is started when nothing is recorded under its label', () => {
    expect(commands(step(undefined, asked(call)), 'start-step')).toEqual([{ kind: 'start-step', ask: call }]);
  });

  it('is waited for when it was started and has not ended', () => {
    const waiting = withStep(workflowState(), 'add', nodeId(7), now);
    expect(step(waiting, asked(call), recordedCall).commands).toEqual([]);
  });

  it('is answered from the record when it has ended', () => {
    const decision = step(undefined, asked(call), recordedCall);
    expect(commands(decision, 'answer')).toEqual([
      { kind: 'answer', label: 'add', order: 1, answer: { kind: 'process', process: 7 } },
    ]);
    expect(commands(decision, 'start-step')).toEqual([]);
  });

  it.each([
    ['another process', { ...call, plugin: 'core.arithmetic.multiply' }],
    ['another input', { ...call, inputs: { x: { ...x, attributes: '{"value": 4}' } } }],
    ['something that is no process', { kind: 'now', label: 'add' } as const],
  ])('pauses the workflow when it would now be %s', (_, ask) => {
    const decision = step(undefined, asked(ask), recordedCall);
    expect(workflowAfter(decision).changed).not.toBeNull();
    expect(attributesOf(decision)['paused']).toBe(true);
    expect(commands(decision, 'answer')).toEqual([]);
    expect(workflowAfter(decision).activity.words).toBe('paused: code changed');
  });

  it('is not heard while the workflow is paused', () => {
    expect(step(workflowState({ paused: true }), asked(call)).commands).toEqual([]);
  });
});

describe('time and chance in a workflow', () => {
  it('are recorded once and recalled afterwards', () => {
    const first = step(undefined, asked({ kind: 'now', label: 'start' }));
    expect(commands(first, 'record-step')[0]?.record).toBe(
      JSON.stringify({ kind: 'number', value: now, of: 'now', order: 1 }),
    );
    const again = step(undefined, asked({ kind: 'now', label: 'start' }), { kind: 'number', value: 17 });
    expect(commands(again, 'answer')[0]?.answer).toEqual({ kind: 'number', value: 17 });
    expect(commands(step(undefined, asked({ kind: 'random', label: 'r' })), 'answer')[0]?.answer).toEqual({
      kind: 'number',
      value: 0.25,
    });
  });

  it('are not taken for each other, and a number of before its kind was recorded is taken for either', () => {
    const first = step(undefined, asked({ kind: 'now', label: 'x' }));
    const recorded = readStep(commands(first, 'record-step')[0]?.record ?? '');
    const other = step(undefined, asked({ kind: 'random', label: 'x' }), recorded);
    expect(workflowAfter(other).changed).toEqual({ label: 'x', recorded: 'now', asked: 'random' });
    expect(commands(other, 'answer')).toEqual([]);
    for (const kind of ['now', 'random'] as const) {
      const old = step(undefined, asked({ kind, label: 'x' }), { kind: 'number', value: 17 });
      expect(commands(old, 'answer')[0]?.answer).toEqual({ kind: 'number', value: 17 });
    }
  });

  it('of a former run are taken over where they are chance', () => {
    const resumed = (of: 'now' | 'random') =>
      workflowTransition(
        workflowState(),
        asked({ kind: 'random', label: 'x' }),
        now,
        spec({ kind: 'workflow' }),
        null,
        { step: { kind: 'number', value: 0.75, of } },
      );
    expect(commands(resumed('random'), 'answer')[0]?.answer).toEqual({ kind: 'number', value: 0.75 });
    expect(commands(resumed('now'), 'answer')[0]?.answer).toEqual({ kind: 'number', value: 0.25 });
  });

  it('lets a pause end at the time that was recorded, however often the code runs again', () => {
    const first = step(undefined, asked({ kind: 'sleep', label: 'rest', ms: 1000 }));
    expect(effectsOf(first)).toEqual(['wake']);
    expect(commands(first, 'effect')[0]?.notBefore).toBe(now + 1000);
    const early = step(undefined, asked({ kind: 'sleep', label: 'rest', ms: 1000 }), {
      kind: 'sleep',
      until: now + 5,
    });
    expect(early.commands).toEqual([]);
    const late = step(undefined, asked({ kind: 'sleep', label: 'rest', ms: 1000 }), {
      kind: 'sleep',
      until: now,
    });
    expect(commands(late, 'answer')).toHaveLength(1);
  });

  it('writes a report once', () => {
    const ask = { kind: 'report', message: 'hello', ordinal: 1 } as const;
    expect(commands(step(undefined, asked(ask)), 'log')[0]).toMatchObject({
      level: 'REPORT',
      message: 'hello',
    });
    expect(commands(step(undefined, asked(ask), { kind: 'report' }), 'log')).toEqual([]);
  });
});

describe('the end of a workflow', () => {
  const outputs = { result: '00000000-0000-4000-8000-000000000005' as never };

  it('returns its outputs', () => {
    const decision = step(undefined, { kind: 'workflow-ended', outcome: { kind: 'outputs', outputs } });
    expect(commands(decision, 'return')).toEqual([{ kind: 'return', label: 'result', data: outputs.result }]);
    expect(attributesOf(decision)).toMatchObject({ process_state: 'finished', exit_status: 0 });
  });

  it('says so when a required output is missing', () => {
    const required = spec({
      kind: 'workflow',
      outputs: {
        kind: 'namespace',
        required: true,
        help: '',
        ports: { result: { kind: 'port', types: ['data'], required: true, help: '' } },
      },
    });
    const event = { kind: 'workflow-ended', outcome: { kind: 'outputs', outputs: {} } } as const;
    const decision = workflowTransition(workflowState(), event, now, required, null);
    expect(attributesOf(decision)).toMatchObject({ exit_status: 11 });
  });

  const outcome = { kind: 'outputs', outputs: {} } as const;
  it.each<readonly [string, EngineEvent]>([
    ['ends', { kind: 'workflow-ended', outcome }],
    ['ends and leaves out a step', { kind: 'unasked', label: 'add', instead: 'left out', ended: true }],
  ])('waits while it is paused: code that %s runs again when it plays', (_, event) => {
    const decision = step(workflowState({ paused: true }), event, recordedCall);
    expect(ended(decision)).toBe(false);
    expect(effectsOf(decision)).toEqual(['workflow']);
    expect(workflowAfter(decision).changed).toBeNull();
  });

  it('is not looked for a second time while the code of a paused workflow only waits', () => {
    const event = { kind: 'unasked', label: 'add', instead: 'left out' } as const;
    expect(effectsOf(step(workflowState({ paused: true }), event, recordedCall))).toEqual([]);
  });

  it('reaches every child when a person kills it, and waits until they have ended', () => {
    const waiting = withStep(withStep(workflowState(), 'a', nodeId(7), now), 'b', nodeId(8), now);
    const killing = step(waiting, { kind: 'kill', by: 'a person' });
    expect(commands(killing, 'tell').map(({ process }) => process)).toEqual([7, 8]);
    const one = step(workflowAfter(killing), { kind: 'child-ended', label: 'a', child: nodeId(7) });
    expect(ended(one)).toBe(false);
    const both = step(workflowAfter(one), { kind: 'child-ended', label: 'b', child: nodeId(8) });
    expect(attributesOf(both)).toMatchObject({
      process_state: 'killed',
      process_status: 'Killed by a person',
    });
  });

  it('tells each step who killed it, and through whom, however deep that is', () => {
    const waiting = withStep(workflowState(), 'a', nodeId(7), now);
    const [told] = commands(step(waiting, { kind: 'kill', by: 'Ada' }), 'tell');
    expect(told?.event).toEqual({ kind: 'kill', by: 'Ada, with the workflow that called it' });
    const [below] = commands(step(waiting, told?.event as EngineEvent), 'tell');
    expect(below?.event).toEqual(told?.event);
  });

  it('counts its steps in words of their number', () => {
    const one = withStep(workflowState(), 'a', nodeId(7), now);
    const two = withStep(one, 'b', nodeId(8), now);
    const reason = (state: WorkflowState): string =>
      workflowAfter(step(state, { kind: 'kill', by: 'Ada' })).activity.reason;
    expect([reason(one), reason(two)]).toEqual(['1 step is being killed', '2 steps are being killed']);
    expect(describeState({ ...two, finished: 1 }, now).activity.reason).toBe('1 step done');
    expect(describeState({ ...two, finished: 2 }, now).activity.reason).toBe('2 steps done');
    const over = step(one, { kind: 'workflow-ended', outcome });
    expect(workflowAfter(over).activity.reason).toBe('its code has ended, this step still runs');
    expect(commands(over, 'log')[0]?.message).toMatch(
      /while this step still runs: a\. The workflow ends when it has\.$/,
    );
  });
});
