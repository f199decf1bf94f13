import { describe, expect, it } from 'vitest';
import { readAttributes, type Attributes } from '#renderer/model/attributes.ts';
import { bandPath } from '#renderer/model/band-path.ts';
import { cellFigures, fractional, reciprocal } from '#shared/structure/cell.ts';
import { crystalFigures, fractionalOf, kindSymbols } from '#shared/structure/crystal.ts';
import { readStructure } from '#renderer/model/structure.ts';
import { tickText } from '#renderer/model/ticks.ts';

function attributes(value: unknown): Attributes {
  const read = readAttributes(JSON.stringify(value));
  if (read.kind === 'error') throw new Error(read.error.message);
  return read.attributes;
}

const missing = (): never => {
  throw new Error('no such site');
};

const silicon = {
  cell: [
    [0, 2.715, 2.715],
    [2.715, 0, 2.715],
    [2.715, 2.715, 0],
  ],
  kinds: [{ name: 'Si', symbols: ['Si'], weights: [1], mass: 28.0855 }],
  sites: [
    { kind_name: 'Si', position: [0, 0, 0] },
    { kind_name: 'Si', position: [1.3575, 1.3575, 1.3575] },
  ],
  pbc1: true,
  pbc2: true,
  pbc3: true,
};

describe('a structure', () => {
  it('has a formula, lengths, angles and a volume', () => {
    const structure = readStructure(attributes(silicon));
    if (structure === null) throw new Error('no structure');
    const figures = crystalFigures(structure);
    expect(figures.formula).toBe('Si2');
    expect(figures.lengths[0]).toBeCloseTo(2.715 * Math.SQRT2, 10);
    expect(figures.angles).toEqual([60, 60, 60].map((angle) => expect.closeTo(angle, 8) as number));
    expect(figures.volume).toBeCloseTo(5.43 ** 3 / 4, 8);
    expect(fractionalOf(structure, structure.sites[1] ?? missing())).toEqual(
      [0.25, 0.25, 0.25].map((at) => expect.closeTo(at, 10) as number),
    );
    expect(structure.kinds).toEqual([
      { name: 'Si', constituents: [{ symbol: 'Si', weight: 1 }], mass: 28.0855 },
    ]);
    expect(structure.periodic).toEqual([true, true, true]);
  });

  it('names the parts of an alloy', () => {
    const alloy = { ...silicon, kinds: [{ name: 'Si', symbols: ['Ba', 'Ca'], weights: [0.8, 0.2] }] };
    const structure = readStructure(attributes(alloy));
    expect(structure?.kinds.map(kindSymbols)).toEqual(['Ba 0.8, Ca 0.2']);
    expect(structure?.kinds[0]?.mass).toBeNull();
  });

  it('reads forms that are older or not quite AiiDA’s', () => {
    const { pbc1: _1, pbc2: _2, pbc3: _3, ...rest } = silicon;
    const structure = readStructure(attributes({ ...rest, pbc: [true, true, false], kinds: [] }));
    expect(structure?.periodic).toEqual([true, true, false]);
    expect(structure?.kinds).toEqual([
      { name: 'Si', constituents: [{ symbol: 'Si', weight: 1 }], mass: null },
    ]);
    expect(readStructure(attributes({ ...silicon, pbc2: 1 }))?.periodic).toEqual([true, false, true]);
  });

  it('has angles of a triclinic cell at the right vectors', () => {
    const { angles } = cellFigures([
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 1],
    ]);
    expect(angles).toEqual([45, 90, 90].map((angle) => expect.closeTo(angle, 8) as number));
  });

  it('is none where cell or sites are missing or damaged', () => {
    for (const broken of [
      {},
      { ...silicon, cell: [[1, 2, 3]] },
      { ...silicon, sites: [{ kind_name: 'Si', position: [0, 'x', 0] }] },
      { ...silicon, sites: 'none' },
    ]) {
      expect(readStructure(attributes(broken))).toBeNull();
    }
  });

  it('has no fractional coordinates in a cell without volume', () => {
    const flat = [
      [1, 0, 0],
      [2, 0, 0],
      [0, 0, 1],
    ] as const;
    expect(reciprocal(flat)).toBeNull();
    expect(fractional([1, 0, 0], flat)).toBeNull();
  });
});

describe('attributes', () => {
  it('that are no object are an error in words', () => {
    for (const text of ['[1]', '3', 'nonsense', '']) expect(readAttributes(text).kind).toBe('error');
  });
});

describe('a path through the Brillouin zone', () => {
  const points = [
    [0, 0, 0],
    [0.5, 0, 0],
    [0, 0.5, 0],
    [0, 1, 0],
  ] as const;

  it('adds up the lengths, and jumps where two named points follow each other', () => {
    const path = bandPath(points, null, [
      [0, 'GAMMA'],
      [1, 'X'],
      [2, 'Y_1'],
      [3, 'Z'],
    ]);
    // 1 and 2 are named and adjacent, and so are all others here
    expect(path.along).toEqual([0, 0, 0, 0]);
    expect(path.labels).toEqual([{ at: 0, text: 'Γ|X|Y₁|Z' }]);
    const usual = bandPath(points, null, [
      [0, 'G'],
      [3, 'M'],
    ]);
    expect(usual.along).toEqual(
      [0, 0.5, 0.5 + Math.SQRT1_2, 1 + Math.SQRT1_2].map((at) => expect.closeTo(at, 10) as number),
    );
    expect(usual.labels.map(({ text }) => text)).toEqual(['Γ', 'M']);
    expect(usual.jumps.size).toBe(0);
  });

  it('measures in the reciprocal cell where there is one', () => {
    const cubic = [
      [4, 0, 0],
      [0, 4, 0],
      [0, 0, 4],
    ] as const;
    const { along } = bandPath(points.slice(0, 2), cubic, []);
    expect(along[1]).toBeCloseTo((2 * Math.PI * 0.5) / 4, 10);
  });
});

describe('the ticks of an axis', () => {
  it('have the decimals that their steps need', () => {
    const all = [-215.47, -215.465, -215.46];
    expect(all.map((tick) => tickText(tick, all))[0]).toBe('−215.470');
    expect(tickText(2e7, [0, 2e7])).toBe('2.00e+7');
  });
});
