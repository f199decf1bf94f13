import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '#main/engine/events.ts';
import type { JobObservation, RuleFinding } from '#main/engine/ports.ts';
import { jobTransition } from '#main/engine/transitions/job.ts';
import { stopRule, type StopRuleInput } from '#shared/process/stop-rules.ts';
import {
  attributesOf,
  commands,
  effectsOf,
  ended,
  facts,
  hash,
  jobAfter,
  jobState,
  running,
  spec,
} from './samples.ts';

const now = 1_000_000;
const step = (state: Parameters<typeof jobTransition>[0], event: EngineEvent) =>
  jobTransition(state, event, now, spec());
const rule = (more: Partial<StopRuleInput> = {}) =>
  stopRule.parse({
    kind: 'value',
    file: 'aiida.out',
    pattern: { kind: 'words', text: 'E =' },
    compare: '>',
    limit: 5,
    times: 3,
    ...more,
  });
const finding = (more: Partial<RuleFinding> = {}): RuleFinding => ({
  rule: rule(),
  value: '7',
  line: 'E = 7 eV',
  ...more,
});
const observed = (observation: JobObservation): EngineEvent => ({ kind: 'observed', observation });
const met = (more: Partial<RuleFinding> = {}): EngineEvent =>
  observed({ kind: 'rule-met', finding: finding(more) });
const endedBy = (
  cause: Extract<JobObservation, { kind: 'ended' }>['cause'],
  exitStatus?: number,
): EngineEvent => observed({ kind: 'ended', cause, facts: facts('done', { exitStatus }) });
const retrieved: EngineEvent = { kind: 'retrieved', files: [{ path: 'out', hash, size: 1 }], unmatched: [] };
const message =
  'Stopped by a rule: the number after “E =” in aiida.out is greater than 5, 3 times in a row. It read 7 in “E = 7 eV”.';

const stopped = (more: Partial<RuleFinding> = {}) => {
  const asked = step(running({ rules: [rule()] }), met(more));
  const told = step(jobAfter(asked), { kind: 'cancelled' });
  return { asked, told };
};

describe('a job whose rule is fulfilled', () => {
  it('is cancelled at the scheduler, with what was read in its provenance', () => {
    const { asked } = stopped();
    expect(effectsOf(asked)).toEqual(['cancel']);
    expect(commands(asked, 'drop-effects')).toHaveLength(1);
    expect(jobAfter(asked).activity.words).toBe('being stopped by a rule');
    expect(attributesOf(asked)['stopped_by']).toEqual({
      rule: 'the number after “E =” in aiida.out is greater than 5, 3 times in a row',
      value: '7',
      line: 'E = 7 eV',
      time: new Date(now).toISOString(),
    });
    expect(commands(asked, 'log')[0]).toMatchObject({ level: 'REPORT' });
  });

  it('is watched until it has ended, retrieved and parsed, and finishes with 150 and the rule in words', () => {
    const { told } = stopped();
    expect(effectsOf(told)).toEqual(['watch']);
    const over = step(jobAfter(told), endedBy('cancelled', 143));
    expect(effectsOf(over)).toEqual(['retrieve']);
    const back = step(jobAfter(over), retrieved);
    expect(effectsOf(back)).toEqual(['parse']);
    const parsed = step(jobAfter(back), { kind: 'ran', outcome: { kind: 'outputs', outputs: {} } });
    expect(attributesOf(parsed)).toMatchObject({ exit_status: 150, exit_message: message });
    expect(ended(parsed)).toBe(true);
  });

  it.each([
    { kind: 'exit', status: 310, message: 'No energies.', outputs: {} },
    { kind: 'threw', error: 'Error: cut off', stack: 'Error: cut off\n at parse' },
    { kind: 'stopped', why: 'time', message: 'The parser took too long.' },
  ] as const)('keeps the rule as its reason where the parser ends with $kind', (outcome) => {
    const over = step(jobAfter(stopped().told), endedBy('cancelled'));
    const parsed = step(jobAfter(step(jobAfter(over), retrieved)), { kind: 'ran', outcome });
    expect(attributesOf(parsed)).toMatchObject({ process_state: 'finished', exit_status: 150 });
    expect(commands(parsed, 'log')[0]?.level).toBe('WARNING');
  });

  it('is neither parsed nor retrieved where its rule says so', () => {
    const kept = step(jobAfter(stopped({ rule: rule({ after: 'retrieve' }) }).told), endedBy('cancelled'));
    const back = step(jobAfter(kept), retrieved);
    expect(commands(back, 'create')).toHaveLength(1);
    expect(attributesOf(back)).toMatchObject({ exit_status: 150 });
    const left = step(jobAfter(stopped({ rule: rule({ after: 'nothing' }) }).told), endedBy('cancelled'));
    expect(effectsOf(left)).toEqual([]);
    expect(attributesOf(left)).toMatchObject({ exit_status: 150 });
  });

  it('has its own end where it had ended well before it could be stopped', () => {
    const over = step(jobAfter(stopped().told), endedBy('done', 0));
    expect(attributesOf(over)).toMatchObject({ stopped_by: undefined });
    const parsed = step(jobAfter(step(jobAfter(over), retrieved)), {
      kind: 'ran',
      outcome: { kind: 'outputs', outputs: {} },
    });
    expect(attributesOf(parsed)).toMatchObject({ exit_status: 0 });
  });

  it.each([
    ['memory', 110],
    ['walltime', 120],
    ['node-failure', 140],
  ] as const)('has its own end where the scheduler says that it ended of %s', (cause, exit_status) => {
    for (const decision of [stopped().asked, stopped().told]) {
      const over = step(jobAfter(decision), endedBy(cause));
      expect(attributesOf(over)).toMatchObject({ stopped_by: undefined });
      expect(jobAfter(over).stopping).toBeUndefined();
      const parsed = step(jobAfter(step(jobAfter(over), retrieved)), {
        kind: 'ran',
        outcome: { kind: 'outputs', outputs: {} },
      });
      expect(attributesOf(parsed)).toMatchObject({ exit_status });
    }
  });

  it('has its own exit status unless it may be what the job made of being cancelled', () => {
    const parsed = (decision: Parameters<typeof jobAfter>[0]) => {
      const back = step(jobAfter(step(jobAfter(decision), endedBy('done', 3))), retrieved);
      const exit = { kind: 'exit', status: 310, message: 'No energies.', outputs: {} } as const;
      return attributesOf(step(jobAfter(back), { kind: 'ran', outcome: exit }));
    };
    expect(parsed(stopped().asked)).toMatchObject({ exit_status: 310 });
    expect(parsed(stopped().told)).toMatchObject({ exit_status: 150 });
  });

  it.each(['cancelled', 'fence', 'unknown'] as const)(
    'was stopped by its rule where it ended as %s',
    (cause) => {
      for (const decision of [stopped().asked, stopped().told]) {
        const over = step(jobAfter(decision), endedBy(cause));
        expect(jobAfter(over).end?.schedulerExit?.status).toBe(150);
      }
    },
  );

  it('is asked for again where the computer did not answer', () => {
    const error = { family: 'operational', code: 'timeout', message: 'No answer.' } as const;
    const failed = step(jobAfter(stopped().asked), { kind: 'failed', error, roll: 0.5 });
    expect(effectsOf(failed)).toEqual(['cancel']);
    const told = step(jobAfter(failed), { kind: 'cancelled' });
    expect(jobAfter(told).retry).toBeNull();
    const later = step(jobAfter(told), { kind: 'failed', error, roll: 0.5 });
    expect(effectsOf(later)).toEqual(['watch']);
  });

  it('is stopped as its twin where that turns out to be the one that runs', () => {
    const stopping = { ...finding(), since: 1, told: true };
    const decision = step(running({ stopping }), observed({ kind: 'twin', jobId: '41' }));
    expect(effectsOf(decision)).toEqual(['cancel']);
    expect(jobAfter(decision)).toMatchObject({ jobId: '41', stopping: { told: false } });
  });

  it('is killed by a person all the same', () => {
    const kill = step(jobAfter(stopped().told), { kind: 'kill', by: 'a person' });
    expect(effectsOf(kill)).toEqual(['cancel']);
    expect(attributesOf(step(jobAfter(kill), { kind: 'cancelled' }))).toMatchObject({
      process_state: 'killed',
    });
  });

  it('is not stopped again, nor when it is being killed, lost, or over', () => {
    const states = [
      jobAfter(stopped().asked),
      running({ killing: true }),
      running({ lost: 'gone' }),
      running({ phase: 'retrieve' }),
    ];
    for (const state of states) expect(step(state, met())).toEqual({ state, commands: [] });
  });
});

describe('rules that a person sets', () => {
  const set = (rules: readonly ReturnType<typeof rule>[]): EngineEvent => ({
    kind: 'set-rules',
    rules,
    by: 'A person',
  });

  it('are taken up by who watches, and stand in the provenance and in the log', () => {
    const decision = step(running(), set([rule()]));
    expect(effectsOf(decision)).toEqual(['watch']);
    expect(jobAfter(decision).rules).toEqual([rule()]);
    expect(attributesOf(decision)['stop_rules']).toMatchObject([{ kind: 'value', limit: 5 }]);
    expect(commands(decision, 'log')[0]?.message).toContain('greater than 5');
    const none = step(jobAfter(decision), set([]));
    expect(attributesOf(none)).toEqual({ stop_rules: undefined });
  });

  it('wait with a job that does not run yet, and come too late for one that has ended', () => {
    expect(effectsOf(step(jobState({ phase: 'upload' }), set([rule()])))).toEqual([]);
    const over = running({ phase: 'parse' });
    expect(step(over, set([rule()]))).toEqual({ state: over, commands: [] });
  });
});
