import type { PlotLine } from '../plot/plot-lines.ts';
import type { Bands } from './read-bands.ts';

/** The radius of a state, in px. */
const dot = 3;

/** Puts a gap before each k-point to which the one before does not lead. */
export function cutAtJumps(values: readonly number[], jumps: ReadonlySet<number>): Float64Array {
  return Float64Array.from(values.flatMap((value, k) => (jumps.has(k) ? [NaN, value] : [value])));
}

/** Where the k-points stand on the x axis: along their path, or by their index where they are none. */
export const placesOf = ({ path, isPath }: Pick<Bands, 'path' | 'isPath'>): Float64Array =>
  isPath ? cutAtJumps(path.along, path.jumps) : Float64Array.from(path.along.keys());

/** What stands below that axis. */
export function placesTitle({ isPath, hasCell }: Pick<Bands, 'isPath' | 'hasCell'>): string {
  if (!isPath) return 'k-point, by its index';
  return hasCell ? 'Wave vector (Å⁻¹)' : 'Wave vector (in units of the coordinates)';
}

/**
 * A line for each band and spin over the path of the k-points; points over their number where they are no path, because a
 * line would join what is not neighbours.
 * @param zero for each spin, what is taken off its energies
 */
export function bandLines(bands: Bands, zero: readonly number[]): readonly PlotLine[] {
  const { spins, count, path, isPath } = bands;
  const x = placesOf(bands);
  const sizes = isPath ? null : new Float64Array(x.length).fill(dot);
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
        ...(sizes === null ? {} : { sizes }),
      });
    }
  }
  return lines;
}
