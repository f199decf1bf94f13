import type { Span } from './plot-lines.ts';

/** The part of the plane that is on screen. */
export interface PlotWindow {
  readonly x: Span;
  readonly y: Span;
}

/** Beyond this the digits of a double no longer tell two pixels apart. */
const closest = 1e-9;

function around(span: Span, at: number, by: number): Span {
  return [at - (at - span[0]) * by, at + (span[1] - at) * by];
}

/** As much of the wish as lies on the plot: never more than all of it, never less than doubles can tell apart. */
function within([from, to]: Span, whole: Span): Span {
  const size = whole[1] - whole[0];
  const middle = (from + to) / 2;
  const width = Math.min(size, Math.max(size * closest, Math.abs(middle) * closest, to - from));
  const start = Math.min(whole[1] - width, Math.max(whole[0], middle - width / 2));
  return width >= size ? whole : [start, start + width];
}

const limited = (window: PlotWindow, whole: PlotWindow): PlotWindow => ({
  x: within(window.x, whole.x),
  y: within(window.y, whole.y),
});

/** @param by below 1 goes closer; the point `at` stays where it is on screen, unless the edge of the plot is in its way */
export function zoomed(
  window: PlotWindow,
  whole: PlotWindow,
  by: number,
  at: { readonly x: number; readonly y: number },
): PlotWindow {
  return limited({ x: around(window.x, at.x, by), y: around(window.y, at.y, by) }, whole);
}

/** @param dx as a part of what is on screen */
export function moved(window: PlotWindow, whole: PlotWindow, dx: number, dy: number): PlotWindow {
  const shift = ([from, to]: Span, part: number): Span => [
    from + (to - from) * part,
    to + (to - from) * part,
  ];
  return limited({ x: shift(window.x, dx), y: shift(window.y, dy) }, whole);
}

/** The box between two corners; null for an axis along which nothing was drawn, which then stays as it is. */
export function boxed(
  window: PlotWindow,
  whole: PlotWindow,
  x: readonly [number, number] | null,
  y: readonly [number, number] | null,
): PlotWindow {
  const sorted = (pair: readonly [number, number] | null, otherwise: Span): Span =>
    pair === null ? otherwise : pair[0] <= pair[1] ? pair : [pair[1], pair[0]];
  return limited({ x: sorted(x, window.x), y: sorted(y, window.y) }, whole);
}

/** Whether all is on screen, so that there is nothing to go back to. */
export const isWhole = (window: PlotWindow, whole: PlotWindow): boolean =>
  window.x[0] === whole.x[0] &&
  window.x[1] === whole.x[1] &&
  window.y[0] === whole.y[0] &&
  window.y[1] === whole.y[1];
