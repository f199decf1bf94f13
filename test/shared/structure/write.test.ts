import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellFigures, fractional, type Vector } from '#shared/structure/cell.ts';
import { cifBlocks } from '#shared/structure/cif/blocks.ts';
import { readCifCrystal } from '#shared/structure/cif/read-crystal.ts';
import { mainSymbol, type Crystal } from '#shared/structure/crystal.ts';
import { writeCif } from '#shared/structure/write-cif.ts';
import { writePoscar } from '#shared/structure/write-poscar.ts';
import { writeXyz } from '#shared/structure/write-xyz.ts';
import { crystals } from './arbitrary-crystal.ts';
import { readPoscar, readXyz } from './written-files.ts';

const near = (vector: Vector): Vector =>
  vector.map((part) => expect.closeTo(part, 6) as number) as unknown as Vector;
const symbolAt = ({ kinds, sites }: Crystal, i: number): string => {
  const kind = kinds[sites[i]?.kind ?? -1];
  return kind === undefined ? '' : mainSymbol(kind);
};
/** Places in the cell, so that faces are the same place from either side. */
const inCell = (part: number): number => ((part % 1) + 1) % 1;
const round = (part: number): string => (Math.round(inCell(part) * 1e5) % 1e5).toString();

describe('a written file says the structure', () => {
  it('as extended XYZ', () => {
    fc.assert(
      fc.property(crystals(), (crystal) => {
        const { cell, pbc, atoms } = readXyz(writeXyz(crystal));
        const repeats = crystal.periodic.includes(true);
        expect(cell).toEqual(repeats ? crystal.cell.map(near) : null);
        expect(pbc).toBe(crystal.periodic.map((along) => (along ? 'T' : 'F')).join(' '));
        expect(atoms).toEqual(
          crystal.sites.map(({ position }, i) => ({
            symbol: symbolAt(crystal, i),
            position: near(position),
          })),
        );
      }),
    );
  });

  it('as POSCAR, in groups of one element', () => {
    fc.assert(
      fc.property(crystals(), fc.string(), (crystal, title) => {
        const { cell, atoms } = readPoscar(writePoscar(crystal, title));
        expect(cell).toEqual(crystal.cell.map(near));
        const order = [...new Set(crystal.sites.map((_, i) => symbolAt(crystal, i)))];
        const wanted = order.flatMap((symbol) =>
          crystal.sites.flatMap(({ position }, i) =>
            symbolAt(crystal, i) === symbol ? [{ symbol, position: near(position) }] : [],
          ),
        );
        expect(atoms).toEqual(wanted);
      }),
    );
  });

  it('as CIF, which is read back by the rules of CIF', () => {
    fc.assert(
      fc.property(crystals({ most: 6 }), fc.string(), (crystal, name) => {
        const places = crystal.sites.map(({ position }) => fractional(position, crystal.cell) ?? [0, 0, 0]);
        // Two elements at one place with whole occupancies are no structure that could be written.
        fc.pre(new Set(places.map((place) => place.map(round).join())).size === places.length);
        const [block] = cifBlocks(writeCif(crystal, name));
        if (block === undefined) throw new Error('no block');
        const { crystal: back, notes } = readCifCrystal(block);
        expect(notes).toEqual([]);
        const [before, after] = [cellFigures(crystal.cell), cellFigures(back.cell)];
        expect(after.lengths).toEqual(near(before.lengths));
        expect(after.volume).toBeCloseTo(before.volume, 3);
        expect(back.sites.map((_, i) => symbolAt(back, i))).toEqual(
          crystal.sites.map((_, i) => symbolAt(crystal, i)),
        );
        for (const [i, { position }] of back.sites.entries()) {
          const place = fractional(position, back.cell) ?? [NaN, NaN, NaN];
          for (const [k, part] of place.entries()) {
            const off = Math.abs(inCell(part) - inCell(places[i]?.[k] ?? NaN));
            expect(Math.min(off, 1 - off)).toBeLessThan(1e-6);
          }
        }
      }),
    );
  });
});

describe('what a format cannot say is told', () => {
  const alloy: Crystal = {
    cell: [
      [3, 0, 0],
      [0, 3, 0],
      [0, 0, 3],
    ],
    periodic: [true, true, true],
    kinds: [
      {
        name: 'mix',
        constituents: [
          { symbol: 'Ba', weight: 0.5 },
          { symbol: 'Ca', weight: 0.25 },
        ],
        mass: null,
      },
    ],
    sites: [{ kind: 0, position: [0.75, 0, 0] }],
  };

  it('shared places: by POSCAR not at all, by CIF with occupancies, by XYZ as the larger part', () => {
    expect(() => writePoscar(alloy, 'alloy')).toThrow('mix has several elements');
    const [block] = cifBlocks(writeCif(alloy, 'an alloy'));
    expect(block?.name).toBe('an_alloy');
    if (block === undefined) return;
    const { crystal } = readCifCrystal(block);
    expect(crystal.kinds.map(({ constituents }) => constituents)).toEqual([alloy.kinds[0]?.constituents]);
    expect(crystal.sites).toHaveLength(1);
    expect(readXyz(writeXyz(alloy)).atoms).toEqual([{ symbol: 'Ba', position: [0.75, 0, 0] }]);
  });

  it('a molecule without a cell: only by XYZ', () => {
    const molecule: Crystal = {
      ...alloy,
      periodic: [false, false, false],
      cell: [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      kinds: [{ name: 'O', constituents: [{ symbol: 'O', weight: 1 }], mass: null }],
    };
    expect(() => writeCif(molecule, 'x')).toThrow('no cell');
    expect(() => writePoscar(molecule, 'x')).toThrow('no cell');
    expect(readXyz(writeXyz(molecule)).cell).toBeNull();
  });
});
