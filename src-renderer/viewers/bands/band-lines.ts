import type { PlotLine } from '../plot/plot-lines.ts';
import type { Bands } from './read-bands.ts';

/** Puts a gap before each k-point to which the one before does not lead. */
export function cutAtJumps(values: readonly number[], jumps: ReadonlySet<number>): Float64Array {
  return Float64Array.from(values.flatMap((value, k) => (jumps.has(k) ? [NaN, value] : [value])));
}

/**
 * A line for each band and spin over the path of the k-points.
 * @param zero for each spin, what is taken off its energies
 */
export function bandLines(bands: Bands, zero: readonly number[]): readonly PlotLine[] {
  const { spins, count, path } = bands;
  const x = cutAtJumps(path.along, path.jumps);
  const lines: PlotLine[] = [];
  for (let spin = 0; spin < spins; spin++) {
    const off = zero[spin] ?? zero[0] ?? 0;
    for (let band = 0; band < count; band++) {
      const energies = path.along.map((_, k) => bands.energy(spin, k, band) - off);
      lines.push({
        name: bands.spinNames[spin] ?? '',
        x,
        y: cutAtJumps(energies, path.jumps),
        series: spin,
      });
    }
  }
  return lines;
}
