import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellFigures, cellFrom, type Vector } from '#shared/structure/cell.ts';
import { crystalFigures, kindSymbols, mainSymbol, type Crystal } from '#shared/structure/crystal.ts';
import { elementOf, elementOrDummy } from '#shared/structure/elements.ts';
import { angleAt, dihedral, distance } from '#shared/structure/measure.ts';

describe('what is measured between atoms', () => {
  it('is a distance, an angle and a dihedral angle', () => {
    expect(distance([0, 0, 0], [1, 2, 2])).toBe(3);
    expect(angleAt([1, 0, 0], [0, 0, 0], [0, 2, 0])).toBeCloseTo(90, 10);
    // IUPAC: clockwise, seen from the front atom, is positive
    expect(dihedral([1, 0, 0], [0, 0, 0], [0, 0, 1], [0, 1, 1])).toBeCloseTo(90, 10);
    expect(dihedral([1, 0, 0], [0, 0, 0], [0, 0, -1], [0, 1, -1])).toBeCloseTo(-90, 10);
    expect(Math.abs(dihedral([1, 0, 0], [0, 0, 0], [0, 0, 1], [-1, 0, 1]))).toBeCloseTo(180, 10);
    expect(dihedral([1, 0, 0], [0, 0, 0], [0, 0, 1], [1, 0, 5])).toBeCloseTo(0, 10);
  });

  it('is told as none where the atoms do not make it', () => {
    expect(angleAt([0, 0, 0], [0, 0, 0], [1, 0, 0])).toBeNaN();
    expect(dihedral([0, 0, 0], [0, 0, 1], [0, 0, 2], [1, 0, 2])).toBeNaN();
  });
});

describe('a cell', () => {
  it('made from lengths and angles has these lengths and angles', () => {
    const length = fc.double({ min: 0.5, max: 60, noNaN: true });
    const angle = fc.double({ min: 25, max: 155, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(length, length, length), fc.tuple(angle, angle, angle), (lengths, angles) => {
        const cell = cellFrom(lengths, angles);
        fc.pre(cell !== null && cellFigures(cell).volume > 0.05 * lengths[0] * lengths[1] * lengths[2]);
        if (cell === null) return;
        const figures = cellFigures(cell);
        for (const i of [0, 1, 2] as const) {
          expect(figures.lengths[i]).toBeCloseTo(lengths[i], 8);
          expect(figures.angles[i]).toBeCloseTo(angles[i], 6);
        }
      }),
    );
  });

  it('is none where no cell has such angles', () => {
    expect(cellFrom([1, 1, 1], [30, 30, 150])).toBeNull();
    expect(cellFrom([1, 0, 1], [90, 90, 90])).toBeNull();
  });
});

describe('elements', () => {
  it('have the weights, radii and colours of their sources', () => {
    expect(elementOf('H')).toMatchObject({
      number: 1,
      mass: 1.008,
      radius: 0.31,
      colour: '#ffffff',
      metal: false,
    });
    expect(elementOf('Fe')).toMatchObject({
      number: 26,
      mass: 55.845,
      radius: 1.32,
      colour: '#e06633',
      metal: true,
    });
    expect(elementOf('Og')).toMatchObject({ number: 118, metal: false });
    expect(elementOf('D')?.number).toBe(1);
    expect(elementOf('constructor')).toBeUndefined();
    expect(elementOrDummy('X').number).toBe(0);
  });
});

describe('a crystal', () => {
  const a = 5.43;
  const kind = (name: string, parts: Readonly<Record<string, number>>, mass: number | null = null) => ({
    name,
    constituents: Object.entries(parts).map(([symbol, weight]) => ({ symbol, weight })),
    mass,
  });
  const cubic = (kinds: Crystal['kinds'], places: readonly (readonly [number, Vector])[]): Crystal => ({
    cell: [
      [a, 0, 0],
      [0, a, 0],
      [0, 0, a],
    ],
    periodic: [true, true, true],
    kinds,
    sites: places.map(([at, position]) => ({ kind: at, position })),
  });

  it('has the density of silicon where it is silicon', () => {
    const places = Array.from({ length: 8 }, (_, i): readonly [number, Vector] => [0, [i / 2, 0, 0]]);
    const figures = crystalFigures(cubic([kind('Si', { Si: 1 })], places));
    expect(figures.formula).toBe('Si8');
    // the crystallographic density, 2.329 g/cm³
    expect(figures.density).toBeCloseTo(2.33, 2);
  });

  it('counts shared places in parts, and vacancies weigh nothing', () => {
    const crystal = cubic(
      [kind('Ba', { Ba: 0.5, Ca: 0.25 }, 104)],
      [
        [0, [0, 0, 0]],
        [0, [1, 1, 1]],
      ],
    );
    const figures = crystalFigures(crystal);
    expect(figures.composition).toEqual([
      { symbol: 'Ba', count: 1 },
      { symbol: 'Ca', count: 0.5 },
    ]);
    expect(figures.formula).toBe('{Ba0.50Ca0.25X0.25}2');
    expect(figures.density).toBeCloseTo((2 * 104 * 0.75 * 1.66053906892) / a ** 3, 10);
    expect(crystal.kinds.map(kindSymbols)).toEqual(['Ba 0.5, Ca 0.25']);
    expect(crystal.kinds.map(mainSymbol)).toEqual(['Ba']);
  });

  it('has no density where it is a slab, or where a mass is not known', () => {
    const slab = {
      ...cubic([kind('Si', { Si: 1 })], [[0, [0, 0, 0]]]),
      periodic: [true, true, false] as const,
    };
    expect(crystalFigures(slab).density).toBeNull();
    expect(crystalFigures(cubic([kind('Q', { Q: 1 })], [[0, [0, 0, 0]]])).density).toBeNull();
  });
});
