import { angleBetween, cross, dot, minus, norm, type Vector } from './cell.ts';

/** In the unit of the positions. */
export const distance = (a: Vector, b: Vector): number => norm(minus(a, b));

/** At b, in degrees; NaN where two of the places are one. */
export const angleAt = (a: Vector, b: Vector, c: Vector): number => angleBetween(minus(a, b), minus(c, b));

/**
 * The dihedral angle of four atoms in a chain, in degrees from −180 to 180: positive where, seen along b to c, d lies
 * clockwise of a. Source: IUPAC Gold Book, “torsion angle”. NaN where three of them lie on a line.
 */
export function dihedral(a: Vector, b: Vector, c: Vector, d: Vector): number {
  const axis = minus(c, b);
  const first = cross(minus(b, a), axis);
  const second = cross(axis, minus(d, c));
  if (norm(first) === 0 || norm(second) === 0) return NaN;
  // atan2 keeps its digits near 0° and 180°, where an arc cosine loses half of them
  const y = norm(axis) * dot(minus(b, a), second);
  return (Math.atan2(y, dot(first, second)) * 180) / Math.PI;
}
