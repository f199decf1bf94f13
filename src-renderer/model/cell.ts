import type { Matrix, Vector } from './attributes.ts';

/** Lengths in the unit of the vectors, angles in degrees: α between b and c, β between a and c, γ between a and b. */
export interface CellFigures {
  readonly lengths: Vector;
  readonly angles: Vector;
  readonly volume: number;
}

export const dot = (u: Vector, v: Vector): number => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];

export const cross = (u: Vector, v: Vector): Vector => [
  u[1] * v[2] - u[2] * v[1],
  u[2] * v[0] - u[0] * v[2],
  u[0] * v[1] - u[1] * v[0],
];

export const norm = (u: Vector): number => Math.hypot(...u);

const scaled = (u: Vector, by: number): Vector => [u[0] * by, u[1] * by, u[2] * by];

function angle(u: Vector, v: Vector): number {
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
    angles: [angle(b, c), angle(a, c), angle(a, b)],
    volume: Math.abs(dot(a, cross(b, c))),
  };
}

/** The vectors of the reciprocal cell as rows, with the factor 2π; null for a cell without volume. */
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
