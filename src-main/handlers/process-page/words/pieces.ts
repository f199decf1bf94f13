/** What the words of several kinds of waiting share. */
import type { Explanation } from '#shared/contract/areas/processes.ts';
import type { JobState, Retry, RunState, WorkflowState } from '../../../engine/state.ts';
import type { QueueState, Wait } from '../waits.ts';

export type Facts = Explanation['facts'];
export type Of<K extends Wait['kind']> = Extract<Wait, { kind: K }>;

export const plain: Explanation = {
  headline: '',
  tone: 'waits',
  facts: [],
  lines: [],
  advice: [],
  actions: [],
};

/** One line of the table of facts, both sides as people read them. */
export const fact = (name: string, value: string): Facts[number] => ({ name, value });

/** Since when it does what it does now; nothing where the engine has not said. */
export const lastsSince = ({ activity: { since } }: RunState): Pick<Explanation, 'since'> =>
  since === null ? {} : { since };

/** Since when a step fails, how often it has, and when it is tried again; no time where only a person can help. */
export function nextTry(retry: Retry): Pick<Explanation, 'since' | 'next' | 'tries'> {
  const { until, needsPerson } = retry;
  const next =
    until === null
      ? { words: 'waits until you have acted' }
      : {
          words: needsPerson ? 'as soon as you have acted; looked at again by itself' : 'next try',
          at: until,
        };
  return { since: retry.since, tries: retry.failures, next };
}

/** When the queue is asked again; nothing while that is not planned. */
export const nextLook = (queue: QueueState | null): Pick<Explanation, 'next'> =>
  queue === null || queue.nextPoll === null ? {} : { next: { words: 'next look', at: queue.nextPoll } };

/** What the scheduler calls the job and where it runs; empty for what is no job. */
export function jobFacts(run: RunState): Facts {
  if (run.kind !== 'job') return [];
  const out: Facts[number][] = [];
  if (run.jobId !== null) out.push(fact('Job', run.jobId));
  if (run.facts !== null && run.facts.schedulerState !== '')
    out.push(fact('Scheduler state', run.facts.schedulerState));
  if (run.facts?.nodes !== undefined) out.push(fact('Nodes', run.facts.nodes));
  return out;
}

/** For a workflow of which something has finished. */
export const stepsDone = (run: WorkflowState): Facts =>
  run.finished === 0 ? [] : [fact('Steps done', String(run.finished))];

/** What a kill does where the computer cannot be asked. */
export const killThere =
  'Asks the scheduler to cancel the job as soon as the computer answers, then ends this process. Pressed a second time it ends at once, and the job may stay there.';

/** Reassurance for a job at a computer that does not answer: what stands still is only what we know of it. */
export const jobGoesOn = (run: JobState): string[] =>
  run.phase === 'run' ? ['The job itself goes on there; its state is as it was last seen.'] : [];

/** The state of before the computer fell silent; nothing for a job that was never seen. */
export const lastState = (run: JobState): Facts =>
  run.phase !== 'run' || run.facts === null ? [] : [fact('Last state', run.facts.state)];
