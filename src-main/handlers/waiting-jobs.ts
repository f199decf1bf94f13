import type { QueueState } from '#shared/contract/areas/computers.ts';
import type { Engine } from '../engine/engine.ts';
import type { JobPhase } from '../engine/state.ts';

/** The phases of a job in which its next step needs its computer; a job with the scheduler goes on by itself. */
const needComputer: ReadonlySet<JobPhase> = new Set<JobPhase>(['upload', 'submit', 'retrieve']);

type Queue = Pick<QueueState, 'connection'> & { readonly computer: string };

/** Out of reach: what needs it cannot begin. */
export const isOutOfReach = ({ connection }: Pick<QueueState, 'connection'>): boolean =>
  connection === 'waiting' || connection === 'needs-you' || connection === 'paused';

/** How many jobs each computer holds up. The states are gone through only where one does. */
export function waitingJobs(
  queues: readonly Queue[],
  engine: Pick<Engine, 'states'>,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>(queues.filter(isOutOfReach).map(({ computer }) => [computer, 0]));
  if (counts.size === 0) return counts;
  for (const state of engine.states()) {
    if (state.kind !== 'job' || state.paused || !needComputer.has(state.phase)) continue;
    const count = counts.get(state.computer);
    if (count !== undefined) counts.set(state.computer, count + 1);
  }
  return counts;
}
