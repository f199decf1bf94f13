import { cartesian, minus, norm, reciprocal, type Matrix, type Vector } from '#shared/structure/cell.ts';

/** A point with a name on a path through the Brillouin zone. */
export interface PathLabel {
  /** How far along the path, as in {@link BandPath}. */
  readonly at: number;
  readonly text: string;
}

/** A path through the Brillouin zone as the x axis of a band structure. */
export interface BandPath {
  /** For each k-point, how far along the path it lies: in 1/Å with a cell, else in units of the coordinates. */
  readonly along: readonly number[];
  readonly labels: readonly PathLabel[];
  /** Indices of k-points that the one before does not lead to: lines are cut there. */
  readonly jumps: ReadonlySet<number>;
}

const greek: Readonly<Record<string, string>> = {
  GAMMA: 'Γ',
  G: 'Γ',
  DELTA: 'Δ',
  LAMBDA: 'Λ',
  SIGMA: 'Σ',
};

/** `GAMMA` is written Γ, and `X_1` or `X1` with an index. */
export function prettyLabel(label: string): string {
  const [, name = label, index = ''] = /^(.+?)_?(\d*)$/.exec(label) ?? [];
  const digits = [...index].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)] ?? '').join('');
  return `${greek[name.toUpperCase()] ?? name}${digits}`;
}

/**
 * Where k-points lie along their path. Two labelled points that follow each other at once, such as X and K, are a jump:
 * they share one place, written `X|K`.
 *
 * @param points in units of the reciprocal cell
 * @param labels indices of k-points and their names
 */
export function bandPath(
  points: readonly Vector[],
  cell: Matrix | null,
  labels: readonly (readonly [index: number, name: string])[],
): BandPath {
  const basis = cell === null ? null : reciprocal(cell);
  const named = new Map(labels);
  const along: number[] = [];
  const jumps = new Set<number>();
  let sum = 0;
  for (const [i, point] of points.entries()) {
    const before = points[i - 1];
    if (named.has(i) && named.has(i - 1)) jumps.add(i);
    else if (before !== undefined) {
      const step = minus(point, before);
      sum += norm(basis === null ? step : cartesian(step, basis));
    }
    along.push(sum);
  }
  const places: { at: number; text: string }[] = [];
  for (const [index, name] of labels.toSorted(([a], [b]) => a - b)) {
    const at = along[index];
    if (at === undefined) continue;
    const last = places.at(-1);
    if (last !== undefined && last.at === at) last.text = `${last.text}|${prettyLabel(name)}`;
    else places.push({ at, text: prettyLabel(name) });
  }
  return { along, labels: places, jumps };
}
