import { brillouinZone } from '#shared/structure/brillouin-zone.ts';
import { cartesian, reciprocal, type Matrix, type Vector } from '#shared/structure/cell.ts';
import { prettyLabel } from '#renderer/model/band-path.ts';
import type { Zone } from './zone-picture.ts';

/** More points than this are drawn as the path alone, or not at all where they are no path. */
const mostPoints = 4000;

/**
 * The Brillouin zone of a cell with the path of its k-points; null without a cell that has a volume.
 * @param points in units of the reciprocal vectors
 * @param labels indices and names; without any, the points are no path and stand alone
 */
export function zoneOf(
  cell: Matrix | null,
  points: readonly Vector[],
  labels: readonly (readonly [index: number, name: string])[],
): Zone | null {
  const basis = cell === null ? null : reciprocal(cell);
  const faces = basis === null ? [] : brillouinZone(basis);
  if (basis === null || faces.length === 0) return null;
  const named = new Map(labels);
  const places = points.map((point) => cartesian(point, basis));
  const lines: Vector[][] = [];
  for (const [i, place] of places.entries()) {
    const isJump = i === 0 || (named.has(i) && named.has(i - 1));
    if (isJump) lines.push([place]);
    else lines.at(-1)?.push(place);
  }
  const shown = named.size > 0 ? labels : places.slice(0, mostPoints).map((_, i) => [i, ''] as const);
  return {
    faces,
    basis,
    lines: named.size > 0 ? lines : [],
    points: shown.flatMap(([index, name]) => {
      const at = places[index];
      return at === undefined ? [] : [{ at, text: name === '' ? '' : prettyLabel(name) }];
    }),
  };
}
