/** Three numbers, in the unit of whoever gives them: Å for places, 1/Å for reciprocal ones. */
export type Vector = readonly [number, number, number];
/** Three rows of three numbers: the vectors of a cell. */
export type Matrix = readonly [Vector, Vector, Vector];

/** Lengths in the unit of the vectors, angles in degrees: α between b and c, β between a and c, γ between a and b. */
export interface CellFigures {
  readonly lengths: Vector;
  readonly angles: Vector;
  readonly volume: number;
}

/** In the square of the unit of the vectors. */
export const dot = (u: Vector, v: Vector): number => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];

/** Right-handed: x × y is z. */
export const cross = (u: Vector, v: Vector): Vector => [
  u[1] * v[2] - u[2] * v[1],
  u[2] * v[0] - u[0] * v[2],
  u[0] * v[1] - u[1] * v[0],
];

/** In the unit of the vector. */
export const norm = (u: Vector): number => Math.hypot(...u);

/** Component by component; nothing is changed in place, as in all of these. */
export const plus = (u: Vector, v: Vector): Vector => [u[0] + v[0], u[1] + v[1], u[2] + v[2]];

/** From `v` to `u`. */
export const minus = (u: Vector, v: Vector): Vector => [u[0] - v[0], u[1] - v[1], u[2] - v[2]];

/** Every component times a number. */
export const scaled = (u: Vector, by: number): Vector => [u[0] * by, u[1] * by, u[2] * by];

/** In degrees; NaN where one of them has no length. */
export function angleBetween(u: Vector, v: Vector): number {
  const product = norm(u) * norm(v);
  if (product === 0) return NaN;
  // rounding can lead a hair beyond 1
  return (Math.acos(Math.min(1, Math.max(-1, dot(u, v) / product))) * 180) / Math.PI;
}

/** @param cell its vectors as rows */
export function cellFigures(cell: Matrix): CellFigures {
  const [a, b, c] = cell;
  return {
    lengths: [norm(a), norm(b), norm(c)],
    angles: [angleBetween(b, c), angleBetween(a, c), angleBetween(a, b)],
    volume: Math.abs(dot(a, cross(b, c))),
  };
}

/**
 * The vectors of the reciprocal cell as rows: b₁ = 2π a₂×a₃ / (a₁·a₂×a₃) and in turn (Ashcroft and Mermin, Solid State
 * Physics, equation 5.3); null for a cell without volume.
 */
export function reciprocal(cell: Matrix): Matrix | null {
  const [a, b, c] = cell;
  const volume = dot(a, cross(b, c));
  if (Math.abs(volume) < 1e-12) return null;
  const by = (2 * Math.PI) / volume;
  return [scaled(cross(b, c), by), scaled(cross(c, a), by), scaled(cross(a, b), by)];
}

/** Coordinates along the vectors of the cell; null for a cell without volume. */
export function fractional(position: Vector, cell: Matrix): Vector | null {
  const inverse = reciprocal(cell);
  if (inverse === null) return null;
  const part = (row: Vector): number => dot(position, row) / (2 * Math.PI);
  return [part(inverse[0]), part(inverse[1]), part(inverse[2])];
}

/** Of coordinates along the vectors of the cell, the place in the unit of the vectors. */
export function cartesian([u, v, w]: Vector, [a, b, c]: Matrix): Vector {
  return [u * a[0] + v * b[0] + w * c[0], u * a[1] + v * b[1] + w * c[1], u * a[2] + v * b[2] + w * c[2]];
}

/**
 * The vectors of a cell from its lengths and angles (degrees), with a along x and b in the plane of x and y: the
 * convention of the CIF core dictionary and of most programs. Null where no cell has such angles.
 */
export function cellFrom([a, b, c]: Vector, angles: Vector): Matrix | null {
  const [cosA, cosB, cosG] = angles.map(exactCosine) as unknown as Vector;
  const sinG = Math.sqrt(1 - cosG * cosG);
  const x = cosB;
  const y = (cosA - cosB * cosG) / sinG;
  const z2 = 1 - x * x - y * y;
  if (!(a > 0 && b > 0 && c > 0 && sinG > 0 && z2 > 0)) return null;
  return [
    [a, 0, 0],
    [b * cosG, b * sinG, 0],
    [c * x, c * y, c * Math.sqrt(z2)],
  ];
}

/** Right angles are the rule, and their cosine is zero, not 6e-17. */
const exactCosine = (degrees: number): number => (degrees === 90 ? 0 : Math.cos((degrees * Math.PI) / 180));
