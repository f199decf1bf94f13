import fc from 'fast-check';
import { cartesian, type Matrix, type Vector } from '#shared/structure/cell.ts';
import type { Crystal } from '#shared/structure/crystal.ts';

const triple = (item: fc.Arbitrary<number>): fc.Arbitrary<Vector> => fc.tuple(item, item, item);
const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true, noDefaultInfinity: true });

/** Cells from cubic to strongly skewed, never flat. */
export const cells: fc.Arbitrary<Matrix> = fc
  .tuple(triple(between(2, 12)), triple(between(-0.45, 0.45)), triple(between(-0.45, 0.45)))
  .map(([[a, b, c], [p, q, r], [s, t, u]]) => [
    [a, p * a, s * a],
    [q * b, b, t * b],
    [r * c, u * c, c],
  ]);

const symbols = ['H', 'C', 'O', 'Si', 'Fe', 'Na', 'Cl', 'Ba', 'Ti'] as const;

/** Crystals in any of the ways to repeat; places also outside of the cell. */
export const crystals = ({ most = 12 } = {}): fc.Arbitrary<Crystal> =>
  fc
    .record({
      cell: cells,
      periodic: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
      chosen: fc.uniqueArray(fc.constantFrom(...symbols), { minLength: 1, maxLength: 4 }),
      sites: fc.array(fc.tuple(fc.nat(3), triple(between(-1.5, 1.5))), { minLength: 1, maxLength: most }),
    })
    .map(({ cell, periodic, chosen, sites }) => ({
      cell,
      periodic,
      kinds: chosen.map((symbol) => ({ name: symbol, constituents: [{ symbol, weight: 1 }], mass: null })),
      sites: sites.map(([kind, place]) => ({
        kind: kind % chosen.length,
        position: cartesian(place, cell),
      })),
    }));
