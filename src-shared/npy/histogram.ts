import type { NpyArray } from './npy-array.ts';

/** How many values lie in each of equally wide bins; a value on an edge counts to the bin above, the greatest to the last. */
export interface Histogram {
  /** One more than there are bins. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** As NumPy's `histogram` with a number of bins. Null where there is no finite number. */
export function histogramOf(array: NpyArray, bins: number): Histogram | null {
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of array.storedNumbers()) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (least > greatest) return null;
  if (least === greatest) [least, greatest] = [least - 0.5, greatest + 0.5];
  const width = greatest / bins - least / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? greatest : least + i * width));
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of array.storedNumbers()) {
    if (!Number.isFinite(value)) continue;
    let bin = Math.min(bins - 1, Math.max(0, Math.floor((value - least) / width)));
    // the quotient is rounded, and the edges are, too: the edges decide
    if (value < (edges[bin] ?? least) && bin > 0) bin--;
    else if (bin < bins - 1 && value >= (edges[bin + 1] ?? greatest)) bin++;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges, counts };
}
