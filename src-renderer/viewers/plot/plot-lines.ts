export interface PlotLine {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly look: 'first' | 'second' | 'third';
}

/** A place on the x axis with a name. */
export interface PlotMark {
  readonly at: number;
  readonly text: string;
}

const looks = ['first', 'second', 'third'] as const;
export const lookOfLine = (index: number): PlotLine['look'] => looks[index % looks.length] ?? 'first';

/** From the least to the greatest, with a margin on both sides as a part of the span. Never empty. */
export function extent(
  lines: readonly PlotLine[],
  axis: 'x' | 'y',
  margin: number,
): readonly [least: number, greatest: number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (const line of lines) {
    for (const value of line[axis]) {
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
  }
  if (least > greatest) return [0, 1];
  if (least === greatest) return [least - 1, greatest + 1];
  const space = (greatest - least) * margin;
  return [least - space, greatest + space];
}

/** The `d` of a path; a point that is no number leaves a gap. */
export function pathOf(
  { x, y }: PlotLine,
  toX: (value: number) => number,
  toY: (value: number) => number,
): string {
  let path = '';
  let pen = 'M';
  for (const [i, value] of x.entries()) {
    const height = y[i] ?? NaN;
    if (!Number.isFinite(value) || !Number.isFinite(height)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${toX(value).toFixed(2)} ${toY(height).toFixed(2)}`;
    pen = 'L';
  }
  return path;
}
