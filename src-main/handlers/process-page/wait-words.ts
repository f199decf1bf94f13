/** The words of a person for every way in which a process waits: for what, since when, until when, what can be done. */
import { assertNever } from '#shared/base/assert.ts';
import { formatLocal } from '#shared/base/time.ts';
import type { Explanation, LinkEnd } from '#shared/contract/areas/processes.ts';
import { isTransportCause } from '#shared/process/causes.ts';
import { ruleWords } from '#shared/process/rule-words.ts';
import { queueReason } from '#shared/process/queue-reasons.ts';
import type { JobLook } from '../../computers/computer-runtime.ts';
import type { JobFacts } from '../../engine/ports.ts';
import type { JobState, Retry, RunState, WorkflowState } from '../../engine/state.ts';
import { causeHelp } from './cause-help.ts';
import { waitOf, type QueueState, type Surroundings, type Wait } from './waits.ts';

type Facts = Explanation['facts'];
type Of<K extends Wait['kind']> = Extract<Wait, { kind: K }>;

const plain: Explanation = { headline: '', tone: 'waits', facts: [], lines: [], advice: [], actions: [] };

export const fact = (name: string, value: string): Facts[number] => ({ name, value });

/** @param called the processes that it has called, to name those that it waits for */
export function whyItWaits(
  run: RunState,
  around: Surroundings,
  called: readonly LinkEnd[] = [],
): Explanation {
  const wait = waitOf(run, around);
  const said = wordsOf(wait, around, called);
  const seen = seenOf(run, around.look);
  return run.kind !== 'job' || run.phase !== 'run' || seen === null ? said : { ...said, seen };
}

/** When the computer last told how the job is: by its last look since we run, else by what is stored. */
export function seenOf(run: RunState, look: JobLook | null): number | null {
  if (run.kind !== 'job') return null;
  return look?.seen ?? run.observedAt ?? null;
}

function wordsOf(wait: Wait, around: Surroundings, called: readonly LinkEnd[]): Explanation {
  switch (wait.kind) {
    case 'engine-trouble':
      return engineTrouble(wait);
    case 'code-changed':
      return codeChanged(wait);
    case 'question':
      return question(wait);
    case 'question-below':
      return questionBelow(wait, called);
    case 'paused':
      return pausedByPerson(wait);
    case 'lost':
      return lostJob(wait, around.look);
    case 'unconfirmed':
      return unconfirmed(wait);
    case 'trouble':
      return troubled(wait);
    case 'disk-short':
      return diskShort(wait);
    case 'held-by-site':
      return heldBySite(wait);
    case 'waits-for-place':
      return waitsForPlace(wait);
    case 'computer-paused':
      return computerPaused(wait);
    case 'computer-needs-you':
      return computerNeedsYou(wait);
    case 'computer-unreachable':
      return computerUnreachable(wait);
    case 'look-failed':
      return lookFailed(wait);
    case 'being-killed':
      return beingKilled(wait);
    case 'being-stopped':
      return beingStopped(wait);
    case 'not-seen-yet':
      return {
        ...plain,
        headline: 'The scheduler has taken the job. The queue has not been looked at since.',
        ...lastsSince(wait.run),
        ...nextLook(around.queue),
        facts: jobFacts(wait.run),
        actions: ['retry-now'],
      };
    case 'with-scheduler':
      return withScheduler(wait, around);
    case 'step':
      return {
        ...plain,
        tone: 'goes-on',
        headline: stepWords[wait.phase],
        ...lastsSince(wait.run),
        facts: jobFacts(wait.run),
      };
    case 'function':
      return { ...plain, tone: 'goes-on', headline: 'Running on this machine.', ...lastsSince(wait.run) };
    case 'sleeping':
      return {
        ...plain,
        headline: `The workflow has asked to wait until ${formatLocal(wait.until)}.`,
        ...lastsSince(wait.run),
        next: { words: 'wakes up', at: wait.until },
        advice: ['The time is kept: it also passes while Stemma is closed.'],
        actions: ['pause', 'kill'],
      };
    case 'children':
      return waitsForChildren(wait, called);
    case 'workflow':
      return {
        ...plain,
        tone: 'goes-on',
        headline: 'The code of the workflow is running: it has no step to wait for.',
        ...lastsSince(wait.run),
        facts: stepsDone(wait.run),
      };
    default:
      return assertNever(wait);
  }
}

const stepWords: Readonly<Record<Of<'step'>['phase'], string>> = {
  prepare: 'Preparing the input files.',
  upload: 'Uploading the files to the computer.',
  submit: 'Submitting the job to the scheduler.',
  retrieve: 'The job has ended; its files are being retrieved.',
  parse: 'The files are here and are being parsed.',
};

// ------------------------------------------------------------------------------------------------ pieces

const lastsSince = ({ activity: { since } }: RunState): Pick<Explanation, 'since'> =>
  since === null ? {} : { since };

function nextTry(retry: Retry): Pick<Explanation, 'since' | 'next' | 'tries'> {
  const next =
    retry.until === null ? { words: 'waits until you have acted' } : { words: 'next try', at: retry.until };
  return { since: retry.since, tries: retry.failures, next };
}

const nextLook = (queue: QueueState | null): Pick<Explanation, 'next'> =>
  queue === null || queue.nextPoll === null ? {} : { next: { words: 'next look', at: queue.nextPoll } };

function jobFacts(run: RunState): Facts {
  if (run.kind !== 'job') return [];
  const out: Facts[number][] = [];
  if (run.jobId !== null) out.push(fact('Job', run.jobId));
  if (run.facts !== null && run.facts.schedulerState !== '')
    out.push(fact('Scheduler state', run.facts.schedulerState));
  if (run.facts?.nodes !== undefined) out.push(fact('Nodes', run.facts.nodes));
  return out;
}

const stepsDone = (run: WorkflowState): Facts =>
  run.finished === 0 ? [] : [fact('Steps done', String(run.finished))];

/** What a kill does where the computer cannot be asked. */
const killThere =
  'Asks the scheduler to cancel the job as soon as the computer answers, then ends this process. Pressed a second time it ends at once, and the job may stay there.';

// ------------------------------------------------------------------------------------------------ by kind

function engineTrouble({ error, since }: Of<'engine-trouble'>): Explanation {
  const full = error.code === 'disk-full';
  return {
    ...plain,
    tone: full ? 'needs-you' : 'waits',
    headline: error.message,
    since,
    next: { words: full ? 'tried again every 5 s' : 'tried again all the time' },
    facts: [fact('Concerns', 'every process of this profile')],
    advice: [
      full
        ? 'Free space on the disk of this profile. Everything goes on by itself, without a restart; nothing that was stored is lost.'
        : 'Another program holds the database: a backup, or a viewer that has it open. Everything goes on as soon as it lets go.',
    ],
  };
}

const codeChanged = ({ run, changed }: Of<'code-changed'>): Explanation => ({
  ...plain,
  tone: 'needs-you',
  headline: `The code of the workflow has changed since it started: step “${changed.label}” asks for something else.`,
  ...lastsSince(run),
  facts: [
    fact('Recorded', changed.recorded),
    fact('Asked now', changed.asked),
    fact('Steps done', String(run.finished)),
  ],
  advice: [],
  actions: ['show-code', 'resume', 'play', 'kill'],
  consequences: {
    'show-code': 'The code of this run and the code that is installed, side by side.',
    resume:
      'Starts a new run with the code that is installed; what this run finished is taken over where it is the same.',
    play: 'Asks once more: with the former version of the plugin back in place, the workflow goes on where it was.',
    kill: 'Ends the workflow. What its steps have stored stays; launch it again to use the new code.',
  },
});

const question = ({ run, label, question: asked }: Of<'question'>): Explanation => ({
  ...plain,
  tone: 'needs-you',
  headline: asked.question,
  since: asked.since,
  next: { words: 'waits for your answer, for as long as it takes' },
  facts: [
    ...asked.facts.map(({ name, value }) => fact(name, value)),
    ...stepsDone(run),
    ...moreQuestions(Object.keys(run.questions ?? {}).length - 1),
  ],
  question: { label, choices: asked.choices.map((choice) => ({ ...choice })) },
  actions: ['kill'],
});

const moreQuestions = (count: number): Facts =>
  count === 0 ? [] : [fact('Then', count === 1 ? 'one more question' : `${count} more questions`)];

function questionBelow({ below }: Of<'question-below'>, called: readonly LinkEnd[]): Explanation {
  const child = called.find((end) => end.label === below.label);
  return {
    ...plain,
    tone: 'needs-you',
    headline: `Its step “${below.label}” asks a person.`,
    since: below.since,
    next: { words: 'waits for your answer, for as long as it takes' },
    facts: [
      fact('It asks', below.words),
      ...(child === undefined
        ? []
        : [{ ...fact('Answer it there', child.node.name), process: child.node.uuid }]),
    ],
    actions: ['kill'],
  };
}

const pausedByPerson = ({ run }: Of<'paused'>): Explanation => ({
  ...plain,
  headline: 'Paused by a person: nothing happens until someone presses play.',
  facts: jobFacts(run),
  advice:
    run.kind === 'job' && run.phase === 'run'
      ? [
          'The job itself goes on at the scheduler and keeps its place there; its rules rest, and its files are retrieved after the pause.',
        ]
      : [],
  actions: ['play', 'kill'],
});

function lostJob({ run, lost }: Of<'lost'>, look: JobLook | null): Explanation {
  const { facts, observedAt, directory } = run;
  const seen = look?.seen ?? null;
  const last =
    facts === null || facts.state === 'undetermined'
      ? 'the queue never showed it'
      : `${facts.schedulerState === '' ? facts.state : facts.schedulerState}${run.factsSince === null ? '' : ` since ${formatLocal(run.factsSince)}`}`;
  return {
    ...plain,
    tone: 'needs-you',
    headline: 'The scheduler does not know this job any more, and the job left no sign that it ended.',
    ...(observedAt === undefined ? {} : { since: observedAt }),
    facts: [
      ...(run.jobId === null ? [] : [fact('Job', run.jobId)]),
      fact('Name in the scheduler', run.attempt.token),
      fact('Last seen as', last),
      ...(run.lostFound ?? [fact('What was found', lost)]).map(({ name, value }) => fact(name, value)),
      ...(directory === null ? [] : [fact('Work directory', directory)]),
      ...(seen === null ? [] : [fact('Last look', formatLocal(seen))]),
    ],
    advice: ['Nothing is submitted again, and nothing is given up, before you have chosen.'],
    actions: ['look-again', 'assume-lost', 'open-computer'],
    consequences: {
      'look-again':
        'Asks the queue, accounting and the work directory once more: right after maintenance, or when you have put the directory back.',
      'assume-lost':
        'Ends this process as failed (exit status 100). If the job does run somewhere, its results are not collected.',
      'open-computer': 'Look into the work directory yourself: if the job ended, its output is there.',
    },
  };
}

const unconfirmed = ({ run, retry }: Of<'unconfirmed'>): Explanation => ({
  ...plain,
  headline: 'The reply of the scheduler was lost: it is not certain yet whether it took the job.',
  ...nextTry(retry),
  next: { words: 'next look', ...(retry.until === null ? {} : { at: retry.until }) },
  facts: [
    fact('What was found', retry.message),
    fact('Name in the scheduler', run.attempt.token),
    fact('Attempt', String(run.attempt.number)),
    ...(run.directory === null ? [] : [fact('Work directory', run.directory)]),
  ],
  advice: ['It is looked for by its name until it is certain. Until then nothing is submitted again.'],
  actions: ['retry-now', 'kill', 'open-computer'],
  consequences: {
    'retry-now': 'Looks in the queue, in accounting and in the work directory now. It never submits twice.',
    kill: 'Cancels the job if it is found. Pressed a second time it ends this process without an answer; a job that was taken then stays at the scheduler, under the name above.',
  },
});

function troubled({ run, retry }: Of<'trouble'>): Explanation {
  const known = isTransportCause(retry.code) ? causeHelp[retry.code] : null;
  const actions = known?.actions ?? ['retry-now', 'kill'];
  const advice = [retry.hint, known?.advice ?? ''].filter((text) => text !== '');
  return {
    ...plain,
    tone: retry.needsPerson ? 'needs-you' : 'waits',
    headline: retry.message,
    ...nextTry(retry),
    facts: jobFacts(run),
    // the trouble's own hint knows more than what is said of all of its kind
    advice: retry.hint === '' ? advice : [retry.hint],
    actions: run.kind === 'job' ? [...actions] : actions.filter((action) => action !== 'open-computer'),
  };
}

const diskShort = ({ run, retry }: Of<'disk-short'>): Explanation => ({
  ...plain,
  headline: retry.message,
  ...nextTry(retry),
  next: {
    words: 'as soon as there is room; tried in any case',
    ...(retry.until === null ? {} : { at: retry.until }),
  },
  facts: jobFacts(run),
  advice: [
    retry.hint === '' ? causeHelp['local-disk-short'].advice : retry.hint,
    ...(run.kind === 'job' && run.phase === 'retrieve'
      ? ['The job has ended, and its files stay on the computer meanwhile.']
      : []),
  ],
  actions: ['retry-now', 'kill'],
});

const heldBySite = ({ run, queue }: Of<'held-by-site'>): Explanation => ({
  ...plain,
  headline: 'The site takes no more jobs from you now. Nothing is wrong with this one.',
  ...lastsSince(run),
  next: { words: 'as soon as a job of yours has left its queue; now and then one is tried all the same' },
  facts: [
    ...(run.activity.reason === '' ? [] : [fact('The scheduler says', run.activity.reason)]),
    ...placesFacts(queue),
  ],
  advice: ['One of your jobs asks for all that wait, so the site is not asked more often because of them.'],
  actions: ['retry-now', 'open-computer', 'kill'],
});

const waitsForPlace = ({ run, queue }: Of<'waits-for-place'>): Explanation => ({
  ...plain,
  headline: `Waits for a place: ${queue?.places?.words ?? run.activity.reason}.`,
  ...lastsSince(run),
  next: { words: 'as soon as one of them has ended' },
  facts: placesFacts(queue),
  advice: ['The limit is yours: it is among the settings of the computer.'],
  actions: ['open-computer', 'kill'],
});

const placesFacts = (queue: QueueState | null): Facts =>
  queue === null || queue.places === null
    ? []
    : [fact('Jobs that wait like this', String(queue.places.waiting))];

const jobGoesOn = (run: JobState): string[] =>
  run.phase === 'run' ? ['The job itself goes on there; its state is as it was last seen.'] : [];

const lastState = (run: JobState): Facts =>
  run.phase !== 'run' || run.facts === null ? [] : [fact('Last state', run.facts.state)];

const computerPaused = ({ run, queue }: Of<'computer-paused'>): Explanation => ({
  ...plain,
  headline: `The computer ${queue.label} is paused: nothing happens there until someone resumes it.`,
  facts: [fact('Computer', queue.label), ...lastState(run), ...jobFacts(run)],
  advice: jobGoesOn(run),
  actions: ['resume-computer', 'open-computer', 'kill'],
  consequences: { kill: killThere },
});

function computerNeedsYou({ run, queue }: Of<'computer-needs-you'>): Explanation {
  const { message, hint = '', details = '' } = queue.problem ?? { message: queue.words };
  const help =
    queue.problem !== null && isTransportCause(queue.problem.code) ? causeHelp[queue.problem.code] : null;
  return {
    ...plain,
    tone: 'needs-you',
    headline: message,
    next: { words: 'waits until you have acted' },
    facts: [fact('Computer', queue.label), ...lastState(run), ...jobFacts(run)],
    lines: details === '' ? [] : details.split('\n').slice(0, 20),
    advice: [hint === '' ? (help?.advice ?? '') : hint, ...jobGoesOn(run)].filter((text) => text !== ''),
    actions: [queue.ask === null ? 'retry-now' : 'sign-in', 'open-computer', 'kill'],
  };
}

function computerUnreachable({ run, queue }: Of<'computer-unreachable'>): Explanation {
  const { message, hint = '', code = 'unreachable' } = queue.problem ?? { message: queue.words };
  const help = isTransportCause(code) ? causeHelp[code] : causeHelp.unreachable;
  return {
    ...plain,
    headline: message,
    ...(queue.unreachableSince === null ? {} : { since: queue.unreachableSince }),
    next: { words: 'next try', ...(queue.nextAttempt === null ? {} : { at: queue.nextAttempt }) },
    facts: [fact('Computer', queue.label), ...lastState(run), ...jobFacts(run)],
    advice: [hint === '' ? help.advice : hint, ...jobGoesOn(run)],
    actions: ['retry-now', 'open-computer', 'kill'],
    consequences: { kill: killThere },
  };
}

function lookFailed({ run, queue }: Of<'look-failed'>): Explanation {
  const { message, hint = '', details = '' } = queue.problem ?? { message: queue.words };
  return {
    ...plain,
    headline: `The queue of ${queue.label} could not be looked at: ${message}`,
    ...nextLook(queue),
    facts: [...lastState(run), ...jobFacts(run)],
    lines: details === '' ? [] : details.split('\n').slice(0, 20),
    advice: [
      hint,
      'What is shown of the job is as it was last seen; no answer is never taken for an end.',
    ].filter((text) => text !== ''),
    actions: ['retry-now', 'open-computer'],
  };
}

function beingKilled({ run }: Of<'being-killed'>): Explanation {
  const steps = run.kind === 'workflow' ? Object.keys(run.waiting).length : 0;
  return {
    ...plain,
    headline:
      run.kind === 'workflow'
        ? `Being killed: it ends when its ${steps === 1 ? 'step has' : `${steps} steps have`} ended.`
        : 'Being killed: the scheduler is asked to cancel the job.',
    ...lastsSince(run),
    facts: jobFacts(run),
    actions: ['retry-now', 'open-computer'],
  };
}

const beingStopped = ({ run, stopping }: Of<'being-stopped'>): Explanation => ({
  ...plain,
  headline: stopping.told
    ? 'A rule stops the job: the scheduler was told, and its end is awaited.'
    : 'A rule stops the job: the scheduler is asked to cancel it.',
  since: stopping.since,
  facts: [
    fact('The rule', ruleWords(stopping.rule)),
    ...(stopping.value === null ? [] : [fact('It read', `${stopping.value} in “${stopping.line}”`)]),
    ...jobFacts(run),
  ],
  advice: [
    stopping.rule.after === 'nothing'
      ? 'It ends with exit status 150; its files stay where they are.'
      : 'Its files come back all the same; it ends with exit status 150.',
  ],
  actions: ['retry-now', 'open-computer', 'kill'],
});

function withScheduler({ run, facts }: Of<'with-scheduler'>, around: Surroundings): Explanation {
  const { reason } = facts;
  const meaning = reason === '' ? null : queueReason(reason);
  const since = run.factsSince === null ? lastsSince(run) : { since: run.factsSince };
  const common = { ...plain, ...since, facts: jobFacts(run) } as const;
  switch (facts.state) {
    case 'queued':
    case 'queued held': {
      const stays = meaning?.needsPerson === true;
      const start = around.look?.expectedStart ?? facts.expectedStart ?? null;
      return {
        ...common,
        tone: stays ? 'needs-you' : 'waits',
        headline: queueHeadline(facts, meaning?.words ?? ''),
        ...(stays ? { next: { words: 'does not start by itself' } } : startWords(start, around.queue)),
        facts: [...(reason === '' ? [] : [fact('Reason', reason)]), ...jobFacts(run)],
        advice: meaning === null || meaning.advice === '' ? [] : [meaning.advice],
        actions: stays ? ['kill', 'open-computer'] : ['kill'],
      };
    }
    case 'running':
      return {
        ...common,
        tone: 'goes-on',
        headline: 'The job is running.',
        ...nextLook(around.queue),
        actions: ['show-files'],
      };
    case 'suspended':
      return {
        ...common,
        headline:
          'The scheduler has suspended the job: it keeps its nodes or its memory, and does not compute.',
        ...nextLook(around.queue),
        advice: [
          'A job with a higher priority may have taken its place; it goes on afterwards. Your cluster decides.',
        ],
        actions: ['kill'],
      };
    case 'done':
      return {
        ...common,
        headline: 'The job is ending: the scheduler has it as over, and its own note of the end is awaited.',
        ...nextLook(around.queue),
        advice: ['File servers show new files late. After a minute the scheduler’s word is enough.'],
        actions: ['retry-now'],
      };
    case 'undetermined':
      return {
        ...common,
        headline: `The scheduler calls the job “${facts.schedulerState || 'unknown'}”, which says nothing of whether it runs.`,
        ...nextLook(around.queue),
        facts: [...(reason === '' ? [] : [fact('Reason', reason)]), ...jobFacts(run)],
        advice: ['It is asked again; a word that is not known is never taken for an end.'],
        actions: ['retry-now', 'open-computer', 'kill'],
      };
  }
}

function queueHeadline(facts: JobFacts, meaning: string): string {
  const where = facts.state === 'queued held' ? 'Held in the queue.' : 'In the queue.';
  return meaning === '' ? `${where} The scheduler gives no reason yet.` : `${where} ${meaning}`;
}

/** Slurm’s own estimate, where it makes one; else when the queue is looked at again. */
const startWords = (start: number | null, queue: QueueState | null): Pick<Explanation, 'next'> =>
  start === null ? nextLook(queue) : { next: { words: 'the scheduler expects it to start', at: start } };

/** So many of the steps that it waits for are named. */
const mostNamed = 8;

function waitsForChildren({ run, labels }: Of<'children'>, called: readonly LinkEnd[]): Explanation {
  const named = labels.slice(0, mostNamed).map((label): Facts[number] => {
    const child = called.find((end) => end.label === label);
    return child === undefined
      ? fact(`Step ${label}`, 'has begun')
      : {
          name: `Step ${label}`,
          value: `${child.node.name}${child.node.state === null ? '' : `: ${child.node.state}`}`,
          process: child.node.uuid,
        };
  });
  const more = labels.length - named.length;
  return {
    ...plain,
    headline:
      labels.length === 1 ? `Waiting for its step “${labels[0]}”.` : `Waiting for ${labels.length} steps.`,
    ...lastsSince(run),
    facts: [...named, ...(more > 0 ? [fact('And', `${more} more`)] : []), ...stepsDone(run)],
    advice: ['Why a step waits stands on its own page.'],
    actions: ['pause', 'kill'],
  };
}
