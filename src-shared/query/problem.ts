/** What is wrong with the text of a filter, and where: from character `from` up to `to`, counted from 0. */
export interface FilterProblem {
  readonly message: string;
  readonly from: number;
  readonly to: number;
  /** What could stand there instead. */
  readonly expected: readonly string[];
  /** The most likely one, to put in place of the characters from `from` to `to`. */
  readonly suggestion: string | null;
}

/** Letters to change, add, leave out or swap with their neighbour (optimal string alignment), for words of a few letters. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(change, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The candidate that was probably meant; null where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const lower = word.toLowerCase();
  const begins = candidates.find((candidate) => lower.length >= 2 && candidate.startsWith(lower));
  if (begins !== undefined) return begins;
  let best: string | null = null;
  let least = Math.max(1, Math.floor(lower.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(lower.slice(0, 40), candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}
