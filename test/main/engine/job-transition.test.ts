import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { beginsInPause, endsOnPause } from '#main/engine/effects.ts';
import type { Decision } from '#main/engine/commands.ts';
import type { EngineEvent } from '#main/engine/events.ts';
import type { JobObservation, SubmitOutcome } from '#main/engine/ports.ts';
import { needsPerson } from '#main/engine/needs-person.ts';
import { mayBeOverThere, never } from '#main/engine/retry.ts';
import { jobTransition } from '#main/engine/transitions/job.ts';
import { transportCauses } from '#shared/process/causes.ts';
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
  submitting,
} from './samples.ts';

const now = 1_000_000;
const step = (state: Parameters<typeof jobTransition>[0], event: EngineEvent) =>
  jobTransition(state, event, now, spec());
const submission = (outcome: SubmitOutcome): EngineEvent => ({
  kind: 'submission',
  outcome,
  freshToken: 'fresh00000000002',
  roll: 0.5,
});
const failure = (code: string): EngineEvent => ({
  kind: 'failed',
  error: { family: 'operational', code, message: 'it failed' },
  roll: 0.5,
});

describe('a calculation job that meets no trouble', () => {
  it('goes from preparation to upload with its files in the node', () => {
    const plan = { files: [], remoteCopies: [], remoteSymlinks: [], script: 's.sh' };
    const decision = step(jobState(), {
      kind: 'prepared',
      plan,
      retrieve: ['out'],
      inputs: [['s.sh', hash]],
    });
    expect(effectsOf(decision)).toEqual(['upload']);
    expect(jobAfter(decision)).toMatchObject({ phase: 'upload', plan, retrieve: ['out'] });
    expect(commands(decision, 'repository')[0]?.tree.children.get('s.sh')).toEqual({ kind: 'file', hash });
    expect(attributesOf(decision)).toMatchObject({
      retrieve_list: ['out'],
      process_state: 'waiting',
      state: 'uploading',
    });
  });

  it('makes its remote folder when the scheduler has taken it, and watches from then on', () => {
    const decision = step(submitting(), submission({ kind: 'accepted', jobId: '42', recovered: false }));
    expect(effectsOf(decision)).toEqual(['watch']);
    expect(commands(decision, 'create')[0]).toMatchObject({
      label: 'remote_folder',
      data: { attributes: '{"remote_path":"/scratch/a1"}' },
    });
    expect(attributesOf(decision)).toMatchObject({ job_id: '42', state: 'withscheduler' });
  });

  it('says in the words of a person where it stands in the queue', () => {
    const decision = step(running(), {
      kind: 'observed',
      observation: { kind: 'seen', facts: facts('queued', { reason: 'Priority' }) },
    });
    expect(jobAfter(decision).activity).toEqual({
      step: 'queue',
      words: 'in queue',
      reason: 'Priority',
      since: now,
      until: null,
    });
    expect(effectsOf(decision)).toEqual([]);
  });

  it('keeps counting from when a state began', () => {
    const first = jobAfter(
      step(running(), {
        kind: 'observed',
        observation: { kind: 'seen', facts: facts('running', { started: 5 }) },
      }),
    );
    const again = jobTransition(
      first,
      { kind: 'observed', observation: { kind: 'seen', facts: facts('running', { started: 5 }) } },
      now + 9000,
      spec(),
    );
    expect(jobAfter(again).activity.since).toBe(5);
  });

  it('retrieves when it has ended, parses when it has retrieved, and then ends', () => {
    const done = step(running(), {
      kind: 'observed',
      observation: { kind: 'ended', cause: 'done', facts: facts('done', { exitStatus: 0 }) },
    });
    expect(effectsOf(done)).toEqual(['retrieve']);
    const retrieved = step(jobAfter(done), {
      kind: 'retrieved',
      files: [{ path: 'out', hash, size: 1 }],
      unmatched: ['*.dat'],
    });
    expect(effectsOf(retrieved)).toEqual(['parse']);
    expect(commands(retrieved, 'create')[0]).toMatchObject({
      label: 'retrieved',
      data: { files: [['out', hash]] },
    });
    expect(commands(retrieved, 'log')[0]?.message).toContain('*.dat');
    const parsed = step(jobAfter(retrieved), { kind: 'ran', outcome: { kind: 'outputs', outputs: {} } });
    expect(ended(parsed)).toBe(true);
    expect(attributesOf(parsed)).toMatchObject({ process_state: 'finished', exit_status: 0 });
    expect(commands(parsed, 'end')).toHaveLength(1);
  });
});

describe('the outcome of a submission', () => {
  it('is adopted without a second remote folder when the job had been accepted before', () => {
    const decision = step(
      submitting({ jobId: '42' }),
      submission({ kind: 'accepted', jobId: '42', recovered: true }),
    );
    expect(commands(decision, 'create')).toEqual([]);
    expect(effectsOf(decision)).toEqual(['watch']);
  });

  it('never leads to another attempt while it is unconfirmed', () => {
    const decision = step(submitting(), submission({ kind: 'unconfirmed', message: 'no answer' }));
    expect(effectsOf(decision)).toEqual(['submit']);
    expect(jobAfter(decision).attempt).toEqual({ number: 1, token: 'token00000000001' });
    expect(jobAfter(decision).activity.words).toBe('submission unconfirmed');
    expect(commands(decision, 'effect')[0]?.notBefore).toBeGreaterThan(now);
  });

  describe('that left no trace', () => {
    const gone = submission({ kind: 'vanished', message: 'The work directory is gone.' });

    it('never leads to another attempt: a person is asked, and it is looked for again', () => {
      const decision = step(submitting(), gone);
      expect(effectsOf(decision)).toEqual(['submit']);
      expect(commands(decision, 'effect')[0]?.notBefore).toBeGreaterThan(now + 600_000);
      const state = jobAfter(decision);
      expect(state.attempt).toEqual({ number: 1, token: 'token00000000001' });
      expect(needsPerson(state)).toBe(true);
      const again = jobAfter(step(state, gone));
      expect(again.retry).toMatchObject({ failures: 2, since: state.retry?.since });
    });

    it('ends as lost when a person says so', () => {
      const lost = step(jobAfter(step(submitting(), gone)), { kind: 'assume-lost' });
      expect(attributesOf(lost)).toMatchObject({ process_state: 'finished', exit_status: 100 });
    });

    it('is killed after one more look', () => {
      const killed = step(jobAfter(step(submitting(), gone)), { kind: 'kill', by: 'a person' });
      expect(ended(killed)).toBe(false);
      const after = step(jobAfter(killed), gone);
      expect(attributesOf(after)).toMatchObject({ process_state: 'killed' });
      expect(commands(after, 'log')[0]?.message).toContain('may still be there');
    });
  });

  it('makes a new attempt with its own token and directory only when the old one is proved void', () => {
    const decision = step(submitting(), submission({ kind: 'void', message: 'it never ran' }));
    expect(effectsOf(decision)).toEqual(['upload']);
    expect(jobAfter(decision)).toMatchObject({
      attempt: { number: 2, token: 'fresh00000000002', since: now },
      directory: null,
    });
  });

  it('waits when the site takes no more jobs, without counting it as a failure', () => {
    const decision = step(submitting(), submission({ kind: 'held', message: 'QOSMaxSubmitJobPerUserLimit' }));
    expect(effectsOf(decision)).toEqual(['place']);
    expect(jobAfter(decision).retry).toBeNull();
    expect(jobAfter(decision).activity).toMatchObject({ words: 'held back', until: null });
    expect(jobAfter(decision).activity.reason).toContain('QOSMax');
    const placed = step(jobAfter(decision), { kind: 'placed' });
    expect(effectsOf(placed)).toEqual(['submit']);
    expect(jobAfter(placed)).toMatchObject({ placing: false, activity: { words: 'submitting' } });
  });

  it('waits for a place in the queue before it is submitted, and says so', () => {
    const uploading = jobAfter(
      step(running({ phase: 'upload', jobId: null }), {
        kind: 'uploaded',
        directory: '/scratch/a1',
        waits: '20 of 20 jobs of granite are in its queue',
      }),
    );
    expect(uploading).toMatchObject({
      phase: 'submit',
      activity: { words: 'waits for a place', reason: '20 of 20 jobs of granite are in its queue' },
    });
    // a failure while it waits does not lead to a submission
    const error = { family: 'operational', code: 'computer-missing', message: 'gone' } as const;
    const failed = step(uploading, { kind: 'failed', error, roll: 0.5 });
    expect(effectsOf(failed)).toEqual(['place']);
    // nothing is there that would have to be cancelled
    const decision = step(uploading, { kind: 'kill', by: 'a person' });
    expect(decision.state).toBeNull();
    expect(attributesOf(decision)).toMatchObject({ process_state: 'killed' });
  });

  it('ends the process with the account’s own exit code when the account is refused', () => {
    const decision = step(
      submitting(),
      submission({ kind: 'refused', message: 'Invalid account', account: true }),
    );
    expect(attributesOf(decision)).toMatchObject({ process_state: 'finished', exit_status: 131 });
  });
});

describe('a job that the scheduler puts back into its queue', () => {
  it('waits and runs again as the same attempt, and its page says so', () => {
    const runs = jobAfter(
      step(running(), { kind: 'observed', observation: { kind: 'seen', facts: facts('running') } }),
    );
    const requeued = step(runs, { kind: 'observed', observation: { kind: 'seen', facts: facts('queued') } });
    expect(effectsOf(requeued)).toEqual([]);
    expect(jobAfter(requeued)).toMatchObject({ phase: 'run', attempt: runs.attempt, jobId: runs.jobId });
    expect(commands(requeued, 'journal').map(({ entry }) => entry)).toContainEqual({
      kind: 'note',
      words: `the scheduler put job ${runs.jobId} back into its queue: it will run again`,
    });
    expect(jobAfter(requeued).activity.words).toBe('in queue');
  });
});

describe('a job that ends badly', () => {
  it.each([
    ['walltime', 120],
    ['memory', 110],
    ['node-failure', 140],
    ['cancelled', 142],
    ['unknown', 1],
  ] as const)(
    'is retrieved and parsed after %s, and ends with exit status %i unless the parser knows better',
    (cause, status) => {
      const done = step(running(), {
        kind: 'observed',
        observation: { kind: 'ended', cause, facts: facts('done') },
      });
      expect(effectsOf(done)).toEqual(['retrieve']);
      const parsing = { ...jobAfter(done), phase: 'parse', retrieved: [] } as const;
      const silent = step(parsing, { kind: 'ran', outcome: { kind: 'outputs', outputs: {} } });
      expect(attributesOf(silent)['exit_status']).toBe(status);
      const wiser = step(parsing, {
        kind: 'ran',
        outcome: { kind: 'exit', status: 410, message: 'not converged', outputs: {} },
      });
      expect(attributesOf(wiser)).toMatchObject({ exit_status: 410, exit_message: 'not converged' });
    },
  );

  it('is excepted when its parser throws, and keeps the stack in its log', () => {
    const decision = step(jobState({ phase: 'parse' }), {
      kind: 'ran',
      outcome: { kind: 'threw', error: 'TypeError: x', stack: 'at line 3' },
    });
    expect(attributesOf(decision)).toMatchObject({ process_state: 'excepted', exception: 'TypeError: x' });
    expect(commands(decision, 'log')[0]?.message).toBe('at line 3');
  });

  it('is never called done when it is lost: a person decides', () => {
    const lost = step(running(), {
      kind: 'observed',
      observation: { kind: 'lost', message: 'gone', facts: facts('undetermined') },
    });
    expect(ended(lost)).toBe(false);
    expect(jobAfter(lost)).toMatchObject({ phase: 'run', lost: 'gone' });
    expect(effectsOf(step(jobAfter(lost), { kind: 'look-again' }))).toEqual(['watch']);
    expect(attributesOf(step(jobAfter(lost), { kind: 'assume-lost' }))).toMatchObject({ exit_status: 100 });
  });

  it('is watched on as its twin where that holds the fence of their attempt', () => {
    const twin = { kind: 'observed', observation: { kind: 'twin', jobId: '41' } } as const;
    const decision = step(running(), twin);
    expect(ended(decision)).toBe(false);
    expect(effectsOf(decision)).toEqual(['watch']);
    expect(attributesOf(decision)).toMatchObject({ job_id: '41' });
    expect(jobAfter(decision)).toMatchObject({ phase: 'run', jobId: '41' });
    expect(commands(decision, 'log')).toEqual([expect.objectContaining({ level: 'WARNING' })]);
    expect(step(jobAfter(decision), twin).commands).toEqual([]);
  });

  describe('that has left the queue while accounting does not answer', () => {
    const silence = { message: 'Connection refused', since: 7000, noted: false };
    const observed = (observation: JobObservation) => ({ kind: 'observed', observation }) as const;
    const silent = step(running(), observed({ kind: 'unaccounted', silence }));

    it('goes on being watched, and says since when', () => {
      expect(ended(silent)).toBe(false);
      expect(commands(silent, 'drop-effects')).toEqual([]);
      expect(jobAfter(silent)).toMatchObject({
        phase: 'run',
        lost: null,
        unaccounted: silence,
        activity: { words: 'waits for accounting', reason: 'Connection refused', since: 7000 },
      });
    });

    it('is as before when accounting answers again, and when the queue shows it again', () => {
      const heard = step(jobAfter(silent), observed({ kind: 'unaccounted', silence: null }));
      expect(jobAfter(heard)).toMatchObject({ unaccounted: null, activity: { words: 'ending' } });
      const again = step(jobAfter(silent), observed({ kind: 'seen', facts: facts('running') }));
      expect(jobAfter(again)).toMatchObject({ unaccounted: null, activity: { words: 'running' } });
      const nothing = step(running(), observed({ kind: 'unaccounted', silence: null }));
      expect(nothing).toEqual({ state: running(), commands: [] });
    });

    it('can be given up by a person, unless it has noted its own end', () => {
      expect(attributesOf(step(jobAfter(silent), { kind: 'assume-lost' }))).toMatchObject({
        exit_status: 100,
        exit_message: expect.stringContaining('accounting does not answer'),
      });
      const noted = step(running(), observed({ kind: 'unaccounted', silence: { ...silence, noted: true } }));
      expect(ended(step(jobAfter(noted), { kind: 'assume-lost' }))).toBe(false);
    });

    it('says in its log that its own note had to do', () => {
      const observation = {
        kind: 'ended',
        facts: facts('done', { exitStatus: 143 }),
        cause: 'done',
        silentSince: 7000,
      } as const;
      const decision = step(jobAfter(silent), observed(observation));
      expect(jobAfter(decision)).toMatchObject({ phase: 'retrieve', unaccounted: null });
      expect(commands(decision, 'log')).toEqual([
        expect.objectContaining({
          level: 'WARNING',
          message: expect.stringContaining('not answered since 1970-01-01T00:00:07.000Z'),
        }),
      ]);
    });
  });
});

describe('our failure to reach a computer', () => {
  it('never ends a process, whatever the cause and however often', () => {
    const causes = [...Object.keys(transportCauses), 'something-new'];
    fc.assert(
      fc.property(
        fc.constantFrom('prepare', 'upload', 'submit', 'run', 'retrieve', 'parse'),
        fc.array(fc.constantFrom(...causes), { minLength: 1, maxLength: 30 }),
        (phase, codes) => {
          let state = { ...running(), phase } as ReturnType<typeof running>;
          for (const code of codes) state = jobAfter(step(state, failure(code)));
          expect(state.phase).toBe(phase);
          expect(state.retry?.code).toBe(codes.at(-1));
        },
      ),
    );
  });

  it('waits for a person only where a person is needed', () => {
    for (const [code, { needsPerson, mayPass }] of Object.entries(transportCauses)) {
      const decision = step(submitting(), failure(code));
      expect(effectsOf(decision)).toEqual(['submit']);
      const [effect] = commands(decision, 'effect');
      expect(effect?.notBefore === never).toBe(needsPerson && !mayPass);
      expect(jobAfter(decision).activity.words === 'needs you').toBe(needsPerson);
      // whether it goes on by itself when the computer is reached
      if (needsPerson) expect(mayBeOverThere(code)).toBe(mayPass);
      expect(jobAfter(decision).retry?.needsPerson).toBe(needsPerson);
    }
  });

  it.each(['scheduler-missing', 'remote-missing', 'remote-permission', 'remote-tool-missing'] as const)(
    'needs a person where it is %s, and is looked at again by itself all the same, up to once an hour',
    (code) => {
      let state = submitting();
      const minutes: number[] = [];
      for (let i = 0; i < 5; i++) {
        const decision = step(state, failure(code));
        const [effect] = commands(decision, 'effect');
        minutes.push(((effect?.notBefore ?? 0) - now) / 60_000);
        state = jobAfter(decision);
        expect(state).toMatchObject({ retry: { needsPerson: true, until: effect?.notBefore } });
      }
      expect(minutes).toEqual([15, 30, 60, 60, 60]);
    },
  );

  it('is repeated ever more slowly, up to ten minutes', () => {
    let state = submitting();
    const delays: number[] = [];
    for (let i = 0; i < 12; i++) {
      const decision = step(state, failure('unreachable'));
      delays.push((commands(decision, 'effect')[0]?.notBefore ?? 0) - now);
      state = jobAfter(decision);
    }
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(delays[0]).toBe(5000);
    expect(delays.at(-1)).toBe(600_000);
  });

  it('is forgotten when the phase has gone well', () => {
    const troubled = jobAfter(step(submitting(), failure('unreachable')));
    const accepted = jobAfter(step(troubled, submission({ kind: 'accepted', jobId: '1', recovered: false })));
    expect(accepted.retry).toBeNull();
  });
});

describe('killing a job', () => {
  const kill: EngineEvent = { kind: 'kill', by: 'a person' };

  it.each(['prepare', 'upload', 'retrieve', 'parse'] as const)(
    'ends it at once while it is in %s',
    (phase) => {
      const decision = step(running({ phase }), kill);
      expect(attributesOf(decision)['process_state']).toBe('killed');
      expect(commands(decision, 'drop-effects').length).toBeGreaterThan(0);
    },
  );

  it('waits for the answer of a submission that is under way, and then cancels the job', () => {
    const waiting = step(submitting(), kill);
    expect(ended(waiting)).toBe(false);
    const accepted = step(jobAfter(waiting), submission({ kind: 'accepted', jobId: '42', recovered: false }));
    expect(effectsOf(accepted)).toEqual(['cancel']);
    expect(attributesOf(step(jobAfter(accepted), { kind: 'cancelled' }))['process_state']).toBe('killed');
  });

  it('asks the scheduler to cancel a job that is with it, and keeps asking while it does not answer', () => {
    const cancelling = step(running(), kill);
    expect(effectsOf(cancelling)).toEqual(['cancel']);
    const failed = step(jobAfter(cancelling), failure('unreachable'));
    expect(effectsOf(failed)).toEqual(['cancel']);
  });

  it('ends without an answer only when a person insists, and says that the job may still be there', () => {
    const failed = step(jobAfter(step(running(), kill)), failure('unreachable'));
    const insisted = step(jobAfter(failed), kill);
    expect(attributesOf(insisted)['process_state']).toBe('killed');
    expect(commands(insisted, 'log')[0]?.message).toContain('may still be there');
  });

  describe('keeps who wished it', () => {
    const byAda: EngineEvent = { kind: 'kill', by: 'Ada' };
    const facts = { state: 'done', schedulerState: 'COMPLETED', reason: '', exitStatus: 0 } as const;
    const by = (decision: Decision): unknown => attributesOf(decision)['process_status'];

    it.each(['prepare', 'upload', 'retrieve', 'parse'] as const)('when it ends at once (%s)', (phase) => {
      expect(by(step(running({ phase }), byAda))).toBe('Killed by Ada');
    });

    it.each<readonly [string, EngineEvent]>([
      ['the scheduler has taken the wish', { kind: 'cancelled' }],
      [
        'its job is seen to have ended',
        { kind: 'observed', observation: { kind: 'ended', cause: 'done', facts } },
      ],
    ])('when %s', (_, event) => {
      expect(by(step(jobAfter(step(running(), byAda)), event))).toBe('Killed by Ada');
    });

    it.each<readonly [string, EngineEvent]>([
      ['refused', submission({ kind: 'refused', message: 'no', account: false })],
      ['held back', submission({ kind: 'held', message: 'later' })],
      ['void', submission({ kind: 'void', message: 'it never ran' })],
      ['vanished', submission({ kind: 'vanished', message: 'gone' })],
    ])('when its submission is %s', (_, event) => {
      expect(by(step(jobAfter(step(submitting(), byAda)), event))).toBe('Killed by Ada');
    });

    it('first, whoever insists on it later', () => {
      const failed = step(jobAfter(step(running(), byAda)), failure('unreachable'));
      expect(by(step(jobAfter(failed), { kind: 'kill', by: 'Bob' }))).toBe('Killed by Ada');
    });

    it('where a former version did not note it: only a person could', () => {
      expect(by(step(running({ killing: true }), { kind: 'cancelled' }))).toBe('Killed by a person');
    });
  });

  it('leaves no status of what it did last in a process that ends otherwise', () => {
    const troubled = jobAfter(step(running({ lost: 'It is gone.' }), failure('unreachable')));
    expect(attributesOf(step(troubled, { kind: 'assume-lost' }))).toMatchObject({
      process_state: 'finished',
      process_status: undefined,
    });
  });
});

describe('pausing a job', () => {
  it('interrupts and resumes its effects and shows in the node', () => {
    const paused = step(running(), { kind: 'pause' });
    expect(commands(paused, 'suspend-effects')).toHaveLength(1);
    expect(attributesOf(paused)['paused']).toBe(true);
    const played = step(jobAfter(paused), { kind: 'play' });
    expect(commands(played, 'resume-effects')).toHaveLength(1);
    expect(attributesOf(played)).toHaveProperty('paused', undefined);
  });

  it('goes on hearing of its job, and its end begins nothing before it plays', () => {
    const paused = jobAfter(step(running(), { kind: 'pause' }));
    const facts = { state: 'done', schedulerState: 'COMPLETED', reason: '', exitStatus: 0 } as const;
    const over = step(paused, { kind: 'observed', observation: { kind: 'ended', cause: 'done', facts } });
    expect(jobAfter(over)).toMatchObject({ phase: 'retrieve', paused: true, end: { exitStatus: 0 } });
    expect(effectsOf(over)).toEqual(['retrieve']);
    // a reader must see that it is paused
    expect(attributesOf(over)).not.toHaveProperty('process_status');
    expect([beginsInPause('watch'), endsOnPause('watch')]).toEqual([true, false]);
    expect([beginsInPause('retrieve'), endsOnPause('retrieve')]).toEqual([false, true]);
  });
});
