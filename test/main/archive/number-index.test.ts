import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NumberIndex } from '#main/archive/aiida/import/number-index.ts';

describe('the numbers of an archive', () => {
  test('are found where they came, as a map finds them, in whatever order and however often they came', () => {
    const key = fc.integer({ min: -20, max: 60 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(key, { maxLength: 40 }),
          // as archives have them: rising, with gaps, mostly by one
          fc.uniqueArray(key, { maxLength: 60 }).map((keys) => keys.toSorted((a, b) => a - b)),
        ),
        (keys) => {
          const index = new NumberIndex(keys.length);
          for (const one of keys) index.add(one);
          const map = new Map(keys.map((one, place) => [one, place]));
          for (let one = -22; one < 63; one++) expect(index.numberOf(one)).toBe(map.get(one) ?? null);
          for (const one of [0.5, 2 ** 53, -(2 ** 53)]) expect(index.numberOf(one)).toBe(null);
        },
      ),
    );
  });
});
