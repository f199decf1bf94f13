import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brillouinZone, zoneVolume } from '#shared/structure/brillouin-zone.ts';
import { cartesian, cross, dot, norm, reciprocal, type Matrix, type Vector } from '#shared/structure/cell.ts';
import { reducedLattice } from '#shared/structure/lattice-reduction.ts';

const volumeOf = ([a, b, c]: Matrix): number => Math.abs(dot(a, cross(b, c)));
const part = fc.double({ noNaN: true, min: -3, max: 3 });
const vector = fc.tuple(part, part, part);
/** Vectors that span a good part of the box around them: not nearly flat. */
const lattice = fc
  .tuple(vector, vector, vector)
  .filter(
    (basis) =>
      volumeOf(basis) > 0.02 * norm(basis[0]) * norm(basis[1]) * norm(basis[2]) && volumeOf(basis) > 1e-3,
  );

const cornersOf = (zone: ReturnType<typeof brillouinZone>): readonly Vector[] => {
  const found: Vector[] = [];
  for (const { corners } of zone) {
    for (const corner of corners) {
      const isNew = found.every((other) => Math.hypot(...corner.map((x, i) => x - (other[i] ?? 0))) > 1e-5);
      if (isNew) found.push(corner);
    }
  }
  return found;
};

describe('the Brillouin zone', () => {
  const figures = (cell: Matrix): readonly [faces: number, corners: number] => {
    const basis = reciprocal(cell);
    if (basis === null) throw new Error('flat');
    const zone = brillouinZone(basis);
    expect(zoneVolume(zone)).toBeCloseTo(volumeOf(basis), 9);
    return [zone.length, cornersOf(zone).length];
  };

  it('has the form that the textbooks show', () => {
    expect(
      figures([
        [4, 0, 0],
        [0, 4, 0],
        [0, 0, 4],
      ]),
    ).toEqual([6, 8]);
    // face-centred cubic: a truncated octahedron
    expect(
      figures([
        [0, 2, 2],
        [2, 0, 2],
        [2, 2, 0],
      ]),
    ).toEqual([14, 24]);
    // body-centred cubic: a rhombic dodecahedron
    expect(
      figures([
        [-2, 2, 2],
        [2, -2, 2],
        [2, 2, -2],
      ]),
    ).toEqual([12, 14]);
    // hexagonal: a prism
    expect(
      figures([
        [2.5, 0, 0],
        [-1.25, 1.25 * Math.sqrt(3), 0],
        [0, 0, 6],
      ]),
    ).toEqual([8, 12]);
  });

  it('does not depend on which vectors of the lattice were stored', () => {
    const cubic: Matrix = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const skew: Matrix = [
      [1, 0, 0],
      [7, 1, 0],
      [-5, 12, 1],
    ];
    expect(cornersOf(brillouinZone(skew))).toHaveLength(cornersOf(brillouinZone(cubic)).length);
  });

  it('has the volume of the cell, is its own mirror image, and holds what is nearest to the origin', () => {
    fc.assert(
      fc.property(lattice, (basis) => {
        const zone = brillouinZone(basis);
        expect(zoneVolume(zone) / volumeOf(basis)).toBeCloseTo(1, 5);
        const corners = cornersOf(zone);
        const scale = norm(reducedLattice(basis)[0]);
        for (const corner of corners) {
          const mirrored = corners.some(
            (other) => Math.hypot(...corner.map((x, i) => x + (other[i] ?? 0))) < 1e-3 * scale + 1e-4,
          );
          expect(mirrored).toBe(true);
          for (let n = 0; n < 125; n++) {
            const point = cartesian(
              [(n % 5) - 2, (Math.floor(n / 5) % 5) - 2, Math.floor(n / 25) - 2],
              basis,
            );
            const away = Math.hypot(...corner.map((x, i) => x - (point[i] ?? 0)));
            expect(away).toBeGreaterThan(norm(corner) - 1e-5 * (1 + norm(corner)));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is none of vectors that lie in a plane', () => {
    expect(
      brillouinZone([
        [1, 0, 0],
        [0, 1, 0],
        [1, 1, 0],
      ]),
    ).toEqual([]);
    expect(
      brillouinZone([
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ]),
    ).toEqual([]);
    expect(
      brillouinZone([
        [NaN, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]),
    ).toEqual([]);
  });
});

describe('a reduced lattice', () => {
  it('has the same volume, and no shorter vectors are in it', () => {
    fc.assert(
      fc.property(lattice, (basis) => {
        const reduced = reducedLattice(basis);
        expect(volumeOf(reduced) / volumeOf(basis)).toBeCloseTo(1, 6);
        const [a, b, c] = reduced.map(norm);
        expect(a).toBeLessThanOrEqual((b ?? 0) + 1e-12);
        expect(b).toBeLessThanOrEqual((c ?? 0) + 1e-12);
        for (let n = 0; n < 125; n++) {
          const [i, j, k] = [(n % 5) - 2, (Math.floor(n / 5) % 5) - 2, Math.floor(n / 25) - 2];
          if (i === 0 && j === 0 && k === 0) continue;
          const other = norm(cartesian([i, j, k], reduced));
          expect(other).toBeGreaterThan((a ?? 0) * (1 - 1e-9));
          if (k !== 0) expect(other).toBeGreaterThan((c ?? 0) * (1 - 1e-9));
        }
      }),
      { numRuns: 60 },
    );
  });
});
