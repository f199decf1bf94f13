import type { PlotLine, Span } from './plot-lines.ts';
import type { PlotScales } from './picture.ts';
import { isRising, lowerBound } from './visible-points.ts';

/** A point of a plot. */
export interface Chosen {
  readonly line: number;
  readonly index: number;
}

const isThere = (line: PlotLine, i: number): boolean =>
  Number.isFinite(line.x[i] ?? NaN) && Number.isFinite(line.y[i] ?? NaN);

/**
 * A value with as many digits as can be told apart in a picture that spans so much: a ten-thousandth of it.
 */
export function toldNumber(value: number, [least, greatest]: Span): string {
  const size = Math.abs(value);
  const decimals = 4 - Math.floor(Math.log10(greatest - least));
  const text =
    size !== 0 && (size >= 1e9 || decimals > 9)
      ? String(Number(value.toPrecision(7)))
      : String(Number(value.toFixed(Math.max(0, decimals))));
  return text === '-0' ? '0' : text.replace(/^-/, '−');
}

/** Of Inter at 12 px, on average; a little more than that, so that nothing is cut. */
const letterWidth = 6.8;

/** Where words beside the crosshair begin or end: on the side that has room, and never beyond the frame. */
export function wordsAt(
  x: number,
  lines: readonly string[],
  { x: left, w }: PlotScales['inner'],
): { readonly x: number; readonly align: 'start' | 'end' } {
  const wide = letterWidth * Math.max(...lines.map(({ length }) => length));
  const right = left + w;
  if (x + 8 + wide <= right - 4) return { x: x + 8, align: 'start' };
  return { x: Math.min(right - 4, Math.max(left + 4 + wide, x - 8)), align: 'end' };
}

/** A long line of which x does not rise is not searched at each move of the pointer. */
const mostSearched = 20_000;

/** The point that is nearest on screen to a place in pixels; null where there is none. */
export function nearestPoint(
  lines: readonly PlotLine[],
  { toX, toY, fromX }: PlotScales,
  px: number,
  py: number,
): Chosen | null {
  let best: Chosen | null = null;
  let distance = Infinity;
  const look = (line: number, from: number, to: number): void => {
    const of = lines[line];
    if (of === undefined) return;
    for (let index = Math.max(0, from); index < Math.min(of.x.length, to); index++) {
      if (!isThere(of, index)) continue;
      const far = Math.hypot(toX(of.x[index] ?? 0) - px, toY(of.y[index] ?? 0) - py);
      if (far < distance) {
        distance = far;
        best = { line, index };
      }
    }
  };
  for (const [i, line] of lines.entries()) {
    if (line.x.length <= 500) look(i, 0, line.x.length);
    else if (isRising(line.x)) {
      const near = lowerBound(line.x, fromX(px));
      look(i, near - 20, near + 20);
    } else look(i, 0, mostSearched);
  }
  return best;
}

/** The next point on the same line that is a number; the same one at the end. */
export function stepAlong(line: PlotLine | undefined, from: number, by: number): number {
  if (line === undefined) return from;
  const way = Math.sign(by);
  let left = Math.abs(by);
  let at = from;
  for (let i = from + way; i >= 0 && i < line.x.length && left > 0; i += way) {
    if (!isThere(line, i)) continue;
    at = i;
    left--;
  }
  return at;
}

/** The first or the last point that is a number. */
export function endOf(line: PlotLine | undefined, last: boolean): number {
  if (line === undefined) return 0;
  return last ? stepAlong(line, line.x.length, -1) : stepAlong(line, -1, 1);
}
