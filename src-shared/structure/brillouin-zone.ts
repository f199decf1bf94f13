import { cross, dot, minus, norm, plus, scaled, type Matrix, type Vector } from './cell.ts';
import { reducedLattice } from './lattice-reduction.ts';

/** A face of the zone: its corners in order around it, and the lattice vector on whose middle it stands. */
export interface ZoneFace {
  readonly corners: readonly Vector[];
  /** The outward normal: a vector of the reciprocal lattice. */
  readonly normal: Vector;
}

/**
 * The first Brillouin zone: the Wigner-Seitz cell of the reciprocal lattice, which is what is nearer to the origin than to
 * any other point of the lattice (Ashcroft and Mermin, Solid State Physics, chapters 4 and 5). A large cube is cut by the
 * middle plane of each near lattice vector. Of a reduced basis no vector with a coefficient beyond 1 makes a face.
 *
 * @param lattice the reciprocal vectors as rows
 * @returns its faces; empty for vectors that span no volume
 */
export function brillouinZone(lattice: Matrix): readonly ZoneFace[] {
  const volume = Math.abs(dot(lattice[0], cross(lattice[1], lattice[2])));
  const size = norm(lattice[0]) * norm(lattice[1]) * norm(lattice[2]);
  if (!Number.isFinite(size) || !(volume > size * 1e-9)) return [];
  const [a, b, c] = reducedLattice(lattice);
  const near: Vector[] = [];
  for (let i = -1; i <= 1; i++) {
    for (let j = -1; j <= 1; j++) {
      for (let k = -1; k <= 1; k++) {
        if (i !== 0 || j !== 0 || k !== 0) near.push(plus(plus(scaled(a, i), scaled(b, j)), scaled(c, k)));
      }
    }
  }
  near.sort((u, v) => dot(u, u) - dot(v, v));
  let faces = cube(norm(a) + norm(b) + norm(c));
  for (const vector of near) faces = cutBy(faces, vector, norm(a) * 1e-7);
  return faces;
}

/** Corners at ±half on each axis. */
function cube(half: number): readonly ZoneFace[] {
  const faces: ZoneFace[] = [];
  for (const axis of [0, 1, 2]) {
    for (const sign of [-1, 1]) {
      const corner = (u: number, v: number): Vector => {
        const point: [number, number, number] = [0, 0, 0];
        point[axis] = sign * half;
        point[(axis + 1) % 3] = u * half;
        point[(axis + 2) % 3] = v * half;
        return point;
      };
      const normal: [number, number, number] = [0, 0, 0];
      normal[axis] = sign;
      faces.push({ corners: [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)], normal });
    }
  }
  return faces;
}

/** What is on this side of the middle plane of `vector`; the cut becomes a face of its own. */
function cutBy(faces: readonly ZoneFace[], vector: Vector, tolerance: number): readonly ZoneFace[] {
  const length = norm(vector);
  const beyond = (point: Vector): number => dot(point, vector) / length - length / 2;
  if (faces.every(({ corners }) => corners.every((corner) => beyond(corner) <= tolerance))) return faces;
  const rim: Vector[] = [];
  const kept: ZoneFace[] = [];
  for (const face of faces) {
    const corners: Vector[] = [];
    for (const [i, corner] of face.corners.entries()) {
      const next = face.corners[(i + 1) % face.corners.length] ?? corner;
      const [here, there] = [beyond(corner), beyond(next)];
      if (here <= tolerance) corners.push(corner);
      if (Math.abs(here) <= tolerance) rim.push(corner);
      if ((here < -tolerance && there > tolerance) || (here > tolerance && there < -tolerance)) {
        const point = plus(corner, scaled(minus(next, corner), here / (here - there)));
        corners.push(point);
        rim.push(point);
      }
    }
    const distinct = withoutTwins(corners, tolerance);
    if (distinct.length >= 3) kept.push({ ...face, corners: distinct });
  }
  const corners = around(withoutTwins(rim, tolerance), vector);
  return corners.length >= 3 ? [...kept, { corners, normal: vector }] : kept;
}

function withoutTwins(points: readonly Vector[], tolerance: number): readonly Vector[] {
  const distinct: Vector[] = [];
  for (const point of points) {
    if (distinct.every((other) => norm(minus(point, other)) > 4 * tolerance)) distinct.push(point);
  }
  return distinct;
}

/** In order around their middle, as seen along `axis`. */
function around(points: readonly Vector[], axis: Vector): readonly Vector[] {
  const [first] = points;
  if (first === undefined) return [];
  const middle = scaled(
    points.reduce((sum, point) => plus(sum, point)),
    1 / points.length,
  );
  const u = minus(first, middle);
  const v = cross(axis, u);
  const angle = (point: Vector): number => {
    const off = minus(point, middle);
    return Math.atan2(dot(off, v) / norm(v), dot(off, u) / norm(u));
  };
  return points.toSorted((p, q) => angle(p) - angle(q));
}

/** Of a convex body around the origin, by its faces. In the cube of the unit of its corners. */
export function zoneVolume(faces: readonly ZoneFace[]): number {
  let volume = 0;
  for (const { corners } of faces) {
    const [first, ...others] = corners;
    if (first === undefined) continue;
    for (const [i, corner] of others.entries()) {
      volume += Math.abs(dot(first, cross(corner, others[i + 1] ?? corner))) / 6;
    }
  }
  return volume;
}
