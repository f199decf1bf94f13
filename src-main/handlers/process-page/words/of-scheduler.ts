/** The job is with the scheduler, which says what it does. */
import type { Explanation } from '#shared/contract/areas/processes.ts';
import { queueReason } from '#shared/process/queue-reasons.ts';
import type { JobFacts } from '../../../engine/ports.ts';
import type { QueueState, Surroundings } from '../waits.ts';
import { fact, jobFacts, lastsSince, nextLook, plain, type Of } from './pieces.ts';

/** Each state of the scheduler, with the meaning of its reason where that is known. */
export function withScheduler({ run, facts }: Of<'with-scheduler'>, around: Surroundings): Explanation {
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
