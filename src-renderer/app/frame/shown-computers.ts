import type { AppStatus } from '#shared/contract/areas/app.ts';

type Computer = AppStatus['computers'][number];

/** What a person should see first; of equals, those with more jobs. */
const urgency: Readonly<Record<Computer['connection'], number>> = {
  'needs-you': 0,
  waiting: 1,
  paused: 2,
  connecting: 3,
  connected: 4,
  idle: 5,
};

/** The computers that the status bar has room for, in their usual order, and how many are left out. */
export function shownComputers(
  computers: readonly Computer[],
  most: number,
): { readonly shown: readonly Computer[]; readonly more: number } {
  if (computers.length <= most) return { shown: computers, more: 0 };
  const first = computers
    .toSorted((a, b) => urgency[a.connection] - urgency[b.connection] || b.jobs - a.jobs)
    .slice(0, most - 1);
  const kept = new Set(first.map(({ uuid }) => uuid));
  return {
    shown: computers.filter(({ uuid }) => kept.has(uuid)),
    more: computers.length - first.length,
  };
}
