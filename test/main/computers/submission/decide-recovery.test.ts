import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobFacts } from '#main/engine/ports.ts';
import type { FoundJob, Submission } from '#main/computers/schedulers/scheduler.ts';
import {
  decideRecovery,
  type LookUpState,
  type RecoveryFacts,
} from '#main/computers/submission/decide-recovery.ts';

const facts = (state: JobFacts['state']): JobFacts => ({ state, schedulerState: state, reason: '' });
const job = (jobId: string, state: JobFacts['state'] = 'queued'): FoundJob => ({
  jobId,
  facts: facts(state),
});

const begun: NonNullable<RecoveryFacts['submission']> = {
  exitCode: null,
  stdout: '',
  stderr: '',
  wrapper: 'dead',
  ageSeconds: 30,
};
const ended = { ...begun, exitCode: 1, wrapper: 'ended' as const };

const base: RecoveryFacts = {
  directory: true,
  submission: null,
  fence: null,
  done: false,
  fresh: false,
  said: null,
  lookUp: { kind: 'not-asked' },
  revoked: false,
  untried: false,
};

const lookUpMs = 90_000;
const decide = (change: Partial<RecoveryFacts>) => decideRecovery({ ...base, ...change }, lookUpMs);
const complete = (jobs: readonly FoundJob[], emptyForMs = 0, forgets: string | null = null): LookUpState => ({
  kind: 'complete',
  jobs,
  forgets,
  emptyForMs,
});

describe('of an attempt that may have been submitted', () => {
  test('nothing was begun: it is submitted', () => {
    expect(decide({})).toEqual({ kind: 'submit' });
  });

  test('the receipt has a job id: it is adopted', () => {
    const said: Submission = { kind: 'accepted', jobId: '12' };
    expect(decide({ submission: { ...ended, exitCode: 0 }, said })).toEqual({
      kind: 'adopt',
      jobId: '12',
      cancel: [],
    });
  });

  test('the receipt is a refusal: it is told', () => {
    const said: Submission = { kind: 'refused', message: 'Invalid account', account: true };
    expect(decide({ submission: ended, said })).toEqual(said);
  });

  test.each(['held', 'down', 'missing'] as const)(
    'the receipt says “%s”, so nothing was accepted: it is tried again',
    (kind) => {
      const said: Submission = { kind, message: 'later' };
      expect(decide({ submission: ended, said })).toEqual({ kind: 'submit-again', why: said });
    },
  );

  test('the receipt leaves it open: it is looked for', () => {
    const said: Submission = { kind: 'ambiguous', message: 'Socket timed out' };
    expect(decide({ submission: ended, said })).toEqual({ kind: 'look-up' });
  });

  test('there is no receipt, and the submission is under way: it is waited for', () => {
    expect(decide({ submission: { ...begun, wrapper: 'alive' } })).toMatchObject({ kind: 'wait' });
  });

  test('there is no receipt, and what seems under way is too old to be: it is looked for', () => {
    expect(decide({ submission: { ...begun, wrapper: 'alive', ageSeconds: 1000 } })).toEqual({
      kind: 'look-up',
    });
  });

  test.each(['dead', 'elsewhere'] as const)(
    'there is no receipt and its wrapper is %s: it is looked for',
    (wrapper) => {
      expect(decide({ submission: { ...begun, wrapper } })).toEqual({ kind: 'look-up' });
    },
  );

  test('the scheduler cannot be asked: it is not known, and never submitted again', () => {
    const lookUp: LookUpState = { kind: 'unavailable', message: 'Slurm does not answer' };
    expect(decide({ submission: begun, lookUp })).toMatchObject({ kind: 'wait' });
  });

  test('one job has its name: it is adopted', () => {
    expect(decide({ submission: begun, lookUp: complete([job('12')]) })).toEqual({
      kind: 'adopt',
      jobId: '12',
      cancel: [],
    });
  });

  test('two jobs have its name and one runs: that is adopted, and the one that waits is cancelled', () => {
    const lookUp = complete([job('12'), job('13', 'running'), job('14', 'queued held')]);
    expect(decide({ submission: begun, lookUp })).toEqual({
      kind: 'adopt',
      jobId: '13',
      cancel: ['12', '14'],
    });
  });

  test('two jobs have its name and both wait: the older is adopted', () => {
    expect(decide({ submission: begun, lookUp: complete([job('113'), job('12')]) })).toEqual({
      kind: 'adopt',
      jobId: '12',
      cancel: ['113'],
    });
  });

  test('a job holds its fence: that is adopted, whatever else is known', () => {
    for (const lookUp of [complete([job('14')]), { kind: 'not-asked' } as const]) {
      expect(decide({ submission: begun, fence: '13', lookUp })).toEqual({
        kind: 'adopt',
        jobId: '13',
        cancel: [],
      });
    }
  });

  test.each([
    ['123', '123;cm2', '123;cm2'],
    ['123', '123', '123'],
    // a second job of the attempt that got the fence came the same way as the one of the receipt
    ['124', '123;cm2', '124;cm2'],
    ['124', '123', '124'],
  ])('job %s holds its fence and the receipt says %s: %s is adopted, which tells its cluster', (...words) => {
    const [fence, receipt, jobId] = words;
    const said: Submission = { kind: 'accepted', jobId: receipt };
    expect(decide({ submission: { ...ended, exitCode: 0 }, fence, said })).toEqual({
      kind: 'adopt',
      jobId,
      cancel: [],
    });
  });

  test('no job has its name: it is looked for once more after a while', () => {
    expect(decide({ submission: begun, lookUp: complete([]) })).toMatchObject({ kind: 'wait' });
    expect(decide({ submission: begun, lookUp: complete([], lookUpMs - 1) })).toMatchObject({
      kind: 'wait',
    });
  });

  test('no job had its name then and none has it now: it is revoked', () => {
    expect(decide({ submission: begun, lookUp: complete([], lookUpMs) })).toEqual({ kind: 'revoke' });
  });

  test('it was revoked: a new attempt may be made', () => {
    expect(decide({ submission: begun, fence: 'revoked-token', revoked: true })).toMatchObject({
      kind: 'void',
    });
  });

  test('its directory is gone: it is looked for, and only then void', () => {
    expect(decide({ directory: false })).toEqual({ kind: 'look-up' });
    expect(decide({ directory: false, lookUp: complete([job('12')]) })).toMatchObject({
      kind: 'adopt',
      jobId: '12',
    });
    expect(decide({ directory: false, lookUp: complete([]) })).toMatchObject({ kind: 'wait' });
    expect(decide({ directory: false, lookUp: complete([], lookUpMs) })).toMatchObject({ kind: 'void' });
  });

  test('its directory is gone, and nobody remembers jobs that have ended: a person decides', () => {
    const forgotten = (emptyForMs: number): LookUpState => complete([], emptyForMs, 'it forgets');
    expect(decide({ directory: false, lookUp: forgotten(lookUpMs - 1) })).toMatchObject({ kind: 'wait' });
    expect(decide({ directory: false, lookUp: forgotten(lookUpMs) })).toMatchObject({
      kind: 'vanished',
      message: expect.stringMatching(/: it forgets\.$/),
    });
    expect(decide({ submission: begun, lookUp: forgotten(lookUpMs) })).toEqual({ kind: 'revoke' });
  });

  test('its directory is gone, and no submission was begun before: it is void at once', () => {
    expect(decide({ directory: false, untried: true })).toMatchObject({ kind: 'void' });
  });
});

test('whatever is known, only a revoked attempt is void, or one without a directory that was never begun or would be remembered, and only one that was never begun or surely refused is submitted', () => {
  const said = fc.constantFrom<Submission | null>(
    null,
    { kind: 'accepted', jobId: '1' },
    { kind: 'accepted', jobId: '12;cm2' },
    { kind: 'refused', message: '', account: false },
    { kind: 'held', message: '' },
    { kind: 'down', message: '' },
    { kind: 'missing', message: '' },
    { kind: 'ambiguous', message: '' },
  );
  const state = fc.constantFrom<JobFacts['state']>(
    'queued',
    'queued held',
    'running',
    'suspended',
    'done',
    'undetermined',
  );
  const found = fc.array(fc.record({ jobId: fc.nat(99).map(String), facts: state.map(facts) }), {
    maxLength: 3,
  });
  const lookUp = fc.oneof(
    fc.constant<LookUpState>({ kind: 'not-asked' }),
    fc.constant<LookUpState>({ kind: 'unavailable', message: '' }),
    fc.record({
      kind: fc.constant('complete' as const),
      jobs: found,
      forgets: fc.constantFrom(null, 'it forgets'),
      emptyForMs: fc.nat(200_000),
    }),
  );
  const submission = fc.option(
    fc.record({
      exitCode: fc.option(fc.nat(255)),
      stdout: fc.constant(''),
      stderr: fc.constant(''),
      wrapper: fc.constantFrom('alive' as const, 'dead' as const, 'elsewhere' as const, 'ended' as const),
      ageSeconds: fc.option(fc.nat(3000)),
    }),
  );
  const any = fc.record({
    directory: fc.boolean(),
    submission,
    fence: fc.option(fc.constantFrom('12', '')),
    done: fc.boolean(),
    fresh: fc.boolean(),
    said,
    lookUp,
    revoked: fc.boolean(),
    untried: fc.boolean(),
  });
  fc.assert(
    fc.property(any, (given) => {
      const decision = decideRecovery(given, lookUpMs);
      if (decision.kind === 'void') {
        const remembered = given.lookUp.kind === 'complete' && given.lookUp.forgets === null;
        expect(given.revoked || (!given.directory && (given.untried || remembered))).toBe(true);
      }
      if (decision.kind === 'submit') expect(given.submission).toBeNull();
      if (decision.kind === 'submit-again') expect(['held', 'down', 'missing']).toContain(given.said?.kind);
      if (given.fence === '12' && !given.revoked)
        expect(decision).toMatchObject({ kind: 'adopt', jobId: expect.stringMatching(/^12(;cm2)?$/) });
    }),
    { numRuns: 5000 },
  );
});
