/** One of the steps that are drawn, from 0. */
export interface SeriesPoint {
  readonly step: number;
  readonly value: number;
}

/**
 * The least and the greatest value of each column of the screen, in the order of the steps, so that a peak is never lost.
 * What is no number is left out.
 * @param columns of the screen
 */
export function thinned(values: Float64Array, columns: number): readonly SeriesPoint[] {
  const each = Math.max(1, Math.ceil(values.length / columns));
  const points: SeriesPoint[] = [];
  for (let from = 0; from < values.length; from += each) {
    let least: SeriesPoint | null = null;
    let most: SeriesPoint | null = null;
    for (let step = from; step < Math.min(values.length, from + each); step++) {
      const value = values[step] ?? NaN;
      if (!Number.isFinite(value)) continue;
      if (least === null || value < least.value) least = { step, value };
      if (most === null || value > most.value) most = { step, value };
    }
    if (least === null || most === null) continue;
    if (least.step === most.step) points.push(least);
    else points.push(...(least.step < most.step ? [least, most] : [most, least]));
  }
  return points;
}
