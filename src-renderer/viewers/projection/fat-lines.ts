import { bandLines, cutAtJumps, placesOf } from '../bands/band-lines.ts';
import type { Bands } from '../bands/read-bands.ts';
import type { PlotLine } from '../plot/plot-lines.ts';

/** The radius of a point whose state is wholly of one group, in pixels. */
const fullRadius = 7;

/** The names of what is drawn under the weights. */
const plainName = 'Bands';

/**
 * Bands with the weight of each group of orbitals as the area of a disc; the largest weight of all has the full radius.
 * @param groups for each group its weights, in the order of the bands' array; of another length it is left out
 */
export function fatLines(
  bands: Bands,
  groups: readonly { readonly name: string; readonly weights: Float64Array }[],
): readonly PlotLine[] {
  const { points, count, spins, path } = bands;
  const fitting = groups.filter(({ weights }) => weights.length === spins * points * count);
  let most = 0;
  for (const { weights } of fitting) for (const weight of weights) if (weight > most) most = weight;
  const x = placesOf(bands);
  const plain = bandLines(bands, [0]).map((line) => ({ ...line, name: plainName, series: 5 }));
  // the greater ones first: discs of the lesser ones lie on them
  const sum = (weights: Float64Array): number => weights.reduce((all, weight) => all + weight, 0);
  const ordered = fitting
    .map((group, series) => ({ ...group, series }))
    .toSorted((a, b) => sum(b.weights) - sum(a.weights));
  const fat = ordered.flatMap(({ name, weights, series }) =>
    Array.from({ length: spins * count }, (_, i): PlotLine => {
      const [spin, band] = [Math.floor(i / count), i % count];
      const energies = path.along.map((_place, k) => bands.energy(spin, k, band));
      const sizes = path.along.map((_place, k) =>
        most > 0 ? fullRadius * Math.sqrt((weights[(spin * points + k) * count + band] ?? 0) / most) : 0,
      );
      return {
        name,
        x,
        y: cutAtJumps(energies, path.jumps),
        series,
        sizes: cutAtJumps(sizes, path.jumps),
      };
    }),
  );
  return [...plain, ...fat];
}
