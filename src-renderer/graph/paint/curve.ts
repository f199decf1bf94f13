import type { Layout } from '../layout/types.ts';
import type { Outline } from '../pen.ts';
import { type Boxes, isSeen, type Window } from './picture.ts';

/** Length of an arrowhead, which the line stops short of. */
export const headLength = 7;

/**
 * The points of a line now: while nodes are on their way to their places, the line goes along, each point as far as it
 * is near to the one or the other end.
 */
export function pointsNow(
  layout: Layout,
  boxes: Boxes,
  from: number,
  to: number,
  line: number,
): Float32Array {
  const start = 2 * (layout.routeStart[line] as number);
  const end = 2 * (layout.routeStart[line + 1] as number);
  const points = layout.points.subarray(start, end);
  if (boxes === layout || points.length === 0) return points;
  const moved = points.slice();
  const last = points.length / 2 - 1;
  const dx0 =
    (boxes.x[from] as number) +
    (boxes.width[from] as number) -
    (layout.x[from] as number) -
    (layout.width[from] as number);
  const dy0 = (boxes.y[from] as number) - (layout.y[from] as number);
  const dx1 = (boxes.x[to] as number) - (layout.x[to] as number);
  const dy1 = (boxes.y[to] as number) - (layout.y[to] as number);
  for (let k = 0; k <= last; k++) {
    const t = k / last;
    moved[2 * k] = (points[2 * k] as number) + dx0 * (1 - t) + dx1 * t;
    moved[2 * k + 1] = (points[2 * k + 1] as number) + dy0 * (1 - t) + dy1 * t;
  }
  return moved;
}

export interface TraceOptions {
  readonly curves: boolean;
  /** How long before its end the line stops, for the head. */
  readonly stop: number;
  /** Pieces outside of it are left out: strokes of many screens are slow, above all with dashes. */
  readonly window: Window;
}

/** Draws a line along its points, level at each, up to the arrowhead. */
export function trace(path: Outline, points: Float32Array, { curves, stop, window }: TraceOptions): void {
  const last = points.length - 2;
  if (last < 2) return;
  let x = points[0] as number;
  let y = points[1] as number;
  let drawn = false;
  for (let k = 2; k <= last; k += 2) {
    const toX = (points[k] as number) - (k === last ? stop : 0);
    const toY = points[k + 1] as number;
    const seen = isSeen(
      window,
      Math.min(x, toX),
      Math.min(y, toY),
      Math.abs(toX - x),
      Math.abs(toY - y),
      200,
    );
    if (!seen) {
      x = toX;
      y = toY;
      drawn = false;
      continue;
    }
    if (!drawn) path.moveTo(x, y);
    drawn = true;
    if (!curves || Math.abs(toY - y) < 0.5) path.lineTo(toX, toY);
    else if (toX < x) loop(path, x, y, toX, toY);
    else {
      const bend = (toX - x) * 0.5;
      path.bezierCurveTo(x + bend, y, toX - bend, toY, toX, toY);
    }
    x = toX;
    y = toY;
  }
}

/** A line that points back leaves to the right and comes in from the left all the same. */
function loop(path: Outline, x: number, y: number, toX: number, toY: number): void {
  const reach = 40 + Math.min(120, (x - toX) * 0.15);
  const middle = (y + toY) / 2 + (Math.abs(toY - y) < 60 ? 60 : 0);
  path.bezierCurveTo(x + reach, y, x + reach, middle, x, middle);
  path.lineTo(toX, middle);
  path.bezierCurveTo(toX - reach, middle, toX - reach, toY, toX, toY);
}

/** The head at the end of a line, pointing right. */
export function head(
  path: Outline,
  x: number,
  y: number,
  kind: 'filled' | 'open' | 'dot',
  scale: number,
): void {
  const length = headLength * scale;
  const half = 3.6 * scale;
  if (kind === 'dot') {
    path.circle(x - 2.4 * scale, y, 2.4 * scale);
    return;
  }
  path.moveTo(x - length, y - half);
  path.lineTo(x, y);
  path.lineTo(x - length, y + half);
  if (kind === 'filled') path.closePath();
}
