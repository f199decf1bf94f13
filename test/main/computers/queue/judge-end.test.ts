import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobFacts } from '#main/engine/ports.ts';
import type { Accounted } from '#main/computers/schedulers/scheduler.ts';
import { judgeEnd, type EndEvidence } from '#main/computers/queue/judge-end.ts';

const patience = { notesMs: 60_000, accountingMs: 600_000, accountingDownMs: 3_600_000 };
const running: JobFacts = {
  state: 'running',
  schedulerState: 'RUNNING',
  reason: '',
  nodes: 'n1',
  started: 1000,
};
const final = (word: string): JobFacts => ({ state: 'done', schedulerState: word, reason: '', ended: 9000 });

const note = (exitStatus: number, jobId = '12') => ({
  exitStatus,
  jobId,
  started: 2000,
  ended: 8000,
  host: 'n1',
});

const base: EndEvidence = {
  jobId: '12',
  lastSeen: running,
  listed: null,
  lastFinal: null,
  notes: { directory: true, fence: '12', done: null, cancelled: false },
  accounted: null,
  answeredForMs: 9e6,
  keepsAccounts: true,
  strayed: false,
  goneForMs: 0,
  finalForMs: 0,
  absences: 1,
};

const judge = (change: Partial<EndEvidence>, notes: Partial<EndEvidence['notes']> = {}) =>
  judgeEnd({ ...base, ...change, notes: { ...base.notes, ...notes } }, patience);

const ended = (cause: string, facts: object = {}) => ({
  kind: 'observation',
  observation: { kind: 'ended', cause, facts: expect.objectContaining({ state: 'done', ...facts }) },
});

describe('a job that is not in the queue any more', () => {
  test('and left a note has ended; why, accounting is asked', () => {
    for (const exitStatus of [0, 143]) {
      expect(judge({}, { done: note(exitStatus) }).kind).toBe('ask-accounting');
      const accounted: Accounted = { kind: 'final', facts: final('TIMEOUT'), cause: 'walltime' };
      expect(judge({ accounted }, { done: note(exitStatus) })).toEqual(
        ended('walltime', { exitStatus, schedulerState: 'TIMEOUT', started: 2000, nodes: undefined }),
      );
    }
    expect(judge({ accounted: { kind: 'absent' } }, { done: note(0) })).toEqual(
      ended('done', { exitStatus: 0, started: 2000, ended: 8000, nodes: 'n1' }),
    );
  });

  test('and noted that a signal ended it may be on its way back into the queue', () => {
    const done = note(143);
    for (const accounted of [
      { kind: 'absent' },
      { kind: 'active', facts: running, confirmed: false },
    ] as const) {
      expect(judge({ accounted, goneForMs: 599_000, absences: 9 }, { done }).kind).toBe('wait');
      expect(judge({ accounted, goneForMs: 900_000, absences: 2 }, { done }).kind).toBe('wait');
      expect(judge({ accounted, goneForMs: 600_000, absences: 3 }, { done })).toEqual(
        ended('done', { exitStatus: 143 }),
      );
    }
    expect(judge({ accounted: { kind: 'absent' } }, { done, cancelled: true })).toEqual(ended('cancelled'));
  });

  test('and left a note has ended, though accounting lags behind', () => {
    const accounted: Accounted = { kind: 'active', facts: running, confirmed: false };
    expect(judge({ accounted }, { done: note(0) }).kind).toBe('wait');
    expect(judge({ accounted, goneForMs: 60_000 }, { done: note(0) })).toEqual(ended('done'));
  });

  test('without a note has not ended because it is missing once, or twice', () => {
    expect(judge({}).kind).toBe('wait');
    expect(judge({ absences: 2 }).kind).toBe('ask-accounting');
    expect(judge({ absences: 2, accounted: { kind: 'absent' } }).kind).toBe('wait');
  });

  test('but active by accounting is alive', () => {
    expect(judge({ absences: 5, accounted: { kind: 'active', facts: running, confirmed: false } })).toEqual({
      kind: 'alive',
      facts: running,
      confirmed: false,
    });
  });

  test('and is active by accounting alone, while the controller does not know it, is lost after an hour', () => {
    const booked = { kind: 'runaway', facts: running } as const;
    const hour = { accounted: { ...booked, forMs: 3_600_000 }, absences: 3, goneForMs: 3_600_000 };
    expect(judge(hour)).toMatchObject({
      observation: {
        kind: 'lost',
        message: expect.stringContaining('accounting still shows it as RUNNING'),
        found: expect.arrayContaining([{ name: 'Controller', value: expect.stringContaining('restart') }]),
      },
    });
    // the books may lag behind
    expect(judge({ ...hour, accounted: { ...booked, forMs: 3_599_999 } }).kind).toBe('wait');
    expect(judge({ ...hour, absences: 2 }).kind).toBe('wait');
    // its own note says more than both
    expect(judge({ ...hour, goneForMs: 59_000 }, { done: note(0) }).kind).toBe('wait');
    expect(judge({ ...hour, goneForMs: 60_000 }, { done: note(3) })).toEqual(
      ended('done', { exitStatus: 3 }),
    );
    expect(judge({ ...hour, goneForMs: 599_000 }, { done: note(143) }).kind).toBe('wait');
    // that it is over is what we wished
    expect(judge({ ...hour, goneForMs: 599_000 }, { cancelled: true }).kind).toBe('wait');
    expect(judge({ ...hour, goneForMs: 600_000 }, { cancelled: true })).toEqual(ended('cancelled'));
    const lastFinal = { facts: final('TIMEOUT'), cause: 'walltime' } as const;
    expect(judge({ ...hour, lastFinal, finalForMs: 60_000 })).toEqual(ended('walltime'));
  });

  test.each([
    ['TIMEOUT', 'walltime'],
    ['OUT_OF_MEMORY', 'memory'],
    ['CANCELLED', 'cancelled'],
  ] as const)('and is %s by accounting has ended: %s', (word, cause) => {
    const accounted: Accounted = { kind: 'final', facts: final(word), cause };
    expect(judge({ absences: 2, accounted })).toEqual(
      ended(cause, { schedulerState: word, exitStatus: undefined }),
    );
  });

  test('and that nobody knows is lost after a while, for a person to decide', () => {
    const evidence = { absences: 9, accounted: { kind: 'absent' } as const, goneForMs: 600_000 };
    expect(judge(evidence)).toMatchObject({ observation: { kind: 'lost', facts: running } });
    // right after a time in which accounting was down it has not heard of it yet
    const heard = { ...evidence, answeredForMs: 599_999 };
    expect(judge(heard).kind).toBe('wait');
    expect(judge(heard, { done: note(143) }).kind).toBe('wait');
    expect(judge(evidence, { directory: false })).toMatchObject({
      observation: { message: expect.stringContaining('work directory is gone') },
    });
    expect(judge({ ...evidence, lastSeen: null })).toMatchObject({
      observation: { kind: 'lost', facts: { state: 'undetermined' } },
    });
  });

  test('and that we had cancelled was cancelled', () => {
    expect(judge({ absences: 2, accounted: { kind: 'absent' } }, { cancelled: true })).toEqual(
      ended('cancelled'),
    );
  });
});

describe('a job that has left the queue while accounting cannot be asked', () => {
  const silent = (minutes: number, asked = true): Partial<EndEvidence> => ({
    accounted: {
      kind: 'unreachable',
      message: 'Connection refused',
      since: 4000,
      asked,
      forMs: minutes * 60_000,
    },
    absences: 3,
    goneForMs: minutes * 60_000,
  });
  const unaccounted = (noted: boolean) => ({
    kind: 'unaccounted',
    silence: { message: 'Connection refused', since: 4000, noted },
  });
  const bySilence = (cause: string, exitStatus?: number) => ({
    kind: 'observation',
    observation: {
      kind: 'ended',
      cause,
      silentSince: 4000,
      facts: expect.objectContaining({ exitStatus }),
    },
  });

  test('and left no note waits, however long: it is neither done nor lost', () => {
    for (const minutes of [0, 10, 60, 60 * 24 * 30]) {
      expect(judge({ ...silent(minutes) })).toEqual(unaccounted(false));
    }
  });

  test('and noted an exit code of 0 is done after a minute, by its note', () => {
    const done = note(0);
    expect(judge({ ...silent(0.99) }, { done })).toEqual(unaccounted(true));
    for (const asked of [true, false])
      expect(judge({ ...silent(1, asked) }, { done })).toEqual(bySilence('done', 0));
  });

  test.each([1, 128, 143])(
    'and noted exit code %i, whose reason accounting knows, waits for an hour',
    (code) => {
      const done = note(code);
      expect(judge({ ...silent(59.9) }, { done })).toEqual(unaccounted(true));
      expect(judge({ ...silent(60) }, { done })).toEqual(bySilence('done', code));
      // counted from the first question about it that was in vain
      expect(judge({ ...silent(1), goneForMs: 9e9 }, { done })).toEqual(unaccounted(true));
      // not by what accounting did not say a while ago
      expect(judge({ ...silent(70, false) }, { done })).toEqual(unaccounted(true));
      expect(judge({ ...silent(70), absences: 2 }, { done })).toEqual(unaccounted(true));
    },
  );

  test('and that we had cancelled ends as we wished: by its note soon, without one when it is surely gone', () => {
    expect(judge({ ...silent(1) }, { done: note(143), cancelled: true })).toEqual(
      bySilence('cancelled', 143),
    );
    expect(judge({ ...silent(9) }, { cancelled: true })).toEqual(unaccounted(false));
    expect(judge({ ...silent(10) }, { cancelled: true })).toEqual(bySilence('cancelled'));
    expect(judge({ ...silent(10), absences: 2 }, { cancelled: true })).toEqual(unaccounted(false));
  });

  test('ended as the queue showed it before it left, where it did', () => {
    const lastFinal = { facts: final('TIMEOUT'), cause: 'walltime' } as const;
    for (const done of [null, note(143)])
      expect(judge({ ...silent(1), lastFinal, finalForMs: 60_000 }, { done })).toEqual(ended('walltime'));
  });
});

describe('a job of a site that says that it keeps no accounts', () => {
  const unkept = { accounted: { kind: 'unkept' }, absences: 3 } as const;

  test('ends by its note, and by one of a signal when it surely did not come back', () => {
    expect(judge(unkept, { done: note(3) })).toEqual(ended('done', { exitStatus: 3 }));
    expect(judge({ ...unkept, goneForMs: 599_000 }, { done: note(143) }).kind).toBe('wait');
    expect(judge({ ...unkept, goneForMs: 600_000 }, { done: note(143) })).toEqual(ended('done'));
  });

  test('is lost without a note, and says why nobody knows', () => {
    expect(judge({ ...unkept, goneForMs: 600_000 })).toMatchObject({
      observation: {
        kind: 'lost',
        message: 'Job 12 is not in the queue, left no note of its end, and no accounts are kept.',
      },
    });
  });
});

describe('a job that nobody keeps accounts of', () => {
  const process = { keepsAccounts: false };

  test('has ended by its note, at once', () => {
    expect(judge(process, { done: note(0) })).toEqual(ended('done', { exitStatus: 0 }));
    expect(judge(process, { done: note(3) })).toEqual(ended('done', { exitStatus: 3 }));
    expect(judge(process, { done: note(143), cancelled: true })).toEqual(
      ended('cancelled', { exitStatus: 143 }),
    );
    expect(judge(process, { done: note(0), cancelled: true })).toEqual(ended('done', { exitStatus: 0 }));
  });

  test('and left no note was killed', () => {
    expect(judge(process).kind).toBe('wait');
    expect(judge({ ...process, absences: 2 })).toEqual(ended('unknown'));
    expect(judge({ ...process, absences: 2 }, { cancelled: true })).toEqual(ended('cancelled'));
  });
});

describe('a process whose work directory cannot be entered', () => {
  const gone = { keepsAccounts: false, absences: 3 };

  test('has not ended because it is nowhere to be seen: it is lost after a while, for a person to decide', () => {
    for (const cancelled of [false, true]) {
      const notes = { directory: false, fence: null, cancelled };
      expect(judge({ ...gone, goneForMs: 599_000 }, notes).kind).toBe('wait');
      expect(judge({ ...gone, goneForMs: 9e6, absences: 2 }, notes).kind).toBe('wait');
      expect(judge({ ...gone, goneForMs: 600_000 }, notes)).toMatchObject({
        observation: {
          kind: 'lost',
          message: 'Process 12 is no more, and its work directory is gone.',
          found: [{ name: 'Processes' }, { name: 'Notes of the job' }],
        },
      });
    }
  });
});

describe('a process of this machine that began when it had another name', () => {
  const strayed = { keepsAccounts: false, strayed: true, absences: 3 };

  test('has not ended because it is not found: by its note, else it is lost after a while', () => {
    expect(judge({ ...strayed, goneForMs: 599_000 }).kind).toBe('wait');
    expect(judge({ ...strayed, goneForMs: 600_000 })).toMatchObject({
      observation: {
        kind: 'lost',
        message:
          'Process 12 began when this machine had another name, is not found, left no note of its end, and no accounts are kept.',
      },
    });
    expect(judge(strayed, { done: note(0) })).toEqual(ended('done', { exitStatus: 0 }));
  });
});

describe('a job that the queue shows in a final state', () => {
  const listed = (word: string, cause: 'done' | 'walltime' | 'node-failure' | 'cancelled') => ({
    listed: { facts: final(word), cause },
    absences: 0,
  });

  test('has ended by it', () => {
    expect(judge(listed('TIMEOUT', 'walltime'))).toEqual(ended('walltime'));
    expect(judge(listed('CANCELLED', 'cancelled'))).toEqual(ended('cancelled'));
  });

  test('of its own accord is waited for until its note appears', () => {
    expect(judge(listed('COMPLETED', 'done')).kind).toBe('wait');
    expect(judge(listed('TIMEOUT', 'walltime'), { done: note(0) })).toEqual(
      ended('walltime', { exitStatus: 0 }),
    );
    expect(judge(listed('COMPLETED', 'done'), { done: note(0) })).toEqual(ended('done', { exitStatus: 0 }));
    expect(judge(listed('FAILED', 'done'), { done: note(3) })).toEqual(ended('done', { exitStatus: 3 }));
    expect(judge({ ...listed('COMPLETED', 'done'), finalForMs: 60_000 })).toEqual(ended('done'));
    expect(judge({ ...listed('FAILED', 'done'), finalForMs: 60_000 })).toEqual(ended('unknown'));
  });

  test('that the site may undo is waited for too', () => {
    expect(judge(listed('NODE_FAIL', 'node-failure')).kind).toBe('wait');
    expect(judge(listed('PREEMPTED', 'cancelled')).kind).toBe('wait');
    // that it was missing from the lists for long, before it ever began, says nothing of its return
    expect(judge({ ...listed('PREEMPTED', 'cancelled'), goneForMs: 9e6 }).kind).toBe('wait');
    expect(judge({ ...listed('NODE_FAIL', 'node-failure'), finalForMs: 60_000 })).toEqual(
      ended('node-failure'),
    );
  });

  test('and of which the books alone say that it was preempted may be back: three lists without it are waited for', () => {
    for (const [word, cause] of [
      ['PREEMPTED', 'cancelled'],
      ['NODE_FAIL', 'node-failure'],
    ] as const) {
      const accounted: Accounted = { kind: 'final', facts: final(word), cause };
      for (const done of [null, note(143)]) {
        expect(judge({ accounted, finalForMs: 9e6, absences: 2 }, { done }).kind).toBe('wait');
        expect(judge({ accounted, finalForMs: 9e6, absences: 3 }, { done })).toEqual(ended(cause));
      }
    }
  });

  test('and has left the queue since, and did not come back, ended as the queue said', () => {
    const lastFinal = { facts: final('NODE_FAIL'), cause: 'node-failure' } as const;
    const gone = { lastFinal, accounted: { kind: 'absent' }, absences: 3, finalForMs: 60_000 } as const;
    for (const done of [null, note(143)]) {
      expect(judge(gone, { done })).toEqual(ended('node-failure', { schedulerState: 'NODE_FAIL' }));
      expect(judge({ ...gone, finalForMs: 59_999 }, { done }).kind).toBe('wait');
      expect(judge({ ...gone, accounted: null }, { done }).kind).toBe('ask-accounting');
    }
    expect(judge({ ...gone, absences: 2 }, { done: note(143) }).kind).toBe('wait');
    expect(judge({ ...gone, accounted: { kind: 'active', facts: running, confirmed: false } }).kind).toBe(
      'alive',
    );
  });

  test('and whose script noted that a signal ended it may be on its way back into the queue', () => {
    for (const [word, cause] of [
      ['PREEMPTED', 'cancelled'],
      ['NODE_FAIL', 'node-failure'],
    ] as const) {
      const facts = listed(word, cause);
      expect(judge(facts, { done: note(143) }).kind).toBe('wait');
      const accounted: Accounted = { kind: 'final', facts: final(word), cause };
      expect(judge({ accounted, absences: 2 }, { done: note(143) }).kind).toBe('wait');
      expect(judge({ ...facts, finalForMs: 60_000 }, { done: note(143) })).toEqual(
        ended(cause, { exitStatus: 143 }),
      );
      // its own end, or our wish, is no reason to wait
      expect(judge(facts, { done: note(0) })).toEqual(ended(cause, { exitStatus: 0 }));
      expect(judge(facts, { done: note(143), cancelled: true })).toEqual(ended(cause, { exitStatus: 143 }));
    }
  });
});

test('a job whose fence another job of the attempt holds gives way to it, which runs or has run', () => {
  const twin = (jobId: string) => ({ kind: 'observation', observation: { kind: 'twin', jobId } });
  const failed = { facts: final('FAILED'), cause: 'done' } as const;
  for (const listed of [null, failed])
    expect(judge({ listed }, { fence: '11', done: note(0, '11') })).toEqual(twin('11'));
  expect(judge({ jobId: '12;daint' }, { fence: '11' })).toEqual(twin('11;daint'));
});

test('a job whose fence was claimed for nobody was ended by it', () => {
  expect(judge({}, { fence: 'revoked-t' })).toEqual(ended('fence', { exitStatus: 97 }));
});

test('a note of another job proves nothing', () => {
  expect(judge({}, { done: note(0, '11') }).kind).toBe('wait');
});

test('a job of a named cluster is known by its number', () => {
  expect(judge({ jobId: '12;daint', accounted: { kind: 'absent' } }, { done: note(0) })).toEqual(
    ended('done', { exitStatus: 0 }),
  );
});

test('whatever is known, an end needs a note of the job, a final state or the fence; absence alone never ends a job', () => {
  const accounted = fc.constantFrom<EndEvidence['accounted']>(
    null,
    { kind: 'absent' },
    { kind: 'unkept' },
    { kind: 'runaway', facts: running, forMs: 9e6 },
    { kind: 'unreachable', message: 'refused', since: 1, asked: true, forMs: 9e6 },
    { kind: 'unreachable', message: 'refused', since: 1, asked: false, forMs: 9e6 },
    { kind: 'active', facts: running, confirmed: false },
    { kind: 'final', facts: final('FAILED'), cause: 'done' },
  );
  fc.assert(
    fc.property(
      fc.record({
        listed: fc.constantFrom(null, { facts: final('TIMEOUT'), cause: 'walltime' as const }),
        accounted,
        keepsAccounts: fc.boolean(),
        strayed: fc.boolean(),
        goneForMs: fc.nat(2_000_000),
        finalForMs: fc.nat(2_000_000),
        absences: fc.nat(9),
      }),
      fc.record({
        directory: fc.boolean(),
        fence: fc.constantFrom(null, '', '12', '13', 'revoked-t'),
        done: fc.constantFrom(null, note(0), note(1), note(0, '13')),
        cancelled: fc.boolean(),
      }),
      (evidence, notes) => {
        const judgement = judge(evidence, notes);
        expect(judgement).toMatchObject(
          notes.fence === '13' ? { observation: { kind: 'twin', jobId: '13' } } : {},
        );
        if (judgement.kind !== 'observation' || judgement.observation.kind !== 'ended') return;
        const proved =
          notes.done?.jobId === '12' ||
          notes.fence === 'revoked-t' ||
          notes.cancelled ||
          // a process that is gone has ended, where what is known of it could be read
          (!evidence.keepsAccounts && !evidence.strayed && notes.directory) ||
          evidence.listed !== null ||
          evidence.accounted?.kind === 'final';
        expect(proved).toBe(true);
      },
    ),
    { numRuns: 3000 },
  );
});
