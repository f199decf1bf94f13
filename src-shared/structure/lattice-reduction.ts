import { dot, minus, scaled, type Matrix, type Vector } from './cell.ts';

const less = (u: Vector, v: Vector, times: number): Vector => minus(u, scaled(v, times));

/** A reduction makes vectors shorter at each turn; more turns than this come only from rounding. */
const mostTurns = 1000;

/**
 * The shortest vectors that span the same lattice, shortest first: a Minkowski-reduced basis (Semaev 2001, “A
 * 3-dimensional lattice reduction algorithm”, in Cryptography and Lattices, LNCS 2146). The vectors must span a volume.
 */
export function reducedLattice(basis: Matrix): Matrix {
  let sorted = byLength(basis);
  for (let turn = 0; turn < mostTurns; turn++) {
    const [a, second, third] = sorted;
    const b = less(second, a, Math.round(dot(a, second) / dot(a, a)));
    if (dot(b, b) < dot(a, a) * (1 - 1e-12)) {
      sorted = byLength([a, b, third]);
      continue;
    }
    const c = nearestTo(third, a, b);
    if (dot(c, c) >= dot(third, third) * (1 - 1e-12)) return byLength([a, b, third]);
    sorted = byLength([a, b, c]);
  }
  return sorted;
}

/** `c` less the lattice vector of `a` and `b` that makes it shortest; among the roundings of its place in their plane. */
function nearestTo(c: Vector, a: Vector, b: Vector): Vector {
  const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
  const area = aa * bb - ab * ab;
  const x = (dot(c, a) * bb - dot(c, b) * ab) / area;
  const y = (dot(c, b) * aa - dot(c, a) * ab) / area;
  let best = c;
  for (const i of [Math.floor(x), Math.floor(x) + 1]) {
    for (const j of [Math.floor(y), Math.floor(y) + 1]) {
      const candidate = less(less(c, a, i), b, j);
      if (dot(candidate, candidate) < dot(best, best)) best = candidate;
    }
  }
  return best;
}

function byLength(basis: Matrix): Matrix {
  const [a, b, c] = [...basis].toSorted((u, v) => dot(u, u) - dot(v, v));
  return a && b && c ? [a, b, c] : basis;
}
