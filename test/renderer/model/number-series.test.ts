import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLinePattern } from '#shared/pattern/line-pattern.ts';
import { NumberSeries, pointsOf } from '#renderer/model/number-series.ts';

const series = (firstLine = 1): NumberSeries => {
  const pattern = readLinePattern({ kind: 'expression', text: 'step (?<x>\\d+): (?<value>\\S+)' });
  if (!pattern.ok) throw new Error(pattern.error.message);
  return new NumberSeries(pattern.value, firstLine);
};
const goOn = () => Promise.resolve(true);

describe('the numbers of a text that comes in pieces', () => {
  const text = Array.from({ length: 40 }, (_, i) => `a line\nstep ${i * 2}: ${i / 4}\n`).join('');

  it('are the same wherever it is cut', async () => {
    const whole = series();
    await whole.take(text, null, goOn);
    expect(whole.found).toHaveLength(40);
    expect(whole.found[3]).toEqual({ line: 8, value: 0.75, x: 6, time: null });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), async (sizes) => {
        const cut = series();
        for (let at = 0, i = 0; at < text.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          await cut.take(text.slice(at, at + size), null, goOn);
          at += size;
        }
        expect(cut.found).toEqual(whole.found);
      }),
      { numRuns: 40 },
    );
  });

  it('are those of the beginning of an endless line, however it comes', async () => {
    const line = `${'.'.repeat(3000)} step 1: 2 ${'.'.repeat(9000)} step 3: 4`;
    const whole = series();
    await whole.take(`${line}\nstep 5: 6\n`, null, goOn);
    expect(whole.found.map(({ line: at, value }) => [at, value])).toEqual([
      [1, 2],
      [2, 6],
    ]);
    const cut = series();
    for (let at = 0; at < line.length; at += 1000) await cut.take(line.slice(at, at + 1000), null, goOn);
    await cut.take('\nstep 5: 6\n', null, goOn);
    expect(cut.found).toEqual(whole.found);
  });

  it('stop where nobody wants them any more', async () => {
    const long = series();
    expect(await long.take('step 1: 2\n'.repeat(200_000), null, () => Promise.resolve(false))).toBe(false);
    expect(long.found.length).toBeLessThan(200_000);
  });
});

describe('the points of a plot', () => {
  const found = [
    { line: 3, value: 1, x: 10, time: null },
    { line: 5, value: NaN, x: 20, time: 7 },
    { line: 9, value: 4, x: null, time: 8 },
  ];

  it('stand along what was asked for, without what is no number or has no place', () => {
    expect(pointsOf(found, 'reading')).toEqual({ x: [1, 3], y: [1, 4], left: 1 });
    expect(pointsOf(found, 'line')).toEqual({ x: [3, 9], y: [1, 4], left: 1 });
    expect(pointsOf(found, 'time')).toEqual({ x: [8], y: [4], left: 2 });
    expect(pointsOf(found, 'pattern')).toEqual({ x: [10], y: [1], left: 2 });
  });
});
