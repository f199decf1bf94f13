import { histogramOf } from '#shared/npy/histogram.ts';
import type { NpyArray } from '#shared/npy/npy-array.ts';
import type { PlotLine } from '../plot/plot-lines.ts';
import { columnsOf, placeIn, rowsOf, type Slicing } from './array-shape.ts';

/** More lines than this tell nothing. */
export const mostColumnLines = 24;

/** Each column of the plane as a line over its rows. */
export function columnLines(
  array: NpyArray,
  slicing: Slicing,
  name: string,
  firstRow: number,
): readonly PlotLine[] {
  const [rows, columns] = [rowsOf(array.shape, slicing), columnsOf(array.shape, slicing)];
  const place = placeIn(array.shape, slicing);
  const x = Float64Array.from({ length: rows }, (_, row) => firstRow + row);
  return Array.from({ length: Math.min(columns, mostColumnLines) }, (_, column) => ({
    name: columns === 1 ? name : `column ${column}`,
    x,
    y: Float64Array.from(x, (_value, row) => array.number(place(row, column))),
    series: column,
  }));
}

/** The outline of the bars of a histogram. Empty where there is no number. */
export function histogramLines(array: NpyArray): readonly PlotLine[] {
  const bins = Math.max(1, Math.min(60, Math.ceil(Math.sqrt(array.stored))));
  const histogram = histogramOf(array, bins);
  if (histogram === null) return [];
  const x: number[] = [histogram.edges[0] ?? 0];
  const y: number[] = [0];
  for (const [i, count] of histogram.counts.entries()) {
    x.push(histogram.edges[i] ?? 0, histogram.edges[i + 1] ?? 0);
    y.push(count, count);
  }
  x.push(histogram.edges.at(-1) ?? 0);
  y.push(0);
  return [{ name: 'values', x, y, series: 0, filled: true }];
}
