import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNpyHeader } from '#shared/npy/header.ts';
import { NpyArray } from '#shared/npy/npy-array.ts';
import { statisticsOf } from '#shared/npy/statistics.ts';

interface Golden {
  readonly npy: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** In NumPy's own words and order; of complex numbers `real|imaginary`. */
  readonly texts: readonly string[];
  readonly figures: {
    readonly least: number;
    readonly greatest: number;
    readonly mean: number;
    readonly deviation: number;
  } | null;
}

/** Files that NumPy 2 wrote, and what NumPy says of them. */
const golden = JSON.parse(readFileSync(new URL('numpy-arrays.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Golden>
>;

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const all = (array: NpyArray): readonly string[] =>
  Array.from({ length: array.length }, (_, i) => array.text(i));

/** An .npy file of version 1 around raw elements. */
function npyFile(dtype: string, shape: readonly number[], fortran: boolean, data: Uint8Array): Uint8Array {
  const dict = `{'descr': '${dtype}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.map((size) => `${size},`).join(' ')}), }`;
  const head = `${dict.padEnd(Math.ceil((dict.length + 11) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(10 + head.length + data.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, head.length & 0xff, head.length >> 8]);
  bytes.set(new TextEncoder().encode(head), 10);
  bytes.set(data, 10 + head.length);
  return bytes;
}

describe('arrays that NumPy wrote', () => {
  for (const [name, { npy, shape, dtype, texts, figures }] of Object.entries(golden)) {
    it(`reads ${name}`, () => {
      const array = new NpyArray(bytesOf(npy));
      expect(array.shape).toEqual(shape);
      expect(array.dtype).toBe(dtype);
      expect(array.whole).toBe(true);
      if (array.type.kind === 'complex') {
        const read = all(array).map((text) =>
          /^(\S+?)([+-][\d.]+(?:e[+-]\d+)?)j$/.exec(text)?.slice(1).map(Number),
        );
        expect(read).toEqual(texts.map((text) => text.split('|').map(Number)));
      } else if (array.type.kind === 'float') {
        // The digits may be laid out differently; they must mean the same number of that precision.
        const same = (text: string): number =>
          array.type.name === 'float32' ? Math.fround(Number(text)) : Number(text);
        expect(all(array).map(same)).toEqual(texts.map(same));
      } else expect(all(array)).toEqual(texts);
      if (figures === null) return;
      const found = statisticsOf(array);
      expect(found?.count).toBe(texts.length);
      for (const key of ['least', 'greatest', 'mean', 'deviation'] as const) {
        expect(found?.[key]).toBeCloseTo(figures[key], 8 - Math.max(0, Math.log10(Math.abs(figures[key]))));
      }
    });
  }
});

describe('an .npy file', () => {
  it('gives back what was put in, in either memory order and either byte order', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 0, maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.boolean(), fc.boolean(), fc.integer(), (shape, fortran, little, seed) => {
        const length = shape.reduce((product, size) => product * size, 1);
        const values = Array.from({ length }, (_, i) => Math.sin(seed + i) * 1e3);
        const data = new DataView(new ArrayBuffer(8 * length));
        values.forEach((value, index) => {
          let place = index;
          if (fortran) {
            // from the last index to the first, as NumPy counts
            const indices: number[] = [];
            let rest = index;
            for (const size of shape.toReversed()) {
              indices.unshift(rest % size);
              rest = Math.floor(rest / size);
            }
            place = indices.reduceRight((sum, at, axis) => sum * (shape[axis] ?? 1) + at, 0);
          }
          data.setFloat64(place * 8, value, little);
        });
        const file = npyFile(little ? '<f8' : '>f8', shape, fortran, new Uint8Array(data.buffer));
        const array = new NpyArray(file);
        expect(Array.from({ length }, (_, i) => array.number(i))).toEqual(values);
      }),
    );
  });

  it('is read as far as it was fetched, and says how far', () => {
    const data = new Uint8Array(new Float64Array([1, 2, 3, 4]).buffer);
    const file = npyFile('<f8', [4], false, data);
    const array = new NpyArray(file.subarray(0, file.length - 12));
    expect(array.stored).toBe(2);
    expect(array.whole).toBe(false);
    expect(array.text(1)).toBe('2.0');
    expect(array.text(2)).toBe('');
    expect(statisticsOf(array)).toMatchObject({ count: 2, mean: 1.5 });
  });

  it('keeps NaN out of its figures and counts it', () => {
    const data = new Uint8Array(new Float64Array([1, NaN, 3]).buffer);
    const array = new NpyArray(npyFile('<f8', [3], false, data));
    expect(statisticsOf(array)).toEqual({
      count: 2,
      notNumbers: 1,
      infinite: 0,
      least: 1,
      greatest: 3,
      mean: 2,
      deviation: 1,
    });
  });

  it('loses no digits of the deviation to a large mean', () => {
    const data = new Uint8Array(new Float64Array([1e9 + 1, 1e9 + 2, 1e9 + 3]).buffer);
    const found = statisticsOf(new NpyArray(npyFile('<f8', [3], false, data)));
    expect(found?.deviation).toBeCloseTo(Math.sqrt(2 / 3), 9);
  });

  it('has no figures where it holds texts', () => {
    expect(statisticsOf(new NpyArray(npyFile('|S2', [2], false, new Uint8Array(4))))).toBeNull();
  });

  it('is refused in words where it is none, is cut off, or holds what cannot be shown', () => {
    const say = (bytes: Uint8Array): string => {
      try {
        return new NpyArray(bytes).dtype;
      } catch (thrown) {
        return (thrown as Error).message;
      }
    };
    expect(say(new TextEncoder().encode('hello, I am a text'))).toMatch(/no file of a NumPy array/);
    expect(say(npyFile('<f8', [2], false, new Uint8Array(16)).subarray(0, 40))).toMatch(
      /ends within its head/,
    );
    expect(say(npyFile('|O', [2], false, new Uint8Array(0)))).toMatch(/type \|O cannot be shown/);
    expect(say(npyFile('<M8[ns]', [2], false, new Uint8Array(16)))).toMatch(/cannot be shown/);
    const records = npyFile('<f8', [1], false, new Uint8Array(8));
    const text = String.fromCharCode(...records).replace("'<f8'", "[('a','<f8')]");
    expect(say(Uint8Array.from(text, (c) => c.charCodeAt(0)))).toMatch(/records cannot be shown/);
  });

  it('never reads outside of what it was given, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const file = npyFile('<f8', [3], false, new Uint8Array(24));
        file.set(noise.subarray(0, Math.min(noise.length, file.length - 8)), 8);
        try {
          const header = readNpyHeader(file);
          expect(header.start).toBeLessThanOrEqual(file.length);
        } catch (thrown) {
          expect((thrown as { code?: string }).code).toMatch(/^npy-/);
        }
      }),
    );
  });
});
