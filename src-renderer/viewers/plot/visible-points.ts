import type { Span } from './plot-lines.ts';

/** Index of the first value that is not less than `at`; of rising values. */
export function lowerBound(values: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? NaN) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether values never fall, and all are numbers: then the part on screen is found by halving. */
export function isRising(values: ArrayLike<number>): boolean {
  const known = rising.get(values);
  if (known !== undefined) return known;
  const found = looksRising(values);
  rising.set(values, found);
  return found;
}

/** Asked for at each move of the pointer, of lines that do not change. */
const rising = new WeakMap<object, boolean>();

function looksRising(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value) || (i > 0 && value < (values[i - 1] ?? NaN))) return false;
  }
  return true;
}

/**
 * The indices of a line's points that a picture needs: those on screen and one beyond on either side, and of more than
 * `most` the least and the greatest of each stretch, so that no peak is lost. A gap stays a gap.
 * @param rising as `isRising(x)` says
 */
export function visiblePoints(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  span: Span,
  most: number,
  rising: boolean,
): readonly number[] {
  const from = rising ? Math.max(0, lowerBound(x, span[0]) - 1) : 0;
  const to = rising ? Math.min(x.length, firstBeyond(x, span[1]) + 1) : x.length;
  const count = to - from;
  if (count <= most || !rising) return Array.from({ length: Math.max(0, count) }, (_, i) => from + i);
  const stretch = Math.ceil((3 * count) / most);
  const kept: number[] = [];
  for (let start = from; start < to; start += stretch) {
    const end = Math.min(to, start + stretch);
    let least = -1;
    let greatest = -1;
    let gap = -1;
    for (let i = start; i < end; i++) {
      const value = y[i] ?? NaN;
      if (!Number.isFinite(value)) {
        gap = i;
        continue;
      }
      if (least < 0 || value < (y[least] ?? NaN)) least = i;
      if (greatest < 0 || value > (y[greatest] ?? NaN)) greatest = i;
    }
    kept.push(...[...new Set([least, greatest, gap])].filter((i) => i >= 0).toSorted((a, b) => a - b));
  }
  return kept;
}

function firstBeyond(values: ArrayLike<number>, at: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? NaN) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
