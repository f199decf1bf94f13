import type { NpyArray } from './npy-array.ts';

/** The usual figures of an array of numbers. Of complex numbers, those of their moduli. */
export interface Statistics {
  /** Numbers that the figures are made of. */
  readonly count: number;
  /** What is no number; left out of the figures. */
  readonly notNumbers: number;
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
  /** Of the whole, not of a sample: divided by `count`. */
  readonly deviation: number;
}

/** Null where the array holds no numbers. One pass, by Welford's recurrence, so that a large mean loses no digits. */
export function statisticsOf(array: NpyArray): Statistics | null {
  const { kind } = array.type;
  if (kind === 'text' || kind === 'bytes' || array.stored === 0) return null;
  let count = 0;
  let notNumbers = 0;
  let least = Infinity;
  let greatest = -Infinity;
  let mean = 0;
  let squares = 0;
  for (const value of array.storedNumbers()) {
    if (Number.isNaN(value)) {
      notNumbers++;
      continue;
    }
    count++;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    const off = value - mean;
    mean += off / count;
    squares += off * (value - mean);
  }
  if (count === 0) return { count, notNumbers, least: NaN, greatest: NaN, mean: NaN, deviation: NaN };
  return { count, notNumbers, least, greatest, mean, deviation: Math.sqrt(squares / count) };
}
