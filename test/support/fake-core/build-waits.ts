import type { Activity } from '#shared/contract/areas/processes.ts';
import type { DisplayState } from '#shared/process/states.ts';
import { stopRule } from '#shared/process/stop-rules.ts';
import { ruleWords } from '#shared/process/rule-words.ts';
import type { JobFacts } from '#main/engine/ports.ts';
import type { Retry, RunState } from '#main/engine/state.ts';
import { whyItWaits } from '#main/handlers/process-page/wait-words.ts';
import { alone, type QueueState, type Surroundings, type Wait } from '#main/handlers/process-page/waits.ts';
import {
  facts,
  functionState,
  jobState,
  nodeId,
  running,
  submitting,
  workflowState,
} from '../../main/engine/samples.ts';
import { addProcess, jobTimeline } from './build-process.ts';
import type { FakeNode, World } from './world.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

interface Waiting {
  readonly run: RunState;
  readonly around?: Surroundings;
  readonly state?: DisplayState;
  /** What the table says of it. */
  readonly activity: Partial<Activity> & Pick<Activity, 'words'>;
}

/** One process of each kind of waiting; a kind that is missing does not compile. */
function waitings(now: number): Readonly<Record<Wait['kind'], Waiting>> {
  const queue = (more: Partial<QueueState> = {}): QueueState => ({
    computer: '00000000-0000-4000-8000-000000000900',
    label: 'granite',
    scheduler: 'Slurm',
    connection: 'connected',
    words: 'connected for 02:14',
    paused: false,
    lastPoll: now - 4 * second,
    nextPoll: now + 26 * second,
    nextAttempt: null,
    unreachableSince: null,
    steps: {},
    jobs: [],
    problem: null,
    ask: null,
    places: null,
    ...more,
  });
  const there = (more: Partial<QueueState> = {}): Surroundings => ({ ...alone, queue: queue(more) });
  const error = (code: string, message: string, more = {}) =>
    ({ family: 'operational', code, message, ...more }) as const;
  const retry = (code: string, message: string, more: Partial<Retry> = {}): Retry => ({
    code,
    message,
    hint: '',
    failures: 4,
    since: now - 6 * minute,
    until: now + 47 * second,
    needsPerson: false,
    ...more,
  });
  const at = (words: string, more: Partial<Activity> = {}): Activity => ({
    step: 'run',
    words,
    reason: '',
    since: now - 12 * minute,
    until: null,
    ...more,
  });
  const seen = (state: JobFacts['state'], schedulerState: string, more: Partial<JobFacts> = {}) =>
    ({
      jobId: '5512091',
      directory: '/scratch/ada/aiida/4f/8c/1d77/a1',
      facts: facts(state, { schedulerState, ...more }),
      factsSince: now - 42 * minute,
      observedAt: now - 42 * minute,
    }) as const;
  const rule = stopRule.parse({
    kind: 'value',
    file: 'aiida.out',
    pattern: { kind: 'words', text: 'estimated scf accuracy <' },
    compare: '>',
    limit: 10,
    times: 3,
  });
  return {
    'engine-trouble': {
      run: running(),
      around: {
        ...alone,
        trouble: {
          error: error('disk-full', 'The disk of this machine is full: nothing can be stored.'),
          since: now - 90 * second,
        },
      },
      activity: at('running'),
    },
    'code-changed': {
      run: workflowState({
        paused: true,
        finished: 2,
        changed: {
          label: 'relax',
          recorded: 'quantumespresso.pw with structure a41f…',
          asked: 'quantumespresso.pw with structure 09cc…',
        },
        activity: at('paused: code changed'),
      }),
      state: 'paused',
      activity: { words: 'paused: code changed', needsYou: true, since: now - 12 * minute },
    },
    paused: {
      run: running({ paused: true, ...seen('running', 'RUNNING') }),
      state: 'paused',
      activity: at('running', { reason: 'paused by you' }),
    },
    question: {
      run: workflowState({
        finished: 4,
        questions: {
          'go on': {
            question: 'Only 4 of 7 volumes converged. Fit the equation of state with them?',
            facts: [{ name: 'Converged', value: 'volume_0 to volume_3' }],
            choices: [{ name: 'fit', label: 'Fit with 4', help: '' }],
            since: now - 3 * hour,
          },
        },
      }),
      activity: {
        words: 'needs you',
        needsYou: true,
        reason: 'Only 4 of 7 volumes converged.',
        since: now - 3 * hour,
      },
    },
    'question-below': {
      run: workflowState({
        askedBelow: { relax: { words: 'Restart with more memory?', since: now - hour } },
      }),
      activity: {
        words: 'needs you',
        needsYou: true,
        reason: '“relax” asks: Restart with more memory?',
        since: now - hour,
      },
    },
    lost: {
      run: running({
        ...seen('running', 'RUNNING'),
        lost: 'Job 5512091 is not in the queue, left no note of its end, and accounting does not know it.',
        lostFound: [
          { name: 'Queue', value: 'not in 4 complete lists, one after the other' },
          { name: 'Accounting', value: 'does not know it' },
          {
            name: 'Notes of the job',
            value: 'none of its end: it started in its work directory, which is there',
          },
        ],
      }),
      around: { ...there(), look: { seen: now - 20 * second, isOld: false, expectedStart: null } },
      activity: at('lost', { needsYou: true, reason: 'Job 5512091 is not in the queue.' }),
    },
    unaccounted: {
      run: running({
        ...seen('running', 'RUNNING'),
        unaccounted: {
          message: 'sacct: error: Problem talking to the database: Connection refused',
          since: now - 2 * hour,
          noted: false,
        },
      }),
      around: there(),
      activity: at('waits for accounting', {
        reason: 'sacct: error: Problem talking to the database: Connection refused',
        since: now - 2 * hour,
      }),
    },
    unconfirmed: {
      run: submitting({
        directory: '/scratch/ada/aiida/4f/8c/1d77/a1',
        retry: retry(
          'submission-unconfirmed',
          'The reply to the submission was lost. The job is not in the queue; it is looked for once more.',
        ),
      }),
      activity: at('submission unconfirmed', {
        step: 'submit',
        until: now + 47 * second,
        untilWords: 'next look',
        tries: 4,
      }),
    },
    vanished: {
      run: submitting({
        directory: '/scratch/ada/aiida/4f/8c/1d77/a1',
        retry: {
          ...retry(
            'submission-vanished',
            'The work directory is gone, and with it every sign of whether the job was submitted, or has run: nothing here remembers jobs that have ended.',
          ),
          needsPerson: true,
        },
      }),
      activity: at('needs you', { step: 'submit', until: now + 20 * 60 * second, untilWords: 'next look' }),
    },
    'disk-short': {
      run: submitting({
        retry: retry('local-disk-short', 'The disk of this profile has 1.20 GB left: nothing new is begun.'),
      }),
      activity: at('uploading', {
        step: 'upload',
        until: now + 47 * second,
        untilWords: 'next try',
        tries: 4,
        reason: 'The disk of this profile has 1.20 GB left: nothing new is begun.',
      }),
    },
    trouble: {
      run: submitting({
        retry: retry('remote-disk-full', 'The quota of ada on granite is used up: 1.0 TB of 1.0 TB.'),
      }),
      activity: at('uploading', {
        step: 'upload',
        until: now + 47 * second,
        untilWords: 'next try',
        tries: 4,
        reason: 'The quota of ada on granite is used up: 1.0 TB of 1.0 TB.',
      }),
    },
    'held-by-site': {
      run: submitting({
        placing: true,
        heldSince: now - 20 * minute,
        activity: at('held back', { reason: 'QOSMaxSubmitJobPerUserLimit' }),
      }),
      around: there(),
      activity: at('held back', { step: 'submit', reason: 'QOSMaxSubmitJobPerUserLimit' }),
    },
    'waits-for-turn': {
      run: jobState({ phase: 'upload', activity: at('uploading') }),
      around: { ...there(), turn: { kind: 'transfer', others: 3, since: now - 5 * minute } },
      activity: at('waits', { step: 'upload', reason: 'for 3 other transfers' }),
    },
    'waits-for-place': {
      run: submitting({
        placing: true,
        activity: at('waits for a place', { reason: '20 jobs at once on granite' }),
      }),
      around: there(),
      activity: at('waits for a place', { step: 'submit', reason: '20 jobs at once on granite' }),
    },
    'computer-paused': {
      run: running(seen('running', 'RUNNING')),
      around: there({ connection: 'paused', paused: true }),
      activity: at('running', { reason: 'granite is paused', seen: now - 14 * minute }),
    },
    'computer-needs-you': {
      run: submitting(),
      around: there({
        label: 'basalt',
        connection: 'needs-you',
        problem: error('auth-needed', 'basalt asks for a one-time code.', {
          hint: 'Everything that waits for basalt goes on as soon as you have signed in.',
        }),
        ask: { kind: 'secret', of: 'code', host: 'basalt', port: 22, user: 'ada', prompt: 'Code:' },
      }),
      activity: at('submitting', {
        step: 'submit',
        needsYou: true,
        reason: 'basalt needs you: a one-time code',
      }),
    },
    'computer-unreachable': {
      run: running(seen('running', 'RUNNING')),
      around: {
        ...there({
          connection: 'waiting',
          nextAttempt: now + 3 * minute,
          unreachableSince: now - 3 * hour,
          problem: error('unreachable', 'granite.example.org cannot be reached: no route to host.'),
        }),
        look: { seen: now - 3 * hour, isOld: true, expectedStart: null },
      },
      activity: at('running', {
        reason: 'granite cannot be reached',
        seen: now - 3 * hour,
        since: now - 5 * hour,
      }),
    },
    'look-failed': {
      run: running(seen('queued', 'PENDING', { reason: 'Priority' })),
      around: {
        ...there({
          problem: error('scheduler-down', 'Slurm does not answer.', {
            details: 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)',
          }),
        }),
        look: { seen: now - 7 * minute, isOld: true, expectedStart: null },
      },
      activity: at('in queue', { step: 'queue', seen: now - 7 * minute, reason: 'Priority' }),
    },
    'being-killed': {
      run: running({ ...seen('running', 'RUNNING'), killing: true, activity: at('being cancelled') }),
      activity: at('being cancelled'),
    },
    'being-stopped': {
      run: running({
        ...seen('running', 'RUNNING'),
        rules: [rule],
        stopping: {
          rule,
          value: '48.2',
          line: 'estimated scf accuracy    <      48.20000000 Ry',
          since: now - 14 * second,
          told: true,
        },
      }),
      activity: at('being stopped by a rule', { reason: ruleWords(rule), since: now - 14 * second }),
    },
    'not-seen-yet': {
      run: running({ jobId: '5512091', activity: at('with the scheduler', { since: now - 5 * second }) }),
      around: there(),
      activity: at('with the scheduler', { since: now - 5 * second }),
    },
    'with-scheduler': {
      run: running(seen('queued', 'PENDING', { reason: 'Priority' })),
      around: { ...there(), look: { seen: now - 4 * second, isOld: false, expectedStart: now + 1.4 * hour } },
      activity: at('in queue', {
        step: 'queue',
        reason: 'Priority',
        until: now + 1.4 * hour,
        untilWords: 'expected to start',
      }),
    },
    step: {
      run: jobState({ phase: 'upload', activity: at('uploading') }),
      activity: at('uploading', { step: 'upload', since: now - 4 * second }),
    },
    function: {
      run: functionState({ activity: at('running') }),
      activity: at('running'),
    },
    sleeping: {
      run: workflowState({ activity: at('sleeping (“until the morning”)', { until: now + 9 * hour }) }),
      activity: at('sleeping (“until the morning”)', { until: now + 9 * hour, untilWords: 'wakes up' }),
    },
    children: {
      run: workflowState({
        finished: 3,
        waiting: { volume_3: nodeId(3), volume_4: nodeId(4), volume_5: nodeId(5) },
        activity: at('waiting for 3 steps'),
      }),
      activity: at('waiting for 3 steps', { reason: '3 steps done' }),
    },
    workflow: {
      run: workflowState({ activity: at('running') }),
      activity: at('running'),
    },
  };
}

const heldByAdmins = (now: number): Waiting => ({
  run: running({
    jobId: '5512091',
    facts: facts('queued held', { schedulerState: 'PENDING', reason: 'JobHeldAdmin' }),
    factsSince: now - 2 * hour,
    observedAt: now - 2 * hour,
  }),
  activity: {
    step: 'queue',
    words: 'held in queue',
    reason: 'JobHeldAdmin',
    since: now - 2 * hour,
    needsYou: true,
  },
});

/** A process for every way in which one waits, called `waits: KIND`, with the very words of the core. */
export function addWaits(world: World, now: number): readonly FakeNode[] {
  const all = Object.entries({ ...waitings(now), 'held-by-admins': heldByAdmins(now) });
  return all.map(([kind, { run, around = alone, state = 'waiting', activity }], i) =>
    addProcess(world, {
      kind:
        run.kind === 'job'
          ? 'calculation-job'
          : run.kind === 'workflow'
            ? 'workflow'
            : 'calculation-function',
      className: run.kind === 'job' ? 'PwCalculation' : run.kind === 'workflow' ? 'EquationOfState' : 'fit',
      label: `waits: ${kind}`,
      state,
      ctime: now - i * second,
      process: {
        explanation: whyItWaits(run, around),
        activity: { step: 'run', reason: '', since: null, until: null, ...activity },
        steps:
          run.kind === 'job'
            ? jobTimeline(now - hour, run.phase === 'submit' ? 'submit' : 'run', 'waiting')
            : [],
      },
    }),
  );
}
