/** One line, or one cloud of points, of a plot. A point that is no finite number leaves a gap. */
export interface PlotLine {
  /** For the legend, the crosshair and the columns of a CSV; lines of one name are one entry of the legend. */
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Which colour: lines that belong together share a number. */
  readonly series: number;
  /** The area between the line and zero is tinted. */
  readonly filled?: boolean;
  /** The radius of each point in pixels, instead of a line: how much a state weighs. */
  readonly sizes?: ArrayLike<number>;
}

/** A place on the x axis with a name. */
export interface PlotMark {
  readonly at: number;
  readonly text: string;
}

/** A place on the y axis with a name, such as the Fermi level. */
export interface PlotLevel {
  readonly at: number;
  readonly text: string;
}

/** Everything that a plot shows, whatever its size and however it is drawn. */
export interface Plot {
  readonly lines: readonly PlotLine[];
  /** With the unit: `Energy (eV)`. */
  readonly xTitle: string;
  readonly yTitle: string;
  /** Names instead of numbers on the x axis. */
  readonly marks?: readonly PlotMark[];
  readonly levels?: readonly PlotLevel[];
  /** Draws the points of the lines, too. */
  readonly points?: boolean;
  /** How a place on the x axis is written, where it is no plain number. */
  readonly xText?: (x: number) => string;
}

/** From the least to the greatest. Never empty, always finite. */
export type Span = readonly [least: number, greatest: number];

/** With a margin on both sides as a part of the span. */
export function extent(lines: readonly PlotLine[], axis: 'x' | 'y', margin: number): Span {
  let least = Infinity;
  let greatest = -Infinity;
  for (const line of lines) {
    const values = line[axis];
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? NaN;
      if (!Number.isFinite(value)) continue;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  }
  if (least > greatest) return [0, 1];
  // a difference of the last digit of a double is the noise of a sum
  if (greatest - least <= Math.max(Math.abs(least), Math.abs(greatest)) * 1e-14) {
    const off = Math.max(1, Math.abs(least) * 1e-3);
    return [least - off, greatest + off];
  }
  const space = (greatest - least) * margin;
  return [least - space, greatest + space];
}

/** The names of the legend in their order, each with the line that stands for it. */
export function legendOf(lines: readonly PlotLine[]): readonly PlotLine[] {
  const seen = new Map<string, PlotLine>();
  for (const line of lines) if (line.name !== '' && !seen.has(line.name)) seen.set(line.name, line);
  return [...seen.values()];
}

/** Points of all lines, gaps too. */
export const countPoints = (lines: readonly PlotLine[]): number =>
  lines.reduce((sum, line) => sum + line.x.length, 0);
