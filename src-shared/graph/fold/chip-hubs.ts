import { isData, Kind, nodeCount } from '../columns.ts';
import { copyOf, type Fold, isDrawn, Role } from './folded.ts';
import { flowEnds } from './flow-ends.ts';

/**
 * Codes, and data that at least so many processes take, leave the drawing and stand as a chip at each of those
 * processes: a structure under a hundred calculations would otherwise be a hundred lines.
 */
export const chipHubs =
  (atLeast: number, keep: Uint8Array): Fold =>
  (folded) => {
    const next = copyOf(folded);
    for (let node = 0; node < nodeCount(folded.graph); node++) {
      const kind = folded.graph.kind[node] as number;
      if (!isData(kind) || keep[node] === 1 || !isDrawn(folded, node)) continue;
      const users = flowEnds(folded, node).users.length;
      if (users >= atLeast || (kind === Kind.code && users > 0)) next.role[node] = Role.hubChip;
    }
    return next;
  };
