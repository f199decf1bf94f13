import type { ZoneFace } from '#shared/structure/brillouin-zone.ts';
import { minus, norm, scaled, type Matrix, type Vector } from '#shared/structure/cell.ts';
import { path, type Picture, type Shape } from '../plot/shapes.ts';

/** Where a zone is looked at from: a turn about the third axis, then how far from above; in radians. */
export interface Turn {
  readonly around: number;
  readonly above: number;
}

export const firstTurn: Turn = { around: -0.6, above: 0.35 };
/** Straight from above or below is as far as it goes: beyond, left would become right. */
const steepest = Math.PI / 2;

/** Turned on, in radians, as far as it goes. */
export const turned = ({ around, above }: Turn, byAround: number, byAbove: number): Turn => ({
  around: around + byAround,
  above: Math.max(-steepest, Math.min(steepest, above + byAbove)),
});

/** What is drawn into a Brillouin zone; everything in the unit of the reciprocal vectors, from the origin. */
export interface Zone {
  readonly faces: readonly ZoneFace[];
  readonly basis: Matrix;
  /** Pieces of a path, each one line. */
  readonly lines: readonly (readonly Vector[])[];
  readonly points: readonly { readonly at: Vector; readonly text: string }[];
}

/** Seen along the line of sight: x to the right, y up, z towards the eye. */
export function seen(point: Vector, { around, above }: Turn): Vector {
  const [x, y, z] = point;
  const right = -x * Math.sin(around) + y * Math.cos(around);
  const away = x * Math.cos(around) + y * Math.sin(around);
  return [right, z * Math.cos(above) - away * Math.sin(above), away * Math.cos(above) + z * Math.sin(above)];
}

type TextShape = Extract<Shape, { kind: 'text' }>;

const n = (value: number): string => value.toFixed(1);

/** The picture of a zone without perspective: edges behind are dashed, the path and its points are in colour. */
export function zonePicture(zone: Zone, turn: Turn, width: number, height: number): Picture {
  const reach = Math.max(1e-9, ...zone.faces.flatMap(({ corners }) => corners.map(norm)));
  const scale = (Math.min(width, height) / 2 - 34) / reach;
  const middle = { x: width / 2, y: height / 2 };
  const place = (point: Vector): readonly [number, number, number] => {
    const [x, y, z] = seen(point, turn);
    return [middle.x + x * scale, middle.y - y * scale, z];
  };
  const polyline = (points: readonly Vector[]): string =>
    points.map((point, i) => `${i === 0 ? 'M' : 'L'}${n(place(point)[0])} ${n(place(point)[1])}`).join('');
  const front = (face: ZoneFace): boolean => seen(face.normal, turn)[2] > 1e-9 * norm(face.normal);

  const before = zone.faces.filter(front).map(({ corners }) => `${polyline(corners)}Z`);
  const behind = edgesOf(
    zone.faces.filter((face) => !front(face)),
    reach,
  ).map(polyline);

  const shapes: Shape[] = [
    path(behind.join(''), { stroke: 'frame', width: 0.9, dash: [4, 3] }),
    ...axes(zone, reach, place),
    ...zone.lines.map((line) => path(polyline(line), { stroke: 'series-0', width: 2.2 })),
    path(before.join(''), { stroke: 'text', width: 1.2, fill: 'text', alpha: 0.03 }),
  ];
  const names: Shape[] = [];
  for (const { at, text } of distinct(zone.points, reach)) {
    const [x, y] = place(at);
    shapes.push(path(disc(x, y), { fill: 'series-0' }));
    names.push(outside(text, x, y, middle));
  }
  shapes.push(...names);
  return { width, height, inner: { x: 0, y: 0, w: width, h: height }, shapes };
}

const disc = (x: number, y: number): string =>
  `M${n(x - 3.2)} ${n(y)}a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0Z`;

const label = (text: string, x: number, y: number, role: 'text' | 'soft', size: number): TextShape => ({
  kind: 'text',
  text,
  x,
  y,
  size,
  role,
  align: 'start',
  turned: false,
  edged: true,
});

/** A name on the side of its point that is away from the middle, where the path is not. */
function outside(
  text: string,
  x: number,
  y: number,
  middle: { readonly x: number; readonly y: number },
): Shape {
  const [right, down] = [x - middle.x, y - middle.y];
  const far = Math.hypot(right, down);
  // in the middle, and on a line straight up or down from it, beside the point
  const [u, v] = far < 1 ? [-1, -0.6] : [right / far, down / far];
  return {
    ...label(text, x + 9 * u, y + 9 * v + 4.5, 'text', 13),
    align: Math.abs(u) < 0.35 ? 'middle' : u < 0 ? 'end' : 'start',
  };
}

/** Each edge once: dashes of two faces over each other would be a line. */
function edgesOf(faces: readonly ZoneFace[], reach: number): readonly (readonly [Vector, Vector])[] {
  const key = (point: Vector): string => point.map((part) => Math.round((part / reach) * 1e6)).join(' ');
  const found = new Map<string, readonly [Vector, Vector]>();
  for (const { corners } of faces) {
    for (const [i, from] of corners.entries()) {
      const to = corners[(i + 1) % corners.length] ?? from;
      found.set([key(from), key(to)].toSorted().join(', '), [from, to]);
    }
  }
  return [...found.values()];
}

/** Several names of one place are one: `X, X₁`. */
function distinct(points: Zone['points'], reach: number): Zone['points'] {
  const found: { at: Vector; text: string }[] = [];
  for (const { at, text } of points) {
    const same = found.find((other) => norm(minus(other.at, at)) < reach * 1e-6);
    if (same === undefined) found.push({ at, text });
    else if (!same.text.split(', ').includes(text)) same.text = `${same.text}, ${text}`;
  }
  return found;
}

/** The reciprocal vectors, as arrows that end outside of the zone. */
function axes(
  { basis }: Zone,
  reach: number,
  place: (point: Vector) => readonly [number, number, number],
): readonly Shape[] {
  return basis.flatMap((vector, i) => {
    const end = scaled(vector, Math.min(1, (reach * 1.05) / norm(vector)));
    const [x0, y0] = place([0, 0, 0]);
    const [x, y] = place(end);
    return [
      path(`M${n(x0)} ${n(y0)}L${n(x)} ${n(y)}`, { stroke: 'series-1', width: 1.1 }),
      label(`b${'₁₂₃'[i] ?? ''}`, x + 5, y + 4, 'soft', 12),
    ];
  });
}

/** How many times a wish to turn is a step of a key: a twelfth of a right angle. */
export const keyTurn = Math.PI / 24;
