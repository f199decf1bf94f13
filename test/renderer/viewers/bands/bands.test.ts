import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NpyArray } from '#shared/npy/npy-array.ts';
import { readPyJson } from '#shared/provenance/python-json.ts';
import type { Attributes } from '#renderer/model/attributes.ts';
import { bandGap, type Filling } from '#renderer/viewers/bands/band-gap.ts';
import { bandLines } from '#renderer/viewers/bands/band-lines.ts';
import { gapWords } from '#renderer/viewers/bands/gap-words.ts';
import { readBands, type Bands } from '#renderer/viewers/bands/read-bands.ts';
import { npyOf } from '../../../support/npy.ts';

const array = (shape: readonly number[], values: readonly number[]): NpyArray =>
  new NpyArray(npyOf(shape, values));
const attributes = (value: unknown): Attributes => readPyJson(JSON.stringify(value)) as Attributes;
const occupied: Filling = { kind: 'occupations' };

/** Three k-points from Γ to X and on. */
function made(
  energies: readonly (readonly number[])[],
  occupations: readonly (readonly number[])[] | null,
  more: Readonly<Record<string, unknown>> = {},
): Bands {
  const count = energies[0]?.length ?? 0;
  const shape = [energies.length, count];
  const kpoints = energies.flatMap((_, i) => [i / 2, 0, 0]);
  const bands = readBands(
    attributes({ labels: ['GAMMA', 'X'], label_numbers: [0, energies.length - 1], units: 'eV', ...more }),
    {
      bands: array(shape, energies.flat()),
      kpoints: array([energies.length, 3], kpoints),
      ...(occupations === null ? {} : { occupations: array(shape, occupations.flat()) }),
    },
  );
  if (bands === null) throw new Error('bands do not fit');
  return bands;
}

describe('bands', () => {
  it('are read with and without spins, and not at all where numbers differ', () => {
    const kpoints = array([2, 3], [0, 0, 0, 0.5, 0, 0]);
    const of = (shape: readonly number[], length: number): Bands | null =>
      readBands(attributes({ units: 'eV' }), {
        kpoints,
        bands: array(
          shape,
          Array.from({ length }, (_, i) => i),
        ),
      });
    expect(of([2, 3], 6)).toMatchObject({ spins: 1, points: 2, count: 3, spinNames: ['Bands'] });
    const both = of([2, 2, 3], 12);
    expect(both).toMatchObject({ spins: 2, points: 2, count: 3, spinNames: ['Spin up', 'Spin down'] });
    expect(both?.energy(1, 0, 2)).toBe(8);
    expect(of([3, 2], 6)).toBeNull();
    expect(of([6], 6)).toBeNull();
  });

  it('are points over the index where the k-points are a mesh, and lines along a path', () => {
    const of = (kpoints: readonly number[]): Bands | null =>
      readBands(attributes({}), {
        kpoints: array(
          [kpoints.length, 3],
          kpoints.flatMap((k) => [k, 0, 0]),
        ),
        bands: array([kpoints.length, 1], kpoints),
      });
    const path = of([0, 0.1, 0.2, 0.3, 0.4]);
    expect(path?.isPath).toBe(true);
    const mesh = of([0, 0.1, 0.2, 0.9, 0.8]);
    expect(mesh?.isPath).toBe(false);
    const [line] = mesh === null ? [] : bandLines(mesh, [0]);
    expect(Array.from(line?.x ?? [])).toEqual([0, 1, 2, 3, 4]);
    expect(line?.sizes?.length).toBe(5);
  });

  it('leave out occupations of another shape', () => {
    const bands = readBands(attributes({}), {
      kpoints: array([1, 3], [0, 0, 0]),
      bands: array([1, 2], [0, 1]),
      occupations: array([2], [1, 0]),
    });
    expect(bands?.occupation).toBeNull();
  });

  it('take the Fermi level from where plugins put it', () => {
    const level = (value: object): readonly number[] =>
      made([[0, 1]], null, { ...value, label_numbers: [0, 0] }).fermi;
    expect(level({ fermi_energy: 6.5 })).toEqual([6.5]);
    expect(level({ efermi: [1, 2] })).toEqual([1, 2]);
    expect(level({ fermi_energy_up: 1, fermi_energy_down: 3 })).toEqual([1, 3]);
    expect(level({ fermi_energy: 'high' })).toEqual([]);
  });

  it('are lines cut at jumps, measured from a zero', () => {
    const bands = made(
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
      null,
      { labels: ['G', 'X', 'K'], label_numbers: [0, 1, 2] },
    );
    const [first] = bandLines(bands, [1]);
    expect(Array.from(first?.y ?? [])).toEqual([-1, NaN, 1, NaN, 3]);
  });
});

describe('the band gap', () => {
  const filled = [
    [1, 0],
    [1, 0],
    [1, 0],
  ];

  it('is indirect with where it begins and ends, and the least direct one', () => {
    const bands = made(
      [
        [2, 5],
        [1, 4],
        [0, 3.5],
      ],
      filled,
    );
    const gap = bandGap(bands, occupied);
    expect(gap).toMatchObject({
      kind: 'gap',
      size: 1.5,
      direct: false,
      top: { point: 0 },
      bottom: { point: 2 },
    });
    expect(gapWords(gap, bands, occupied)).toBe(
      'Indirect band gap of 1.5 eV, from Γ to X (by the occupations); the least direct one is 3 eV at Γ.',
    );
  });

  it('is direct where both edges are at one k-point, also when an edge is reached twice', () => {
    const bands = made(
      [
        [2, 4],
        [1, 5],
        [2, 6],
      ],
      filled,
    );
    const gap = bandGap(bands, occupied);
    expect(gap).toMatchObject({
      kind: 'gap',
      size: 2,
      direct: true,
      top: { point: 0 },
      bottom: { point: 0 },
    });
    expect(gapWords(gap, bands, occupied)).toBe('Direct band gap of 2 eV at Γ (by the occupations).');
  });

  it('is none in a metal: filled bands differ, states are partly filled, or bands overlap', () => {
    expect(
      bandGap(
        made(
          [
            [0, 1],
            [0, 1],
          ],
          [
            [1, 0],
            [1, 1],
          ],
        ),
        occupied,
      ).kind,
    ).toBe('metal');
    expect(
      bandGap(
        made(
          [
            [0, 1],
            [0, 1],
          ],
          [
            [1, 0.4],
            [1, 0],
          ],
        ),
        occupied,
      ).kind,
    ).toBe('metal');
    expect(
      bandGap(
        made(
          [
            [3, 4],
            [0, 2],
          ],
          [
            [1, 0],
            [1, 0],
          ],
        ),
        occupied,
      ).kind,
    ).toBe('metal');
  });

  it('is told by a Fermi level where no occupations are', () => {
    const bands = made(
      [
        [0, 3],
        [1, 4],
      ],
      null,
    );
    const byLevel = (level: number): string => bandGap(bands, { kind: 'level', fermi: [level] }).kind;
    expect(byLevel(2)).toBe('gap');
    expect(byLevel(0.5)).toBe('metal');
    expect(byLevel(9)).toBe('unknown');
    expect(gapWords(bandGap(bands, occupied), bands, occupied)).toMatch(
      /neither occupations nor a Fermi level/,
    );
  });

  it('does not depend on where energies are counted from, nor on the order of bands', () => {
    const energies = fc.array(fc.tuple(fc.integer({ min: -50, max: 0 }), fc.integer({ min: 1, max: 50 })), {
      minLength: 2,
      maxLength: 12,
    });
    fc.assert(
      fc.property(energies, fc.integer({ min: -20, max: 20 }), (pairs, shift) => {
        const plain = bandGap(
          made(
            pairs.map((pair) => [...pair]),
            pairs.map(() => [2, 0]),
          ),
          occupied,
        );
        const other = bandGap(
          made(
            pairs.map(([v, c]) => [c + shift, v + shift]),
            pairs.map(() => [0, 2]),
          ),
          occupied,
        );
        const least = Math.min(...pairs.map(([, c]) => c)) - Math.max(...pairs.map(([v]) => v));
        expect(plain).toMatchObject({ kind: 'gap', size: least });
        expect(other).toMatchObject({ kind: 'gap', size: least });
      }),
    );
  });
});
