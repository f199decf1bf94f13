import { cartesian, type Matrix, type Vector } from '#shared/structure/cell.ts';
import type { Periodic } from '#shared/structure/crystal.ts';
import type { Repeats } from '#shared/structure/supercell.ts';

/** A line of the cell. `axis` is 0, 1 or 2 for the vectors a, b and c themselves. */
export interface Edge {
  readonly from: Vector;
  readonly to: Vector;
  readonly axis: 0 | 1 | 2 | null;
}

/** The vectors from the origin, and the edges of all cells; a line through many cells is one edge. */
export function cellEdges(cell: Matrix, periodic: Periodic, repeats: Repeats): readonly Edge[] {
  const at = (place: readonly number[]): Vector => cartesian(place as unknown as Vector, cell);
  const edges: Edge[] = [];
  for (const axis of [0, 1, 2] as const) {
    const [p, q] = [(axis + 1) % 3, (axis + 2) % 3];
    const steps = (k: number): number => (periodic[k] === true ? (repeats[k] ?? 1) : 1);
    for (let i = 0; i <= steps(p); i++) {
      for (let j = 0; j <= steps(q); j++) {
        const point = (along: number): number[] => {
          const place = [0, 0, 0];
          place[p] = i;
          place[q] = j;
          place[axis] = along;
          return place;
        };
        const isAxis = i === 0 && j === 0;
        const end = steps(axis);
        if (isAxis) edges.push({ from: at(point(0)), to: at(point(1)), axis });
        if (!isAxis || end > 1)
          edges.push({ from: at(point(isAxis ? 1 : 0)), to: at(point(end)), axis: null });
      }
    }
  }
  return edges;
}
