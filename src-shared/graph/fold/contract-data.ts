import { isData, nodeCount } from '../columns.ts';
import { copyOf, type Fold, isDrawn, Role } from './folded.ts';
import { flowEnds, flows } from './flow-ends.ts';

/**
 * The logical view: data leaves the drawing. What one process makes and another takes becomes part of one line between
 * the two, whose weight is the number of such data; the rest are counts at their process.
 */
export const contractData =
  (keep: Uint8Array): Fold =>
  (folded) => {
    const next = copyOf(folded);
    for (let node = 0; node < nodeCount(folded.graph); node++) {
      if (!isData(folded.graph.kind[node] as number) || keep[node] === 1 || !isDrawn(folded, node)) continue;
      const { sources, users } = flowEnds(folded, node);
      if (sources.some((source) => users.some((user) => flows(folded, source, user)))) {
        next.role[node] = Role.onFlow;
      } else if (sources.length + users.length > 0) {
        next.role[node] = Role.privateChip;
      }
    }
    return next;
  };
