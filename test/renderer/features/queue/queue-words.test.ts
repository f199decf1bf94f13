import { describe, expect, it } from 'vitest';
import type { QueueState } from '#shared/contract/areas/computers.ts';
import { orderQueues, stepCounts } from '#renderer/features/queue/queue-words.ts';

const queue = (label: string, changes: Partial<QueueState> = {}): QueueState => ({
  computer: label,
  label,
  scheduler: 'core.slurm',
  connection: 'idle',
  words: '',
  paused: false,
  lastPoll: null,
  nextPoll: null,
  nextAttempt: null,
  unreachableSince: null,
  waiting: 0,
  places: null,
  steps: {},
  jobs: [],
  problem: null,
  ask: null,
  ...changes,
});

describe('the queue page', () => {
  it('counts jobs by step, in the order in which steps happen, and hides no step that it does not know', () => {
    expect(
      stepCounts({ run: 2, upload: 1, dreaming: 3, queue: 0 }).map(({ words, count }) => [count, words]),
    ).toEqual([
      [1, 'uploading'],
      [2, 'running'],
      [3, 'dreaming'],
    ]);
  });

  it('shows who needs a person first, then who has work, then the others by label', () => {
    const queues = [
      queue('node10'),
      queue('node9'),
      queue('busy', { steps: { run: 1 } }),
      queue('zinc', { connection: 'needs-you' }),
    ];
    expect(orderQueues(queues).map(({ label }) => label)).toEqual(['zinc', 'busy', 'node9', 'node10']);
  });
});
