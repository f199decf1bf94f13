import { cross, dot, fractional, norm, reciprocal, type Matrix, type Vector } from './cell.ts';
import type { Crystal } from './crystal.ts';

/** Whole numbers of cells along a, b and c. */
export type Offset = Vector;

/** @param length in Å; @param image how many cells the second site is away */
type Visit = (from: number, to: number, image: Offset, length: number) => void;

/** The box is cut into at most so many along each side, so that a sparse structure makes no empty world. */
const mostCuts = 64;

/**
 * Visits each pair of sites nearer than `reach` (Å) once, with the periodic images of sites, in time that grows with the
 * number of sites: they are sorted into boxes not smaller than `reach`, and only near boxes are searched. (The linked
 * cells of D. Frenkel and B. Smit, Understanding Molecular Simulation, appendix F, with images counted over the edge, so
 * that a cell may also be smaller than `reach`.)
 */
export function eachNeighbour(crystal: Crystal, reach: number, visit: Visit): void {
  const { sites } = crystal;
  const box = boxOf(crystal);
  const inverse = reciprocal(box);
  if (inverse === null || sites.length === 0) return;
  const { places, shifts } = wrapped(crystal, box);

  // Heights of the box over its faces: reciprocal vectors carry 2π.
  const heights = inverse.map((vector) => (2 * Math.PI) / norm(vector));
  const cuts = heights.map((height) => Math.max(1, Math.min(mostCuts, Math.floor(height / reach))));
  const around = heights.map((height, i) => Math.ceil((reach * (cuts[i] ?? 1)) / height));
  const [nx = 1, ny = 1, nz = 1] = cuts;
  const [rx = 1, ry = 1, rz = 1] = around;

  const first = new Int32Array(nx * ny * nz).fill(-1);
  const next = new Int32Array(sites.length);
  const cut = new Int32Array(sites.length * 3);
  for (let i = 0; i < sites.length; i++) {
    for (let k = 0; k < 3; k++) {
      const cutsHere = cuts[k] ?? 1;
      cut[3 * i + k] = Math.min(cutsHere - 1, Math.floor((places[3 * i + k] ?? 0) * cutsHere));
    }
    const at = ((cut[3 * i] ?? 0) * ny + (cut[3 * i + 1] ?? 0)) * nz + (cut[3 * i + 2] ?? 0);
    next[i] = first[at] ?? -1;
    first[at] = i;
  }

  const [a, b, c] = box;
  const [pa, pb, pc] = crystal.periodic;
  const limit = reach * reach;
  for (let i = 0; i < sites.length; i++) {
    for (let dx = -rx; dx <= rx; dx++) {
      const x = (cut[3 * i] ?? 0) + dx;
      const u = Math.floor(x / nx);
      if (u !== 0 && !pa) continue;
      for (let dy = -ry; dy <= ry; dy++) {
        const y = (cut[3 * i + 1] ?? 0) + dy;
        const v = Math.floor(y / ny);
        if (v !== 0 && !pb) continue;
        for (let dz = -rz; dz <= rz; dz++) {
          const z = (cut[3 * i + 2] ?? 0) + dz;
          const w = Math.floor(z / nz);
          if (w !== 0 && !pc) continue;
          for (
            let j = first[((x - u * nx) * ny + (y - v * ny)) * nz + (z - w * nz)] ?? -1;
            j >= 0;
            j = next[j] ?? -1
          ) {
            // Each pair once; an image of the site itself only in one of two directions.
            if (j < i || (j === i && !(u > 0 || (u === 0 && (v > 0 || (v === 0 && w > 0)))))) continue;
            const fu = (places[3 * j] ?? 0) - (places[3 * i] ?? 0) + u;
            const fv = (places[3 * j + 1] ?? 0) - (places[3 * i + 1] ?? 0) + v;
            const fw = (places[3 * j + 2] ?? 0) - (places[3 * i + 2] ?? 0) + w;
            const px = fu * a[0] + fv * b[0] + fw * c[0];
            const py = fu * a[1] + fv * b[1] + fw * c[1];
            const pz = fu * a[2] + fv * b[2] + fw * c[2];
            const square = px * px + py * py + pz * pz;
            if (square > limit) continue;
            // From the places in the box back to the places as they are written.
            const image: Offset = [
              u + (shifts[3 * i] ?? 0) - (shifts[3 * j] ?? 0),
              v + (shifts[3 * i + 1] ?? 0) - (shifts[3 * j + 1] ?? 0),
              w + (shifts[3 * i + 2] ?? 0) - (shifts[3 * j + 2] ?? 0),
            ];
            visit(i, j, image, Math.sqrt(square));
          }
        }
      }
    }
  }
}

/** Places along the vectors of the box, from 0 to 1, and by how many boxes they were moved for that. */
function wrapped(
  { sites, periodic }: Crystal,
  box: Matrix,
): { readonly places: Float64Array; readonly shifts: Int32Array } {
  const places = new Float64Array(sites.length * 3);
  const shifts = new Int32Array(sites.length * 3);
  const least = [Infinity, Infinity, Infinity];
  for (const [i, { position }] of sites.entries()) {
    const parts = fractional(position, box) ?? [0, 0, 0];
    for (let k = 0; k < 3; k++) {
      const part = parts[k] ?? 0;
      const shift = periodic[k] === true ? Math.floor(part) : 0;
      shifts[3 * i + k] = shift;
      places[3 * i + k] = part - shift;
      least[k] = Math.min(least[k] ?? Infinity, part - shift);
    }
  }
  // Where it does not repeat, the box only has to begin where the atoms begin.
  for (let i = 0; i < places.length; i++) {
    if (periodic[i % 3] !== true) places[i] = (places[i] ?? 0) - (least[i % 3] ?? 0);
  }
  return { places, shifts };
}

/** The cell, with vectors along which it does not repeat replaced by ones that span all atoms at a right angle. */
function boxOf({ cell, periodic, sites }: Crystal): Matrix {
  if (periodic.every(Boolean)) return cell;
  const vectors: (Vector | null)[] = cell.map((vector, i) =>
    periodic[i] === true && norm(vector) > 0 ? vector : null,
  );
  const missing = [0, 1, 2].filter((i) => vectors[i] === null);
  for (const i of missing) {
    const normal = normalTo(vectors.filter((vector) => vector !== null));
    let least = Infinity;
    let most = -Infinity;
    for (const { position } of sites) {
      const along = dot(position, normal);
      least = Math.min(least, along);
      most = Math.max(most, along);
    }
    const length = most - least + 1;
    vectors[i] = [normal[0] * length, normal[1] * length, normal[2] * length];
  }
  return vectors as unknown as Matrix;
}

/** A direction of length 1 at a right angle to none, one or two vectors. */
function normalTo([u, v]: readonly Vector[]): Vector {
  if (u === undefined) return [1, 0, 0];
  const axes: readonly Vector[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const other = v ?? axes.toSorted((p, q) => Math.abs(dot(p, u)) - Math.abs(dot(q, u)))[0] ?? [1, 0, 0];
  const normal = cross(u, other);
  const length = norm(normal);
  return length === 0 ? [0, 0, 1] : [normal[0] / length, normal[1] / length, normal[2] / length];
}
