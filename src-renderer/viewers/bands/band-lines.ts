import type { NpyArray } from '#shared/npy/npy-array.ts';
import { matrixOf, type Attributes } from '#renderer/model/attributes.ts';
import { bandPath, type PathLabel } from '#renderer/model/band-path.ts';
import { kpointLabels, vectorsOf } from '../kpoints/read-kpoints.ts';
import { lookOfLine, type PlotLine } from '../plot/plot-lines.ts';

export interface BandLines {
  readonly lines: readonly PlotLine[];
  readonly labels: readonly PathLabel[];
  readonly spins: number;
  readonly bands: number;
  readonly points: number;
}

/**
 * The lines of a BandsData: one for each band and spin over the path of its k-points. Its array has the dimensions
 * k-point, band, or spin, k-point, band (aiida-core 2.9, `array/bands.py`). Null where the shapes do not fit together.
 */
export function bandLines(attributes: Attributes, bands: NpyArray, kpoints: NpyArray): BandLines | null {
  const [points = 0, count = 0] = bands.shape.slice(-2);
  const spins = bands.shape.length === 3 ? (bands.shape[0] ?? 1) : 1;
  if (bands.shape.length < 2 || bands.shape.length > 3 || kpoints.shape[0] !== points) return null;
  const path = bandPath(vectorsOf(kpoints), matrixOf(attributes['cell']), kpointLabels(attributes));
  const { along, jumps } = path;
  const cut = <T>(values: readonly T[], gap: T): readonly T[] =>
    values.flatMap((value, k) => (jumps.has(k) ? [gap, value] : [value]));
  const x = cut(along, NaN);
  const lines: PlotLine[] = [];
  for (let spin = 0; spin < spins; spin++) {
    for (let band = 0; band < count; band++) {
      lines.push({
        x,
        y: cut(
          along.map((_, k) => bands.number((spin * points + k) * count + band)),
          NaN,
        ),
        look: lookOfLine(spin),
      });
    }
  }
  return { lines, labels: path.labels, spins, bands: count, points };
}
