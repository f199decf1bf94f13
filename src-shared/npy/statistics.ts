import type { NpyArray } from './npy-array.ts';

/** The usual figures of an array of numbers. Of complex numbers, those of their moduli. */
export interface Statistics {
  /** Numbers that the figures are made of. */
  readonly count: number;
  /** What is no number; left out of the figures. */
  readonly notNumbers: number;
  /** Infinite values; they make the least or the greatest, and are left out of mean and deviation. */
  readonly infinite: number;
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
  /** Of the whole, not of a sample: divided by `count`. */
  readonly deviation: number;
}

/**
 * Figures of numbers that come one after the other, or piece by piece. One pass, by Welford's recurrence (Technometrics 4,
 * 1962), so that a large mean loses no digits.
 */
export class RunningStatistics {
  #count = 0;
  #notNumbers = 0;
  #infinite = 0;
  #least = Infinity;
  #greatest = -Infinity;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    if (Number.isNaN(value)) {
      this.#notNumbers++;
      return;
    }
    if (value < this.#least) this.#least = value;
    if (value > this.#greatest) this.#greatest = value;
    if (!Number.isFinite(value)) {
      this.#infinite++;
      return;
    }
    this.#count++;
    const off = value - this.#mean;
    this.#mean += off / this.#count;
    this.#squares += off * (value - this.#mean);
  }

  /** Of what is at hand of an array. */
  addAll(array: NpyArray): void {
    for (const value of array.storedNumbers()) this.add(value);
  }

  get value(): Statistics {
    const none = this.#count + this.#infinite === 0;
    return {
      count: this.#count + this.#infinite,
      notNumbers: this.#notNumbers,
      infinite: this.#infinite,
      least: none ? NaN : this.#least,
      greatest: none ? NaN : this.#greatest,
      mean: this.#count === 0 ? NaN : this.#mean,
      deviation: this.#count === 0 ? NaN : Math.sqrt(this.#squares / this.#count),
    };
  }
}

/** Whether an array holds what can be counted with. */
export const isNumeric = ({ type }: Pick<NpyArray, 'type'>): boolean =>
  type.kind !== 'text' && type.kind !== 'bytes';

/** Null where the array holds no numbers. */
export function statisticsOf(array: NpyArray): Statistics | null {
  if (!isNumeric(array) || array.stored === 0) return null;
  const running = new RunningStatistics();
  running.addAll(array);
  return running.value;
}
