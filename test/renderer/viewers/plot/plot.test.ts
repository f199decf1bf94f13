import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, nearestPoint, stepAlong, toldNumber, wordsAt } from '#renderer/viewers/plot/crosshair.ts';
import { svgOf } from '#renderer/viewers/plot/picture-file.ts';
import { pictureOf, scalesOf } from '#renderer/viewers/plot/picture.ts';
import { csvOf } from '#renderer/viewers/plot/plot-csv.ts';
import { extent, legendOf, type Plot, type PlotLine } from '#renderer/viewers/plot/plot-lines.ts';
import { boxed, isWhole, moved, zoomed, type PlotWindow } from '#renderer/viewers/plot/plot-window.ts';
import { isRising, visiblePoints } from '#renderer/viewers/plot/visible-points.ts';

const line = (x: readonly number[], y: readonly number[], more: Partial<PlotLine> = {}): PlotLine => ({
  name: 'a line',
  x,
  y,
  series: 0,
  ...more,
});
const whole: PlotWindow = { x: [0, 10], y: [-1, 1] };
const number = fc.double({ noNaN: true, min: -1e6, max: 1e6 });

describe('the axes of a plot', () => {
  it('are never empty, and leave out what is no number', () => {
    expect(extent([], 'x', 0)).toEqual([0, 1]);
    expect(extent([line([2], [2])], 'y', 0.1)).toEqual([1, 3]);
    expect(extent([line([0, NaN, 4], [1, Infinity, 3])], 'y', 0)).toEqual([1, 3]);
  });

  it('name each group of lines once', () => {
    const lines = [line([], []), line([], []), line([], [], { name: 'another' }), line([], [], { name: '' })];
    expect(legendOf(lines).map(({ name }) => name)).toEqual(['a line', 'another']);
  });
});

describe('the words beside the crosshair', () => {
  it('have the digits that can be told apart in the picture', () => {
    expect(toldNumber(4.82900389, [-10, 20])).toBe('4.829');
    expect(toldNumber(-4.82900389, [-0.5, 0.5])).toBe('−4.829');
    expect(toldNumber(-6.979e-17, [-1, 1])).toBe('0');
    expect(toldNumber(1234.5678, [0, 9e6])).toBe('1235');
    expect(toldNumber(1.23456789e-12, [0, 1e-11])).toBe('1.234568e-12');
  });

  it('never leave the frame where they fit into it', () => {
    const inner = { x: 60, y: 12, w: 400, h: 200 };
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: 60, max: 460 }), fc.nat({ max: 55 }), (x, length) => {
        const words = 'm'.repeat(length);
        const at = wordsAt(x, ['', words], inner);
        const from = at.align === 'start' ? at.x : at.x - 6.8 * length;
        expect(from).toBeGreaterThanOrEqual(inner.x);
        expect(from + 6.8 * length).toBeLessThanOrEqual(inner.x + inner.w);
      }),
    );
  });
});

describe('going closer', () => {
  it('keeps the point under the pointer, and never leaves the plot', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: 0.01, max: 100 }),
        fc.double({ noNaN: true, min: 0, max: 10 }),
        fc.double({ noNaN: true, min: -1, max: 1 }),
        (by, x, y) => {
          const window = zoomed(whole, whole, by, { x, y });
          expect(window.x[0]).toBeGreaterThanOrEqual(-1e-9);
          expect(window.x[1]).toBeLessThanOrEqual(10 + 1e-9);
          expect(window.x[0]).toBeLessThan(window.x[1]);
          const part = (x - window.x[0]) / (window.x[1] - window.x[0]);
          if (by < 1) expect(part).toBeCloseTo(x / 10, 6);
          else expect(isWhole(window, whole)).toBe(true);
        },
      ),
    );
  });

  it('by a box takes its corners in any order, and along one axis leaves the other', () => {
    expect(boxed(whole, whole, [6, 2], null)).toEqual({ x: [2, 6], y: [-1, 1] });
    expect(boxed(whole, whole, null, [0.5, -0.5]).y).toEqual([-0.5, 0.5]);
  });

  it('stops before doubles cannot tell the pixels apart', () => {
    let window = whole;
    for (let i = 0; i < 200; i++) window = zoomed(window, whole, 0.5, { x: 5, y: 0 });
    expect(window.x[1]).toBeGreaterThan(window.x[0]);
  });

  it('moves as far as the plot goes', () => {
    const near = boxed(whole, whole, [2, 4], null);
    expect(moved(near, whole, -10, 0).x).toEqual([0, 2]);
    expect(moved(near, whole, 0.5, 0).x).toEqual([3, 5]);
  });
});

describe('a long line', () => {
  it('keeps the least and the greatest of what is on screen, however few points are drawn', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 2000 }), (y) => {
        const x = y.map((_, i) => i);
        const kept = visiblePoints(x, y, [0, y.length], 60, true);
        expect(kept.length).toBeLessThanOrEqual(Math.max(60, y.length > 60 ? 63 : y.length));
        expect(Math.max(...kept.map((i) => y[i] ?? NaN))).toBe(Math.max(...y));
        expect(Math.min(...kept.map((i) => y[i] ?? NaN))).toBe(Math.min(...y));
        expect(kept).toEqual(kept.toSorted((a, b) => a - b));
      }),
    );
  });

  it('has one point beyond each edge, so that it runs out of the picture', () => {
    const x = [0, 1, 2, 3, 4, 5];
    expect(visiblePoints(x, x, [1.5, 3.5], 100, true)).toEqual([1, 2, 3, 4]);
    expect(visiblePoints(x, x, [-9, 99], 100, true)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('is taken whole where its x goes back and forth', () => {
    expect(isRising([0, 1, 1, 2])).toBe(true);
    expect(isRising([0, NaN, 1])).toBe(false);
    expect(isRising([0, 2, 1])).toBe(false);
  });
});

describe('the crosshair', () => {
  const lines = [line([0, 1, 2], [0, NaN, 0]), line([0, 1, 2], [1, 1, 1])];
  const scales = scalesOf({ x: [0, 2], y: [0, 1] }, { width: 400, height: 300 });

  it('takes the point that is nearest on screen, and none that is no number', () => {
    expect(nearestPoint(lines, scales, scales.toX(1), scales.toY(0))).toMatchObject({ line: 0 });
    expect(nearestPoint(lines, scales, scales.toX(1.1), scales.toY(0.9))).toEqual({ line: 1, index: 1 });
    expect(nearestPoint([], scales, 0, 0)).toBeNull();
  });

  it('is the same as looking at every point', () => {
    const long = line(
      Array.from({ length: 3000 }, (_, i) => i / 100),
      Array.from({ length: 3000 }, (_, i) => Math.sin(i / 500)),
    );
    const at = scalesOf({ x: [0, 30], y: [-1, 1] }, { width: 900, height: 500 });
    const found = nearestPoint([long], at, at.toX(12.34), at.toY(long.y[1234] ?? 0));
    expect(found).toEqual({ line: 0, index: 1234 });
  });

  it('steps over gaps by keys, and stays at the ends', () => {
    expect(stepAlong(lines[0], 0, 1)).toBe(2);
    expect(stepAlong(lines[0], 2, 1)).toBe(2);
    expect(stepAlong(lines[1], 2, -10)).toBe(0);
    expect([endOf(line([0, 1, 2], [NaN, 5, NaN]), true), endOf(line([0, 1], [NaN, 5]), false)]).toEqual([
      1, 1,
    ]);
  });
});

describe('a saved plot', () => {
  const plot: Plot = {
    lines: [
      line([0, 1, 2], [1, 2, 3], { name: 'a "quoted", <b>' }),
      line([0, 1, 2], [4, NaN, 6], { name: 'b' }),
    ],
    xTitle: 'x (Å⁻¹)',
    yTitle: 'Energy & more (eV)',
    levels: [{ at: 2, text: 'Fermi level' }],
  };
  const window = { x: extent(plot.lines, 'x', 0), y: extent(plot.lines, 'y', 0.04) };

  it('as SVG stands alone: fonts by name, plain colours, everything escaped', () => {
    const svg = svgOf(pictureOf(plot, window, { width: 600, height: 400 }, true), 'A & B');
    expect(svg).toContain('font-family="');
    expect(svg).toContain('Inter');
    expect(svg).not.toContain('var(');
    expect(svg).toContain('Energy &amp; more (eV)');
    expect(svg).toContain('a &quot;quoted&quot;, &lt;b&gt;');
    expect(svg).toContain('Fermi level');
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(svg.match(/<path/g)?.length).toBe(svg.match(/<path[^>]*\/>/g)?.length);
  });

  it('as CSV has a column for each line where they share x, and leaves empty what is no number', () => {
    expect(csvOf(plot)).toBe('x (Å⁻¹),"a ""quoted"", <b>",b\r\n0,1,4\r\n1,2,\r\n2,3,6\r\n');
  });

  it('as CSV has a row for each point where x differs', () => {
    const other = { ...plot, lines: [line([0], [1], { name: 'a' }), line([5, 6], [2, 3], { name: 'b' })] };
    expect(csvOf(other)).toBe('line,x (Å⁻¹),Energy & more (eV)\r\na,0,1\r\nb,5,2\r\nb,6,3\r\n');
  });

  it('as CSV gives back every number exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (y) => {
        const csv = csvOf({
          lines: [
            line(
              y.map((_, i) => i),
              y,
            ),
          ],
          xTitle: 'x',
          yTitle: 'y',
        });
        const back = csv
          .trimEnd()
          .split('\r\n')
          .slice(1)
          .map((row) => Number(row.split(',')[1]));
        expect(back).toEqual(y.map((value) => (Object.is(value, -0) ? 0 : value)));
      }),
    );
  });
});
