import { describe, expect, it, test } from 'vitest';
import { explanation as explanationSchema, type Explanation } from '#shared/contract/areas/processes.ts';
import { transportCauses, type TransportCause } from '#shared/process/causes.ts';
import type { EngineTrouble } from '#main/engine/engine.ts';
import type { JobFacts } from '#main/engine/ports.ts';
import { needsPerson } from '#main/engine/needs-person.ts';
import type { RunState } from '#main/engine/state.ts';
import { causeHelp } from '#main/handlers/process-page/cause-help.ts';
import { whyItWaits } from '#main/handlers/process-page/wait-words.ts';
import { alone, waitOf, type Surroundings, type Wait } from '#main/handlers/process-page/waits.ts';
import {
  facts,
  functionState,
  jobState,
  nodeId,
  running,
  submitting,
  workflowState,
} from '../../engine/samples.ts';
import { now, queue, retry } from './samples.ts';

const at = (more: Partial<RunState['activity']>): RunState['activity'] => ({
  step: '',
  words: '',
  reason: '',
  since: now - 90_000,
  until: null,
  ...more,
});
const error = (code: string, message: string, more = {}) =>
  ({ family: 'operational', code, message, ...more }) as const;
const trouble = (code: string, message: string, hint = ''): EngineTrouble => ({
  error: error(code, message, { hint }),
  since: now - 5,
});
const there = (more: Parameters<typeof queue>[0]): Surroundings => ({ ...alone, queue: queue(more) });
const seenAs = (state: JobFacts['state'], more: Partial<JobFacts> = {}) =>
  running({ facts: facts(state, more), factsSince: now - 120_000, observedAt: now - 120_000 });

interface Case {
  readonly run: RunState;
  readonly around?: Surroundings;
  /** A part of the headline. */
  readonly says: RegExp;
  readonly tone: Explanation['tone'];
  readonly actions: Explanation['actions'];
  /** It says since when, and what comes next. */
  readonly since: boolean;
  readonly next: boolean;
}

/** One of each kind: a kind that is missing here does not compile. */
const cases: Readonly<Record<Wait['kind'], Case>> = {
  'engine-trouble': {
    run: running(),
    around: { ...alone, trouble: trouble('disk-full', 'The disk of this machine is full.') },
    says: /disk of this machine is full/,
    tone: 'needs-you',
    actions: [],
    since: true,
    next: true,
  },
  'code-changed': {
    run: workflowState({
      paused: true,
      changed: { label: 'relax', recorded: 'a', asked: 'b' },
      activity: at({ words: 'paused: code changed' }),
    }),
    says: /step “relax” asks for something else/,
    tone: 'needs-you',
    actions: ['show-code', 'resume', 'play', 'kill'],
    since: true,
    next: false,
  },
  question: {
    run: workflowState({
      questions: {
        'go on': {
          question: 'Go on with 4 points?',
          facts: [{ name: 'Failed', value: '3' }],
          choices: [],
          since: now - 9,
        },
      },
    }),
    says: /Go on with 4 points\?/,
    tone: 'needs-you',
    actions: ['kill'],
    since: true,
    next: true,
  },
  'question-below': {
    run: workflowState({
      waiting: { relax: nodeId(2) },
      askedBelow: { relax: { words: 'Restart?', since: now - 9 } },
    }),
    says: /step “relax” asks a person/,
    tone: 'needs-you',
    actions: ['kill'],
    since: true,
    next: true,
  },
  paused: {
    run: running({ paused: true, activity: at({ words: 'running' }) }),
    says: /Paused by a person/,
    tone: 'waits',
    actions: ['play', 'kill'],
    since: false,
    next: false,
  },
  lost: {
    run: running({
      lost: 'Job 42 is nowhere.',
      facts: facts('running'),
      factsSince: now - 9e6,
      observedAt: now - 8e6,
    }),
    says: /does not know this job any more/,
    tone: 'needs-you',
    actions: ['look-again', 'assume-lost', 'open-computer'],
    since: true,
    next: false,
  },
  unaccounted: {
    run: running({
      facts: facts('running'),
      unaccounted: { message: 'Connection refused', since: now - 8e6, noted: false },
    }),
    around: there({ label: 'granite' }),
    says: /Accounting on granite has not answered since 20.*how it ended is asked there/,
    tone: 'waits',
    actions: ['retry-now', 'assume-lost', 'open-computer', 'kill'],
    since: true,
    next: true,
  },
  unconfirmed: {
    run: submitting({ retry: retry('submission-unconfirmed', { message: 'Not in the queue.' }) }),
    says: /not certain yet whether it took the job/,
    tone: 'waits',
    actions: ['retry-now', 'kill', 'open-computer'],
    since: true,
    next: true,
  },
  vanished: {
    run: submitting({ retry: retry('submission-vanished', { message: 'Gone.', needsPerson: true }) }),
    says: /whether the job has run cannot be known any more/,
    tone: 'needs-you',
    actions: ['retry-now', 'assume-lost', 'open-computer', 'kill'],
    since: true,
    next: true,
  },
  trouble: {
    run: submitting({ retry: retry('remote-disk-full') }),
    says: /remote-disk-full/,
    tone: 'waits',
    actions: ['retry-now', 'open-computer', 'kill'],
    since: true,
    next: true,
  },
  'disk-short': {
    run: { ...submitting({ retry: retry('local-disk-short') }), phase: 'retrieve' },
    says: /local-disk-short/,
    tone: 'waits',
    actions: ['retry-now', 'kill'],
    since: true,
    next: true,
  },
  'held-by-site': {
    run: submitting({
      placing: true,
      activity: at({ words: 'held back', reason: 'QOSMaxSubmitJobPerUserLimit' }),
    }),
    says: /takes no more jobs from you now/,
    tone: 'waits',
    actions: ['retry-now', 'open-computer', 'kill'],
    since: true,
    next: true,
  },
  'waits-for-turn': {
    run: jobState({ phase: 'upload' }),
    around: { ...there({}), turn: { kind: 'transfer', others: 3, since: now - 9 } },
    says: /Waits for 3 other transfers on granite\./,
    tone: 'waits',
    actions: ['open-computer', 'kill'],
    since: true,
    next: true,
  },
  'waits-for-place': {
    run: submitting({
      placing: true,
      activity: at({ words: 'waits for a place', reason: '20 of 20 jobs of granite are in its queue' }),
    }),
    says: /^Waits for a place: 20 of 20 jobs of granite are in its queue\.$/,
    tone: 'waits',
    actions: ['open-computer', 'kill'],
    since: true,
    next: true,
  },
  'computer-paused': {
    run: running(),
    around: there({ connection: 'paused', paused: true }),
    says: /granite is paused/,
    tone: 'waits',
    actions: ['resume-computer', 'open-computer', 'kill'],
    since: false,
    next: false,
  },
  'computer-needs-you': {
    run: submitting(),
    around: there({
      connection: 'needs-you',
      problem: error('auth-needed', 'granite asks for a code.'),
      ask: { kind: 'secret', of: 'code', host: 'granite', port: 22, user: 'ada', prompt: 'Code:' },
    }),
    says: /asks for a code/,
    tone: 'needs-you',
    actions: ['sign-in', 'open-computer', 'kill'],
    since: false,
    next: true,
  },
  'computer-unreachable': {
    run: running({ facts: facts('running') }),
    around: there({
      connection: 'waiting',
      nextAttempt: now + 20_000,
      unreachableSince: now - 60_000,
      problem: error('unreachable', 'granite cannot be reached.'),
    }),
    says: /granite cannot be reached/,
    tone: 'waits',
    actions: ['retry-now', 'open-computer', 'kill'],
    since: true,
    next: true,
  },
  'look-failed': {
    run: running({ facts: facts('running') }),
    around: there({ problem: error('scheduler-down', 'Slurm does not answer.') }),
    says: /queue of granite could not be looked at: Slurm does not answer/,
    tone: 'waits',
    actions: ['retry-now', 'open-computer'],
    since: false,
    next: true,
  },
  'being-killed': {
    run: running({ killing: true, activity: at({ words: 'being cancelled' }) }),
    says: /asked to cancel/,
    tone: 'waits',
    actions: ['retry-now', 'open-computer'],
    since: true,
    next: false,
  },
  'being-stopped': {
    run: running({
      stopping: {
        rule: { kind: 'silent', file: 'aiida.out', minutes: 5, every: 60, after: 'parse' },
        value: null,
        line: '',
        since: now - 9,
        told: true,
      },
    }),
    says: /A rule stops the job/,
    tone: 'waits',
    actions: ['retry-now', 'open-computer', 'kill'],
    since: true,
    next: false,
  },
  'not-seen-yet': {
    run: running({ activity: at({ words: 'with the scheduler' }) }),
    around: there({}),
    says: /has taken the job/,
    tone: 'waits',
    actions: ['retry-now'],
    since: true,
    next: true,
  },
  'with-scheduler': {
    run: seenAs('queued', { reason: 'Priority', schedulerState: 'PENDING' }),
    around: { ...there({}), look: { seen: now - 5000, isOld: false, expectedStart: now + 3_600_000 } },
    says: /higher priority are ahead/,
    tone: 'waits',
    actions: ['kill'],
    since: true,
    next: true,
  },
  step: {
    run: jobState({ phase: 'upload', activity: at({ words: 'uploading' }) }),
    says: /Uploading/,
    tone: 'goes-on',
    actions: [],
    since: true,
    next: false,
  },
  function: {
    run: functionState({ activity: at({ words: 'running' }) }),
    says: /Running on this machine/,
    tone: 'goes-on',
    actions: [],
    since: true,
    next: false,
  },
  sleeping: {
    run: workflowState({ activity: at({ words: 'sleeping (“nap”)', until: now + 3_600_000 }) }),
    says: /has asked to wait until/,
    tone: 'waits',
    actions: ['pause', 'kill'],
    since: true,
    next: true,
  },
  children: {
    run: workflowState({ waiting: { relax: nodeId(2), bands: nodeId(3) }, activity: at({}) }),
    says: /Waiting for 2 steps/,
    tone: 'waits',
    actions: ['pause', 'kill'],
    since: true,
    next: false,
  },
  workflow: {
    run: workflowState({ activity: at({ words: 'running' }) }),
    says: /no step to wait for/,
    tone: 'goes-on',
    actions: [],
    since: true,
    next: false,
  },
};

describe('every way in which a process waits', () => {
  test.each(Object.entries(cases))(
    '%s says for what, since when, until when, and what can be done',
    (kind, one) => {
      const around = one.around ?? alone;
      expect(waitOf(one.run, around).kind).toBe(kind);
      const said = whyItWaits(one.run, around);
      expect(explanationSchema.parse(said)).toEqual(said);
      expect(said.headline).toMatch(one.says);
      expect(said.tone).toBe(one.tone);
      expect(said.actions).toEqual(one.actions);
      expect(said.since !== undefined, 'says since when').toBe(one.since);
      expect(said.next !== undefined, 'says what comes next').toBe(one.next);
      for (const action of Object.keys(said.consequences ?? {})) expect(said.actions).toContain(action);
      expect([said.headline, ...said.advice].every((text) => /[.!?]$/.test(text))).toBe(true);
    },
  );
});

describe('every cause of trouble', () => {
  test.each(Object.keys(transportCauses) as TransportCause[])('%s has advice and a way on', (code) => {
    const { needsPerson: person, mayPass } = transportCauses[code];
    const until = person && !mayPass ? null : now;
    const said = whyItWaits(submitting({ retry: retry(code, { needsPerson: person, until }) }), alone);
    expect(said.advice).toEqual([causeHelp[code].advice]);
    expect(said.actions.length).toBeGreaterThan(0);
    expect(said.tone).toBe(person ? 'needs-you' : 'waits');
    expect(said.next?.at).toBe(until ?? undefined);
    expect(said.next?.words.includes('you')).toBe(person);
    expect(said.tries).toBe(3);
  });

  it('says what the trouble itself knows before what is said of all of its kind', () => {
    const said = whyItWaits(
      submitting({ retry: retry('timeout', { hint: 'Wait for the maintenance.' }) }),
      alone,
    );
    expect(said.advice).toEqual(['Wait for the maintenance.']);
  });

  it('offers no computer for what runs on this machine', () => {
    const said = whyItWaits(functionState({ retry: retry('connection-lost') }), alone);
    expect(said.actions).toEqual(['retry-now', 'kill']);
  });
});

describe('a job with its scheduler', () => {
  it('says when Slurm means to start it, else when it is looked at again', () => {
    const run = seenAs('queued', { reason: 'Resources' });
    const looked = { seen: now, isOld: false, expectedStart: null };
    expect(whyItWaits(run, { ...there({}), look: looked }).next).toEqual({
      words: 'next look',
      at: now + 5000,
    });
    expect(whyItWaits(run, { ...there({}), look: { ...looked, expectedStart: now + 9 } }).next).toEqual({
      words: 'the scheduler expects it to start',
      at: now + 9,
    });
  });

  it.each(['JobHeldAdmin', 'PartitionTimeLimit', 'DependencyNeverSatisfied', 'AssocGrpCPUMinutesLimit'])(
    'needs a person where it is %s, and so does its process',
    (reason) => {
      const run = seenAs('queued held', { reason });
      const said = whyItWaits(run, alone);
      expect(said).toMatchObject({ tone: 'needs-you', next: { words: 'does not start by itself' } });
      expect(needsPerson(run)).toBe(true);
    },
  );

  it.each(['running', 'suspended', 'done', 'undetermined'] as const)('says what %s means', (state) => {
    const said = whyItWaits(seenAs(state, { schedulerState: 'WORD' }), there({}));
    expect(said).toMatchObject({ since: now - 120_000, next: { at: now + 5000 } });
    expect(said.facts).toContainEqual({ name: 'Scheduler state', value: 'WORD' });
  });

  it('says how old what is known is: by the last look, and after a restart by what is stored', () => {
    const run = seenAs('running');
    expect(
      whyItWaits(run, { ...alone, look: { seen: now - 7, isOld: true, expectedStart: null } }).seen,
    ).toBe(now - 7);
    expect(whyItWaits(run, alone).seen).toBe(now - 120_000);
  });
});

describe('a job of which accounting does not answer', () => {
  it('cannot be given up where it has noted its own end, by which it goes on', () => {
    const silence = { message: 'Connection refused', since: now - 8e6 };
    const said = (noted: boolean) => whyItWaits(running({ unaccounted: { ...silence, noted } }), alone);
    expect(said(true).actions).toEqual(['retry-now', 'open-computer', 'kill']);
    expect(said(true).advice[0]).toContain('the job’s own note of its end must do');
    expect(said(false).facts).toContainEqual({ name: 'It says', value: 'Connection refused' });
    expect(said(false).facts).toContainEqual({
      name: 'Note of its end',
      value: 'none in its work directory',
    });
  });
});

describe('a job that is lost', () => {
  const run = running({
    directory: '/scratch/a1',
    lost: 'Job 42 is nowhere.',
    lostFound: [{ name: 'Accounting', value: 'does not know it' }],
    facts: facts('running', { schedulerState: 'RUNNING' }),
    factsSince: now - 9e6,
    observedAt: now - 8e6,
  });

  it('tells its id, its directory, when and how it was seen last, and what each of those asked said', () => {
    const said = whyItWaits(run, { ...alone, look: { seen: now, isOld: false, expectedStart: null } });
    expect(said.facts.map(({ name }) => name)).toEqual([
      'Job',
      'Name in the scheduler',
      'Last seen as',
      'Accounting',
      'Work directory',
      'Last look',
    ]);
    expect(said.facts[2]?.value).toMatch(/^RUNNING since 20/);
    expect(Object.keys(said.consequences ?? {})).toEqual(said.actions);
  });
});

describe('a workflow that waits for its steps', () => {
  it('names them with their state and a link, and no more than eight', () => {
    const waiting = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`step${i}`, nodeId(i + 2)]));
    const uuid = '00000000-0000-4000-8000-000000000002';
    const node = {
      uuid,
      pk: 2,
      kind: 'calculation',
      nodeType: '',
      name: 'Pw',
      summary: '',
      state: 'running',
      ctime: 0,
    } as const;
    const said = whyItWaits(workflowState({ waiting, finished: 3 }), alone, [
      { label: 'step0', type: 'call_calc', node },
    ]);
    expect(said.facts[0]).toEqual({ name: 'Step step0', value: 'Pw: running', process: uuid });
    expect(said.facts).toHaveLength(10);
    expect(said.facts.slice(-2)).toEqual([
      { name: 'And', value: '4 more' },
      { name: 'Steps done', value: '3' },
    ]);
  });
});

describe('a store that cannot write', () => {
  const said = (code: string) =>
    whyItWaits(running(), { ...alone, trouble: trouble(code, 'It is so.', 'Do this.') });

  it('waits for another program that holds the database', () => {
    expect(said('database-busy')).toMatchObject({
      tone: 'waits',
      advice: [expect.stringMatching(/^Another program holds the database/)],
    });
  });

  it('says of every other trouble what that is about, and blames no other program', () => {
    for (const code of ['database-corrupt', 'database-read-only', 'disk-error', 'profile-taken-over']) {
      const { tone, advice } = said(code);
      expect({ code, tone, advice }).toEqual({ code, tone: 'needs-you', advice: ['Do this.'] });
    }
  });
});

describe('what goes first', () => {
  it('is the engine that cannot write, then the person, then the computer, then the trouble of before', () => {
    const run = submitting({ retry: retry('timeout') });
    const paused = there({ connection: 'paused' });
    expect(waitOf(run, paused).kind).toBe('computer-paused');
    expect(waitOf({ ...run, paused: true }, paused).kind).toBe('paused');
    expect(waitOf(run, { ...paused, trouble: trouble('database-busy', 'x') }).kind).toBe('engine-trouble');
    expect(waitOf(run, there({ connection: 'waiting' })).kind).toBe('computer-unreachable');
    const full = submitting({ retry: retry('remote-disk-full') });
    expect(waitOf(full, there({ connection: 'waiting' })).kind).toBe('trouble');
  });

  it('is not a computer that the present step does without', () => {
    const run = jobState({ phase: 'parse' });
    expect(waitOf(run, there({ connection: 'paused' })).kind).toBe('step');
  });
});
