import { assertNever } from '#shared/base/assert.ts';

export type TableMove = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last';

/** By the key that is pressed. */
export const tableMoves: Readonly<Record<string, TableMove>> = {
  ArrowDown: 'down',
  ArrowUp: 'up',
  PageDown: 'page-down',
  PageUp: 'page-up',
  Home: 'first',
  End: 'last',
};

/** The index that a key leads to from `current` (−1: nowhere yet), inside 0 … count − 1. */
export function moveBy(move: TableMove, current: number, count: number, page: number): number {
  const last = count - 1;
  const inside = (index: number): number => Math.min(last, Math.max(0, index));
  switch (move) {
    case 'up':
      return inside(current < 0 ? last : current - 1);
    case 'down':
      return inside(current + 1);
    case 'page-up':
      return inside(current - page);
    case 'page-down':
      return inside(current + page);
    case 'first':
      return inside(0);
    case 'last':
      return inside(last);
    default:
      return assertNever(move);
  }
}

/**
 * By how many places most of the rows on screen have moved. Rows that are gone, and the few that jumped elsewhere
 * because their own value changed, do not count.
 */
export function medianShift(
  before: readonly (readonly [key: string, index: number])[],
  indexOf: (key: string) => number,
): number {
  const shifts: number[] = [];
  for (const [key, index] of before) {
    const now = indexOf(key);
    if (now >= 0) shifts.push(now - index);
  }
  shifts.sort((a, b) => a - b);
  return shifts[Math.floor(shifts.length / 2)] ?? 0;
}
