/** The computer of a job is away, is paused, needs a person, or takes no more jobs. */
import type { Explanation } from '#shared/contract/areas/processes.ts';
import { isTransportCause } from '#shared/process/causes.ts';
import { causeHelp } from '../cause-help.ts';
import type { Turn } from '../../../computers/turns.ts';
import type { QueueState } from '../waits.ts';
import {
  fact,
  jobFacts,
  jobGoesOn,
  killThere,
  lastState,
  lastsSince,
  nextLook,
  plain,
  type Facts,
  type Of,
} from './pieces.ts';

/** The scheduler has refused a submission because this account has too many jobs there already. */
export const heldBySite = ({ run, queue }: Of<'held-by-site'>): Explanation => ({
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

/** A limit that the person has set for the computer is reached. */
export const waitsForPlace = ({ run, queue }: Of<'waits-for-place'>): Explanation => ({
  ...plain,
  headline: `Waits for a place: ${queue?.places?.words ?? run.activity.reason}.`,
  ...lastsSince(run),
  next: { words: 'as soon as one of them has ended' },
  facts: placesFacts(queue),
  advice: ['The limit is yours: it is among the settings of the computer.'],
  actions: ['open-computer', 'kill'],
});

/** As many transfers or submissions as may go on at once there do so already. */
export const waitsForTurn = ({
  turn: { kind, others, since },
  queue,
}: Of<'waits-for-turn'>): Explanation => ({
  ...plain,
  headline: `Waits for ${turnWords(kind, others)}${queue === null ? '' : ` on ${queue.label}`}.`,
  since,
  next: { words: 'as soon as one of them has ended' },
  facts: [fact('At once there', String(others))],
  advice: [
    kind === 'transfer'
      ? 'How many uploads and retrievals go on at once is among the settings of the computer.'
      : 'Only a few jobs are submitted at once, so as not to burden the site.',
  ],
  actions: ['open-computer', 'kill'],
});

/** `3 other transfers` */
export const turnWords = (kind: Turn['kind'], others: number): string =>
  `${others} other ${kind}${others === 1 ? '' : 's'}`;

const placesFacts = (queue: QueueState | null): Facts =>
  queue === null || queue.places === null
    ? []
    : [fact('Jobs that wait like this', String(queue.places.waiting))];

/** A person has paused the computer; the jobs that are there go on. */
export const computerPaused = ({ run, queue }: Of<'computer-paused'>): Explanation => ({
  ...plain,
  headline: `The computer ${queue.label} is paused: nothing happens there until someone resumes it.`,
  facts: [fact('Computer', queue.label), ...lastState(run), ...jobFacts(run)],
  advice: jobGoesOn(run),
  actions: ['resume-computer', 'open-computer', 'kill'],
  consequences: { kill: killThere },
});

/** The connection waits for a person: a password, a host key, a mistake in the settings. */
export function computerNeedsYou({ run, queue }: Of<'computer-needs-you'>): Explanation {
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

/** The connection is down and is tried again by itself. */
export function computerUnreachable({ run, queue }: Of<'computer-unreachable'>): Explanation {
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

/** The computer answers, its scheduler does not. */
export function lookFailed({ run, queue }: Of<'look-failed'>): Explanation {
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
