/** Whether the job is there, or how it ended, is not known. */
import { formatLocal } from '#shared/base/time.ts';
import type { Explanation } from '#shared/contract/areas/processes.ts';
import type { JobLook } from '../../../computers/computer-runtime.ts';
import type { JobState } from '../../../engine/state.ts';
import type { Surroundings } from '../waits.ts';
import { fact, jobFacts, nextTry, plain, type Of } from './pieces.ts';

/** It was with the scheduler, and neither that nor its directory knows of it any more. A person decides. */
export function lostJob({ run, lost }: Of<'lost'>, look: JobLook | null): Explanation {
  const { observedAt, directory } = run;
  const seen = look?.seen ?? null;
  return {
    ...plain,
    tone: 'needs-you',
    headline: 'The scheduler does not know this job any more, and the job left no sign that it ended.',
    ...(observedAt === undefined ? {} : { since: observedAt }),
    facts: [
      ...(run.jobId === null ? [] : [fact('Job', run.jobId)]),
      fact('Name in the scheduler', run.attempt.token),
      fact('Last seen as', lastSeenAs(run)),
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

/** It may have been submitted: only whether is not known, and goes on being looked for. */
export const unconfirmed = ({ run, retry }: Of<'unconfirmed'>): Explanation => ({
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

/** It may have been submitted, and everything that could say so is gone. A person decides. */
export const vanished = ({ run, retry }: Of<'vanished'>): Explanation => ({
  ...plain,
  tone: 'needs-you',
  headline:
    'The reply to the submission was lost, and then the work directory: whether the job has run cannot be known any more.',
  ...nextTry(retry),
  next: { words: 'next look', ...(retry.until === null ? {} : { at: retry.until }) },
  facts: [
    fact('What was found', retry.message),
    fact('Name in the scheduler', run.attempt.token),
    fact('Attempt', String(run.attempt.number)),
    ...(run.directory === null ? [] : [fact('Work directory', run.directory)]),
  ],
  advice: ['Nothing is submitted again, and nothing is given up, before you have chosen.'],
  actions: ['retry-now', 'assume-lost', 'open-computer', 'kill'],
  consequences: {
    'retry-now': 'Looks in the queue and for the work directory now: when you have put the directory back.',
    'assume-lost':
      'Ends this process as failed (exit status 100). Run it again from its page if its results are needed: a job that did run has left none.',
    'open-computer': 'Look yourself for what may have moved the work directory, or cleaned it up.',
    kill: 'Looks once more, then ends this process as killed.',
  },
});

function lastSeenAs({ facts, factsSince }: JobState): string {
  if (facts === null || facts.state === 'undetermined') return 'the queue never showed it';
  const state = facts.schedulerState === '' ? facts.state : facts.schedulerState;
  return factsSince === null ? state : `${state} since ${formatLocal(factsSince)}`;
}

/** The queue says that it ended, and accounting, which would say how, does not answer. */
export function unaccounted({ run, silence }: Of<'unaccounted'>, { queue, look }: Surroundings): Explanation {
  const { directory } = run;
  const { noted, since, message } = silence;
  const seen = look?.seen ?? null;
  return {
    ...plain,
    headline: `Accounting${queue === null ? '' : ` on ${queue.label}`} has not answered since ${formatLocal(since)}. The job has left the queue, and how it ended is asked there.`,
    since,
    next: { words: 'asked again by itself, at least every 10 minutes' },
    facts: [
      ...(message === '' ? [] : [fact('It says', message)]),
      ...jobFacts(run),
      fact('Name in the scheduler', run.attempt.token),
      fact('Last seen as', lastSeenAs(run)),
      fact('Note of its end', noted ? 'there is one in its work directory' : 'none in its work directory'),
      ...(directory === null ? [] : [fact('Work directory', directory)]),
      ...(seen === null ? [] : [fact('Last look', formatLocal(seen))]),
    ],
    advice: [
      noted
        ? 'If accounting stays away, the job’s own note of its end must do: after a minute where it ended well, after an hour where it did not, because then accounting would know why.'
        : 'Nothing is submitted again, and nothing is given up, before accounting answers or you have chosen.',
    ],
    actions: noted
      ? ['retry-now', 'open-computer', 'kill']
      : ['retry-now', 'assume-lost', 'open-computer', 'kill'],
    consequences: {
      'retry-now': 'Asks the queue, accounting and the work directory now.',
      ...(noted
        ? {}
        : {
            'assume-lost':
              'Ends this process as failed (exit status 100). If the job does run somewhere, its results are not collected.',
          }),
      'open-computer': 'Look into the work directory yourself: if the job ended, its output is there.',
    },
  };
}
