import { scaleLinear } from 'd3-scale';
import { area, line as d3Line } from 'd3-shape';
import { tickText } from '#renderer/model/ticks.ts';
import { legendOf, type Plot, type PlotLevel, type PlotLine, type Span } from './plot-lines.ts';
import type { PlotWindow } from './plot-window.ts';
import { dashOf, path, seriesRole, type Picture, type Shape } from './shapes.ts';
import { isRising, visiblePoints } from './visible-points.ts';

export interface Size {
  /** CSS pixels, as the next one. */
  readonly width: number;
  readonly height: number;
}

/** What places numbers on the picture. */
export interface PlotScales {
  readonly toX: (x: number) => number;
  readonly toY: (y: number) => number;
  readonly fromX: (px: number) => number;
  readonly fromY: (py: number) => number;
  readonly inner: Picture['inner'];
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  readonly yTexts: readonly string[];
}

const right = 16;
const top = 12;
const bottom = 46;
/** Widths of digits differ little: enough for the longest number, and the title beside it. */
const digitWidth = 7;
const radius = 3.25;
/** Points nearer to each other than this would be a thick line. */
const leastApart = 9;

/** From numbers to px and back; the left margin follows the longest text on the y axis. */
export function scalesOf(window: PlotWindow, { width, height }: Size): PlotScales {
  const h = Math.max(1, height - top - bottom);
  const y = scaleLinear(window.y, [top + h, top]);
  const yTicks = y.ticks(Math.max(2, h / 56));
  const yTexts = yTicks.map((tick) => tickText(tick, yTicks));
  const left = 36 + digitWidth * Math.max(2, ...yTexts.map((text) => text.length));
  const w = Math.max(1, width - left - right);
  const x = scaleLinear(window.x, [left, left + w]);
  return {
    toX: (value) => x(value),
    toY: (value) => y(value),
    fromX: (px) => x.invert(px),
    fromY: (py) => y.invert(py),
    inner: { x: left, y: top, w, h },
    xTicks: x.ticks(Math.max(2, w / 90)),
    yTicks,
    yTexts,
  };
}

const px = (value: number): string => value.toFixed(1);

const text = (
  words: string,
  x: number,
  y: number,
  more: Partial<Omit<Extract<Shape, { kind: 'text' }>, 'kind' | 'text' | 'x' | 'y'>> = {},
): Shape => ({
  kind: 'text',
  text: words,
  x,
  y,
  size: 12,
  role: 'soft',
  align: 'start',
  turned: false,
  edged: false,
  ...more,
});

/** A line's points on screen: never more than a few for each column of pixels. */
function shapesOfLine(line: PlotLine, plot: Plot, scales: PlotScales, span: Span): readonly Shape[] {
  const { inner, toX, toY } = scales;
  const kept = visiblePoints(line.x, line.y, span, Math.max(1000, inner.w * 4), isRising(line.x));
  const xAt = (i: number): number => toX(line.x[i] ?? NaN);
  const yAt = (i: number): number => toY(line.y[i] ?? NaN);
  const there = (i: number): boolean =>
    Number.isFinite(line.x[i] ?? NaN) && Number.isFinite(line.y[i] ?? NaN);
  const role = seriesRole(line.series);
  if (line.sizes !== undefined) {
    const d = kept
      .filter((i) => there(i) && (line.sizes?.[i] ?? 0) > 0.2)
      .map((i) => circle(xAt(i), yAt(i), line.sizes?.[i] ?? 0))
      .join('');
    return d === '' ? [] : [path(d, { fill: role, alpha: 0.55, clipped: true })];
  }
  const shapes: Shape[] = [];
  if (line.filled === true) {
    const zero = Math.min(inner.y + inner.h, Math.max(inner.y, toY(0)));
    const d = area<number>().defined(there).x(xAt).y0(zero).y1(yAt).digits(1)(kept);
    if (d) shapes.push(path(d, { fill: role, alpha: 0.14, clipped: true }));
  }
  const d = d3Line<number>().defined(there).x(xAt).y(yAt).digits(2)(kept);
  if (d) shapes.push(path(d, { stroke: role, width: 1.6, dash: dashOf(line.series), clipped: true }));
  if (plot.points === true && kept.length * leastApart <= inner.w) {
    const dots = kept.filter(there).map((i) => circle(xAt(i), yAt(i), radius));
    if (dots.length > 0) {
      shapes.push(path(dots.join(''), { stroke: role, fill: 'ground', width: 1.75, clipped: true }));
    }
  }
  return shapes;
}

/** The radius is rounded once: two half circles of another width than twice the radius would be ovals. */
function circle(x: number, y: number, radiusWanted: number): string {
  const r = Math.round(radiusWanted * 50) / 50;
  const arc = `a${r} ${r} 0 1 0`;
  return `M${px(x - r)} ${px(y)}${arc} ${2 * r} 0${arc} ${-2 * r} 0Z`;
}

function xAxis(plot: Plot, { inner, toX, xTicks }: PlotScales, span: Span): readonly Shape[] {
  const below = inner.y + inner.h;
  const upright = (x: number): string => `M${px(toX(x))} ${inner.y}V${below}`;
  if (plot.marks === undefined) {
    const edge = inner.x + inner.w + right - 2;
    return xTicks.flatMap((x) => {
      const words = plot.xText === undefined ? tickText(x, xTicks) : plot.xText(x);
      const isCut = toX(x) + (digitWidth * words.length) / 2 > edge;
      return [
        path(upright(x), { stroke: 'grid' }),
        text(words, isCut ? edge : toX(x), below + 18, { align: isCut ? 'end' : 'middle' }),
      ];
    });
  }
  let lastEnd = -Infinity;
  return plot.marks.flatMap((mark) => {
    if (mark.at < span[0] - 1e-12 || mark.at > span[1] + 1e-12) return [];
    const at = toX(mark.at);
    const half = (mark.text.length * 8) / 2;
    const fits = at - half >= lastEnd;
    if (fits) lastEnd = at + half + 2;
    return [
      path(upright(mark.at), { stroke: 'frame', width: 0.75 }),
      ...(fits ? [text(mark.text, at, below + 19, { align: 'middle', size: 13, role: 'text' })] : []),
    ];
  });
}

function levels(plot: Plot, { inner, toY }: PlotScales, span: Span): readonly Shape[] {
  return levelsOn(plot, span).map(({ at }) =>
    path(`M${inner.x} ${px(toY(at))}H${inner.x + inner.w}`, { stroke: 'level', dash: [5, 4] }),
  );
}

/** Over the lines of the plot, which they would not be read through. */
function levelNames(plot: Plot, { inner, toY }: PlotScales, span: Span): readonly Shape[] {
  let lastY = Infinity;
  return levelsOn(plot, span)
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, text: words }) => {
      // below the upper edge, and above the name of a level that lies almost as high
      const y = Math.min(lastY - 14, Math.max(inner.y + 14, toY(at) - 5));
      lastY = y;
      return text(words, inner.x + inner.w - 6, y, { align: 'end', size: 11.5, edged: true });
    });
}

const levelsOn = (plot: Plot, span: Span): readonly PlotLevel[] =>
  (plot.levels ?? []).filter(({ at }) => at >= span[0] && at <= span[1]);

/** A legend inside of the picture, for a file; the page has buttons for it. */
function legend(plot: Plot, { inner }: PlotScales): readonly Shape[] {
  const entries = legendOf(plot.lines).slice(0, 24);
  if (entries.length < 2) return [];
  const wide = 38 + 6.6 * Math.max(...entries.map(({ name }) => name.length));
  const left = inner.x + inner.w - wide - 8;
  return [
    path(`M${left} ${inner.y + 8}h${wide}v${entries.length * 17 + 8}h${-wide}Z`, {
      fill: 'ground',
      stroke: 'grid',
      alpha: 0.9,
    }),
    ...entries.flatMap((line, i) => {
      const y = inner.y + 24 + 17 * i;
      const ink = { stroke: seriesRole(line.series), width: 2, dash: dashOf(line.series) };
      return [path(`M${left + 8} ${y - 4}h18`, ink), text(line.name, left + 32, y, { role: 'text' })];
    }),
  ];
}

/** The whole plot as shapes: axes, grid, lines, names. */
export function pictureOf(plot: Plot, window: PlotWindow, size: Size, withLegend: boolean): Picture {
  const scales = scalesOf(window, size);
  const { inner, toY, yTicks, yTexts } = scales;
  const shapes: Shape[] = [
    ...yTicks.flatMap((y, i) => [
      path(`M${inner.x} ${px(toY(y))}H${inner.x + inner.w}`, { stroke: 'grid' }),
      text(yTexts[i] ?? '', inner.x - 8, toY(y) + 4, { align: 'end' }),
    ]),
    ...xAxis(plot, scales, window.x),
    ...levels(plot, scales, window.y),
    ...plot.lines.flatMap((line) => shapesOfLine(line, plot, scales, window.x)),
    ...levelNames(plot, scales, window.y),
    path(`M${inner.x} ${inner.y}h${inner.w}v${inner.h}h${-inner.w}Z`, { stroke: 'frame' }),
    text(plot.xTitle, inner.x + inner.w / 2, size.height - 8, { align: 'middle' }),
    text(plot.yTitle, 18, inner.y + inner.h / 2, { align: 'middle', turned: true }),
    ...(withLegend ? legend(plot, scales) : []),
  ];
  return { ...size, inner, shapes };
}
