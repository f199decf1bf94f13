import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBonds } from '#shared/structure/bonds.ts';
import { cartesian, minus, norm, plus, type Matrix } from '#shared/structure/cell.ts';
import type { Crystal } from '#shared/structure/crystal.ts';
import { eachNeighbour } from '#shared/structure/neighbours.ts';
import { supercell } from '#shared/structure/supercell.ts';
import { crystals } from './arbitrary-crystal.ts';

const kind = (symbol: string) => ({ name: symbol, constituents: [{ symbol, weight: 1 }], mass: null });
const fcc = (a: number): Matrix => [
  [0, a / 2, a / 2],
  [a / 2, 0, a / 2],
  [a / 2, a / 2, 0],
];
const silicon: Crystal = {
  cell: fcc(5.43),
  periodic: [true, true, true],
  kinds: [kind('Si')],
  sites: [
    { kind: 0, position: [0, 0, 0] },
    { kind: 0, position: [1.3575, 1.3575, 1.3575] },
  ],
};

/** Pairs by looking at every image that can be near, one by one. */
function slowly({ cell, periodic, sites }: Crystal, reach: number): readonly string[] {
  const most = 9;
  const span = (along: boolean): readonly number[] =>
    along ? Array.from({ length: 2 * most + 1 }, (_, i) => i - most) : [0];
  const found: string[] = [];
  for (const [i, from] of sites.entries()) {
    for (const [j, to] of sites.entries()) {
      for (const u of span(periodic[0])) {
        for (const v of span(periodic[1])) {
          for (const w of span(periodic[2])) {
            if (j < i || (j === i && !(u > 0 || (u === 0 && (v > 0 || (v === 0 && w > 0)))))) continue;
            const length = norm(minus(plus(to.position, cartesian([u, v, w], cell)), from.position));
            if (length <= reach) found.push(`${i} ${j} ${u} ${v} ${w}`);
          }
        }
      }
    }
  }
  return found;
}

describe('neighbours', () => {
  it('are the pairs that a search through all images finds, each once, with the right images', () => {
    fc.assert(
      fc.property(crystals({ most: 5 }), fc.double({ min: 0.5, max: 3, noNaN: true }), (crystal, reach) => {
        const found: string[] = [];
        eachNeighbour(crystal, reach, (from, to, image, length) => {
          const [p, q] = [crystal.sites[from], crystal.sites[to]];
          if (p === undefined || q === undefined) throw new Error('no such site');
          const far = plus(q.position, cartesian(image, crystal.cell));
          expect(norm(minus(far, p.position))).toBeCloseTo(length, 8);
          found.push(from === to ? `${from} ${to} ${image.join(' ')}` : `${from} ${to} ${image.join(' ')}`);
        });
        const clean = (texts: readonly string[]): readonly string[] =>
          texts.map((text) => text.replaceAll('-0', '0')).toSorted();
        expect(clean(found)).toEqual(clean(slowly(crystal, reach)));
      }),
      { numRuns: 60 },
    );
  });
});

describe('bonds', () => {
  it('of silicon are four for each atom, two of a cell told as four in all', () => {
    const bonds = findBonds(silicon);
    expect(bonds).toHaveLength(4);
    for (const { length } of bonds) expect(length).toBeCloseTo((5.43 * Math.sqrt(3)) / 4, 8);
  });

  it('of a supercell are as many as of its cells together', () => {
    fc.assert(
      fc.property(
        crystals({ most: 4 }),
        fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 })),
        (crystal, [n, m]) => {
          const larger = supercell(crystal, [n, m, 1]);
          const times = larger.sites.length / crystal.sites.length;
          const one = findBonds(crystal);
          // At the bound of bonds for one atom, which of them are told depends on the order.
          fc.pre(one.length < 40 && one.every(({ length }) => length > 0.41));
          expect(findBonds(larger)).toHaveLength(one.length * times);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('join metals to each other only where there is nothing else', () => {
    const oxide: Crystal = {
      cell: [
        [4, 0, 0],
        [0, 4, 0],
        [0, 0, 4],
      ],
      periodic: [true, true, true],
      kinds: [kind('Ba'), kind('Ti'), kind('O')],
      sites: [
        { kind: 0, position: [0, 0, 0] },
        { kind: 1, position: [2, 2, 2] },
        { kind: 2, position: [2, 2, 0] },
        { kind: 2, position: [2, 0, 2] },
        { kind: 2, position: [0, 2, 2] },
      ],
    };
    const pairs = findBonds(oxide).map(({ from, to }) => `${from}-${to}`);
    expect(pairs.filter((pair) => pair.startsWith('1-'))).toHaveLength(6);
    expect(pairs.filter((pair) => pair.startsWith('0-'))).toHaveLength(12);
    expect(pairs).not.toContain('0-1');
    const copper: Crystal = {
      ...silicon,
      cell: fcc(3.61),
      kinds: [kind('Cu')],
      sites: silicon.sites.slice(0, 1),
    };
    expect(findBonds(copper)).toHaveLength(6);
  });

  it('of a molecule do not reach around the box it is in', () => {
    const water: Crystal = {
      cell: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      periodic: [false, false, false],
      kinds: [kind('O'), kind('H')],
      sites: [
        { kind: 0, position: [0, 0, 0.1] },
        { kind: 1, position: [0, 0.76, -0.48] },
        { kind: 1, position: [0, -0.76, -0.48] },
      ],
    };
    expect(findBonds(water).map(({ from, to, image }) => [from, to, ...image])).toEqual([
      [0, 2, 0, 0, 0],
      [0, 1, 0, 0, 0],
    ]);
  });

  it('of ghosts, of nothing, and of atoms that lie on each other are none', () => {
    expect(findBonds({ ...silicon, sites: [] })).toEqual([]);
    expect(findBonds({ ...silicon, kinds: [kind('X')] })).toEqual([]);
    const [site] = silicon.sites;
    const twice: Crystal = {
      ...silicon,
      periodic: [false, false, false],
      sites: site === undefined ? [] : [site, site],
    };
    expect(twice.sites).toHaveLength(2);
    expect(findBonds(twice)).toEqual([]);
  });
});
