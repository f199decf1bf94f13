import type { QueueState } from '#shared/contract/areas/computers.ts';
import { jobSteps, type JobStep } from '#shared/process/states.ts';

const stepWords: Readonly<Record<JobStep, string>> = {
  prepare: 'preparing',
  upload: 'uploading',
  submit: 'submitting',
  queue: 'in queue',
  run: 'running',
  retrieve: 'retrieving',
  parse: 'parsing',
};

export interface StepCount {
  readonly step: string;
  readonly words: string;
  readonly count: number;
}

/** How many jobs are in each step, in the order in which steps happen; steps without any are left out. */
export function stepCounts(steps: QueueState['steps']): readonly StepCount[] {
  const known = jobSteps.map((step) => ({ step, words: stepWords[step], count: steps[step] ?? 0 }));
  const others = Object.entries(steps)
    .filter(([step]) => !(jobSteps as readonly string[]).includes(step))
    .map(([step, count]) => ({ step, words: step, count }));
  return [...known, ...others].filter(({ count }) => count > 0);
}

const jobStates: Readonly<Record<string, string>> = {
  queued: 'in queue',
  'queued held': 'held in queue',
  running: 'running',
  suspended: 'suspended',
  done: 'ended',
  undetermined: 'not seen yet',
};

/** The word itself for a state that this version does not know. */
export const jobStateWords = (state: string): string => jobStates[state] ?? state;

/** What the person is wanted for, as the words of a link to where it is done. */
export function askWords(ask: NonNullable<QueueState['ask']>): string {
  switch (ask.kind) {
    case 'host-key':
      return 'Look at the host key…';
    case 'host-key-changed':
      return 'The host key has changed…';
    case 'secret':
      return 'Sign in…';
  }
}

/** Those that need a person first, then those with work, then by label. */
export function orderQueues(queues: readonly QueueState[]): readonly QueueState[] {
  const rank = ({ connection, jobs, steps }: QueueState): number => {
    if (connection === 'needs-you') return 0;
    return jobs.length > 0 || Object.keys(steps).length > 0 ? 1 : 2;
  };
  return queues.toSorted(
    (a, b) => rank(a) - rank(b) || a.label.localeCompare(b.label, 'en', { numeric: true }),
  );
}
