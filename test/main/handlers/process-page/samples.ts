import type { QueueState } from '#main/handlers/process-page/waits.ts';
import type { Retry } from '#main/engine/state.ts';

export const now = Date.parse('2026-11-22T10:00:00Z');

export const retry = (code: string, more: Partial<Retry> = {}): Retry => ({
  code,
  message: `It failed: ${code}.`,
  hint: '',
  failures: 3,
  since: now - 60_000,
  until: now + 40_000,
  needsPerson: false,
  ...more,
});

export const queue = (more: Partial<QueueState> = {}): QueueState => ({
  computer: '00000000-0000-4000-8000-000000000900',
  label: 'granite',
  scheduler: 'Slurm',
  connection: 'connected',
  words: 'connected for 00:10',
  paused: false,
  lastPoll: now - 5000,
  nextPoll: now + 5000,
  nextAttempt: null,
  unreachableSince: null,
  places: null,
  steps: {},
  jobs: [],
  problem: null,
  ask: null,
  ...more,
});
