import { inferredDash, lineStyle, lineWidth } from '../line-style.ts';
import type { Layout } from '../layout/types.ts';
import type { Pen } from '../pen.ts';
import { head, headLength, pointsNow, trace } from './curve.ts';
import { dimmed, isSeen, Lit, litColour, type Picture } from './picture.ts';

/** Segments in one stroke: one giant outline of lines that cross each other is slow on some rasterisers. */
const batch = 300;

interface Stroke {
  readonly type: number;
  readonly lit: number;
  readonly width: number;
  readonly inferred: boolean;
  readonly lines: number[];
}

/** Draws the lines: those that are not lit first, so that the lit ones run over them. */
export function paintLines(pen: Pen, picture: Picture): void {
  const strokes = [...strokesOf(picture).values()].sort(
    (a, b) => order(a.lit) - order(b.lit) || b.type - a.type,
  );
  for (const stroke of strokes) {
    for (let start = 0; start < stroke.lines.length; start += batch) {
      paintStroke(pen, picture, stroke, stroke.lines.slice(start, start + batch));
    }
  }
}

/** Lines that look the same are drawn together. */
function strokesOf({ scene, emphasis, window, boxes }: Picture): Map<string, Stroke> {
  const { view, layout } = scene;
  const strokes = new Map<string, Stroke>();
  const boundaries = boundsOf(layout);
  for (let line = 0; line < view.from.length; line++) {
    if (layout.routeStart[line] === layout.routeStart[line + 1]) continue;
    const k = 4 * line;
    const [left, top] = [boundaries[k] as number, boundaries[k + 1] as number];
    const [right, bottom] = [boundaries[k + 2] as number, boundaries[k + 3] as number];
    // On their way nodes may be anywhere: then everything is drawn.
    if (boxes === layout && !isSeen(window, left, top, right - left, bottom - top)) continue;
    const type = view.type[line] as number;
    const lit = emphasis.lines?.[line] ?? Lit.no;
    const width = lineWidth(type, view.carries[line]?.length ?? 1);
    const inferred = view.inferred[line] === 1;
    const key = `${type} ${lit} ${width} ${inferred}`;
    const stroke = strokes.get(key);
    if (stroke === undefined) strokes.set(key, { type, lit, width, inferred, lines: [line] });
    else stroke.lines.push(line);
  }
  return strokes;
}

function paintStroke(pen: Pen, picture: Picture, stroke: Stroke, lines: readonly number[]): void {
  const { scene, palette, emphasis, detail, boxes, window } = picture;
  const style = lineStyle(stroke.type);
  const dim = emphasis.lines !== null && stroke.lit === Lit.no;
  const colour = litColour(palette, stroke.lit) ?? palette[style.colour];
  // Far away a line keeps a width that can be seen, but never less detail than its neighbours.
  const width = Math.max(stroke.width * (stroke.lit === Lit.no ? 1 : 1.45), 0.7 / detail.zoom);
  const alpha = dim ? dimmed.line : detail.curves ? 1 : 0.45;
  const points = lines.map((line) =>
    pointsNow(scene.layout, boxes, scene.view.from[line] as number, scene.view.to[line] as number, line),
  );
  const scale = Math.max(1, stroke.width / 1.8) * (stroke.lit === Lit.no ? 1 : 1.15);
  const stop = detail.heads && style.head === 'filled' ? headLength * scale - 1 : 0;
  pen.draw(
    {
      stroke: colour,
      width,
      alpha,
      ...(detail.dashes ? { dash: stroke.inferred ? inferredDash : style.dash } : {}),
      round: style.head === 'dot' && !stroke.inferred,
    },
    (path) => {
      for (const line of points) trace(path, line, { curves: detail.curves, stop, window });
    },
  );
  if (!detail.heads) return;
  const ink = style.head === 'open' ? { stroke: colour, width: width * 1.1, alpha } : { fill: colour, alpha };
  pen.draw(ink, (path) => {
    for (const line of points) head(path, line.at(-2) ?? 0, line.at(-1) ?? 0, style.head, scale);
  });
}

const order = (lit: number): number => (lit === Lit.no ? 0 : lit === Lit.path ? 2 : 1);

const known = new WeakMap<Layout, Float32Array>();

/** Left, top, right and bottom of each line. */
export function boundsOf(layout: Layout): Float32Array {
  const before = known.get(layout);
  if (before !== undefined) return before;
  const count = layout.routeStart.length - 1;
  const out = new Float32Array(4 * count);
  for (let line = 0; line < count; line++) {
    const box = [Infinity, Infinity, -Infinity, -Infinity] as [number, number, number, number];
    for (let k = layout.routeStart[line] as number; k < (layout.routeStart[line + 1] as number); k++) {
      const [x, y] = [layout.points[2 * k] as number, layout.points[2 * k + 1] as number];
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
    out.set(box, 4 * line);
  }
  known.set(layout, out);
  return out;
}
