import { cross, dot, norm, reciprocal, scaled, type Matrix, type Vector } from '#shared/structure/cell.ts';
import type { Picture } from './picture.ts';

/** Rows are what is to the right, up and towards the viewer: three directions at right angles. */
export type Turn = Matrix;

/** How a structure is looked at. */
export interface Camera {
  readonly turn: Turn;
  /** 1 shows everything. */
  readonly zoom: number;
  /** How far the picture is moved, in px. */
  readonly pan: readonly [x: number, y: number];
  readonly perspective: boolean;
}

export interface Size {
  /** CSS pixels, as the next one. */
  readonly width: number;
  readonly height: number;
}

/** A place on the screen. */
export interface Projected {
  /** In px from the upper left corner, as the next one. */
  readonly x: number;
  readonly y: number;
  /** Å towards the viewer. */
  readonly depth: number;
  /** px for an Å there. */
  readonly scale: number;
}

/** The viewer's distance in radii of the picture. */
export const eye = 4;
const zooms = { least: 0.2, most: 40 } as const;

const unit = (vector: Vector): Vector => scaled(vector, 1 / (norm(vector) || 1));

/** Towards the viewer along `towards`, with `up` upwards as far as it can be. */
function facing(towards: Vector, up: Vector): Turn {
  const z = unit(towards);
  const x = unit(cross(up, z));
  return [x, cross(z, x), z];
}

/** The view along a (b to the right, c up), along b (c up), or along c (a to the right, as it is printed). */
export function along(cell: Matrix, axis: 0 | 1 | 2): Turn {
  const [a, b, c] = reciprocal(cell) === null ? axes : cell;
  if (axis === 2) return facing(c, cross(c, a));
  return facing(axis === 0 ? a : b, c);
}

const axes: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Degrees about the upright axis of the screen (`right`), then about its level axis (`down`). */
export function turned(turn: Turn, right: number, down: number): Turn {
  const [u, v] = [(right * Math.PI) / 180, (down * Math.PI) / 180];
  const [x, y, z] = turn;
  const mix = (p: Vector, q: Vector, cos: number, sin: number): Vector => [
    p[0] * cos + q[0] * sin,
    p[1] * cos + q[1] * sin,
    p[2] * cos + q[2] * sin,
  ];
  const z1 = mix(z, x, Math.cos(u), -Math.sin(u));
  const y1 = mix(y, z1, Math.cos(v), -Math.sin(v));
  return facing(mix(z1, y, Math.cos(v), Math.sin(v)), y1);
}

/** A little from the side and from above, so that no atoms hide each other in a row. */
export const firstCamera = (cell: Matrix): Camera => ({
  turn: turned(along(cell, 0), -22, 14),
  zoom: 1,
  pan: [0, 0],
  perspective: true,
});

/** Never so near that what turns into a corner of the picture is lost. */
const nearest = 1.35;

/** As near as all of a picture can be seen from there. */
export function fitting(camera: Camera, picture: Picture): Camera {
  const { radius } = picture;
  const size = { width: 2 * radius, height: 2 * radius };
  const project = projection({ ...camera, zoom: 1, pan: [0, 0] }, size, picture);
  let reach = 0;
  for (const { position, look } of picture.atoms) {
    const { x, y, scale: px } = project(position);
    const ball = (picture.looks[look]?.radius ?? 0) * px;
    reach = Math.max(reach, Math.abs(x - radius) + ball, Math.abs(y - radius) + ball);
  }
  for (const { from, to } of picture.edges) {
    for (const place of [from, to]) {
      const { x, y } = project(place);
      reach = Math.max(reach, Math.abs(x - radius), Math.abs(y - radius));
    }
  }
  const zoom = reach === 0 ? 1 : Math.min(nearest, Math.max(1, (0.92 * radius) / reach));
  return { ...camera, zoom, pan: [0, 0] };
}

/** About the middle of the screen, within limits. @param by above 1 comes nearer */
export const zoomed = (camera: Camera, by: number): Camera => {
  const zoom = Math.min(zooms.most, Math.max(zooms.least, camera.zoom * by));
  const real = zoom / camera.zoom;
  return { ...camera, zoom, pan: [camera.pan[0] * real, camera.pan[1] * real] };
};

/** px for an Å in the middle of the picture. */
export const scaleOf = ({ zoom }: Camera, { width, height }: Size, radius: number): number =>
  (Math.min(width, height) / 2 / radius) * zoom;

/** Where places of the picture are on the screen. */
export function projection(camera: Camera, size: Size, picture: Picture): (place: Vector) => Projected {
  const { centre, radius } = picture;
  const [right, up, towards] = camera.turn;
  const middle = scaleOf(camera, size, radius);
  const x0 = size.width / 2 + camera.pan[0];
  const y0 = size.height / 2 + camera.pan[1];
  return (place) => {
    const from: Vector = [place[0] - centre[0], place[1] - centre[1], place[2] - centre[2]];
    const depth = dot(from, towards);
    const near = camera.perspective ? (eye * radius) / (eye * radius - depth) : 1;
    const px = middle * near;
    return { x: x0 + dot(from, right) * px, y: y0 - dot(from, up) * px, depth, scale: px };
  };
}

/** The atom that is seen at a point of the screen; null where there is none. */
export function atomAt(
  picture: Picture,
  camera: Camera,
  size: Size,
  point: { readonly x: number; readonly y: number },
): number | null {
  const project = projection(camera, size, picture);
  let best: number | null = null;
  let front = -Infinity;
  for (const [i, atom] of picture.atoms.entries()) {
    const { x, y, depth, scale: px } = project(atom.position);
    const radius = picture.looks[atom.look]?.radius ?? 0;
    const aside = Math.hypot(point.x - x, point.y - y) / px;
    if (aside > radius) continue;
    const surface = depth + Math.sqrt(radius * radius - aside * aside);
    if (surface > front) [best, front] = [i, surface];
  }
  return best;
}
