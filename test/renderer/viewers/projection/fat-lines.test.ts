import { describe, expect, it } from 'vitest';
import { NpyArray } from '#shared/npy/npy-array.ts';
import type { Attributes } from '#renderer/model/attributes.ts';
import { readBands } from '#renderer/viewers/bands/read-bands.ts';
import { fatLines } from '#renderer/viewers/projection/fat-lines.ts';
import { npyOf } from '../../../support/npy.ts';

/** One band at these places along the first vector. */
function bandAlong(places: readonly number[]) {
  const bands = readBands({} as Attributes, {
    kpoints: new NpyArray(
      npyOf(
        [places.length, 3],
        places.flatMap((k) => [k, 0, 0]),
      ),
    ),
    bands: new NpyArray(npyOf([places.length, 1], places)),
  });
  if (bands === null) throw new Error('bands do not fit');
  return bands;
}

describe('bands with the weights of orbitals', () => {
  const weights = (of: number) => Float64Array.of(of, of, of, of, of);

  it('stand on the same axis as the bands, whether these are a path or a list', () => {
    for (const places of [
      [0, 0.1, 0.2, 0.3, 0.4],
      [0, 0.1, 0.2, 0.9, 0.8],
    ]) {
      const [plain, fat] = fatLines(bandAlong(places), [{ name: 'Si s', weights: weights(1) }]);
      expect(Array.from(fat?.x ?? [])).toEqual(Array.from(plain?.x ?? []));
    }
  });

  it('have the lesser weights on top, in the colours of their groups', () => {
    const groups = [
      { name: 'Si s', weights: weights(1) },
      { name: 'Si p', weights: weights(4) },
    ];
    const [, ...fat] = fatLines(bandAlong([0, 0.1, 0.2, 0.3, 0.4]), groups);
    expect(fat.map(({ name, series }) => [name, series])).toEqual([
      ['Si p', 1],
      ['Si s', 0],
    ]);
    expect(fat.map(({ sizes }) => sizes?.[0])).toEqual([7, 3.5]);
  });
});
