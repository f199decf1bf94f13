import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramOf } from '#shared/npy/histogram.ts';
import { NpyArray } from '#shared/npy/npy-array.ts';
import { partsOf } from '#shared/npy/parts.ts';
import { RunningStatistics, statisticsOf } from '#shared/npy/statistics.ts';
import { npyOf } from '../../support/npy.ts';

const array = (values: readonly number[]): NpyArray => new NpyArray(npyOf([values.length], values));

describe('the parts of a large array', () => {
  it('are one where it is small', () => {
    expect(partsOf([3, 4], 12)).toMatchObject({ count: 1 });
    expect(partsOf([], 1).part(0)).toEqual({ shape: [], fixed: [], from: 0, offset: 0, length: 1 });
  });

  it('are blocks of rows, with the first axes fixed where one step of them is too large', () => {
    const parts = partsOf([2, 5, 3], 7);
    expect(parts.count).toBe(6);
    expect(parts.part(0)).toEqual({ shape: [2, 3], fixed: [0], from: 0, offset: 0, length: 6 });
    expect(parts.part(5)).toEqual({ shape: [1, 3], fixed: [1], from: 4, offset: 27, length: 3 });
  });

  it('cover every element once, in the order of the file, and none is larger than asked', () => {
    const shape = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shape, fc.integer({ min: 1, max: 60 }), (sizes, most) => {
        const parts = partsOf(sizes, most);
        let at = 0;
        for (let i = 0; i < parts.count; i++) {
          const part = parts.part(i);
          expect(part.offset).toBe(at);
          expect(part.length).toBe(part.shape.reduce((product, size) => product * size, 1));
          expect(part.length).toBeLessThanOrEqual(most);
          at += part.length;
        }
        expect(at).toBe(sizes.reduce((product, size) => product * size, 1));
      }),
    );
  });

  it('are read without the head of the file', () => {
    const whole = npyOf([2, 2], [1, 2, 3, 4]);
    const part = new NpyArray(whole.subarray(whole.length - 16), {
      dtype: '<f8',
      shape: [1, 2],
      fortranOrder: false,
    });
    expect([part.number(0), part.number(1)]).toEqual([3, 4]);
  });
});

describe('figures', () => {
  const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 60 });

  it('of pieces are those of the whole', () => {
    fc.assert(
      fc.property(numbers, fc.nat(60), (values, cut) => {
        const running = new RunningStatistics();
        running.addAll(array(values.slice(0, cut)));
        running.addAll(array(values.slice(cut)));
        expect(running.value).toEqual(statisticsOf(array(values)));
      }),
    );
  });

  it('leave what is infinite or no number out of mean and deviation, and count it', () => {
    expect(statisticsOf(array([1, 3, NaN, Infinity]))).toEqual({
      count: 3,
      notNumbers: 1,
      infinite: 1,
      least: 1,
      greatest: Infinity,
      mean: 2,
      deviation: 1,
    });
    expect(statisticsOf(array([NaN]))).toMatchObject({ count: 0, least: NaN, mean: NaN });
  });

  it('as a histogram count every finite number once, in bins from the least to the greatest', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 20 }), (values, bins) => {
        const histogram = histogramOf(array([...values, NaN, Infinity]), bins);
        expect(histogram?.counts.reduce((sum, count) => sum + count)).toBe(values.length);
        const { edges = [], counts = [] } = histogram ?? {};
        for (const [i, count] of counts.entries()) {
          const [from = 0, to = 0] = [edges[i], edges[i + 1]];
          const inside = values.filter((v) => v >= from && (v < to || i === bins - 1)).length;
          expect(count).toBe(inside);
        }
      }),
    );
  });

  it('have no histogram of nothing', () => {
    expect(histogramOf(array([NaN]), 4)).toBeNull();
    expect(histogramOf(array([2, 2]), 2)).toEqual({ edges: [1.5, 2, 2.5], counts: [0, 2] });
  });
});
