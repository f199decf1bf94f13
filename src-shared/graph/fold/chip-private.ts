import { isData, nodeCount } from '../columns.ts';
import { graphIndex, linksAt } from '../graph-index.ts';
import { copyOf, type Fold, type Folded, isDrawn, Role } from './folded.ts';
import { flowEnds } from './flow-ends.ts';

/**
 * Inputs that one process alone takes and outputs that nobody takes become counts at their process ("5 inputs,
 * 3 outputs"). Data whose other side lies outside this part stays drawn: there is more of its story to see.
 */
export const chipPrivate =
  (keep: Uint8Array): Fold =>
  (folded) => {
    const next = copyOf(folded);
    for (let node = 0; node < nodeCount(folded.graph); node++) {
      if (!isData(folded.graph.kind[node] as number) || keep[node] === 1 || !isDrawn(folded, node)) continue;
      const { sources, users } = flowEnds(folded, node);
      const input = sources.length === 0 && users.length === 1 && !goesOnBefore(folded, node);
      const output = sources.length === 1 && users.length === 0 && !goesOnAfter(folded, node);
      if (input || output) next.role[node] = Role.privateChip;
    }
    return next;
  };

const goesOnBefore = (folded: Folded, node: number): boolean =>
  (folded.graph.hiddenIncoming[node] as number) > 0 ||
  linksAt(graphIndex(folded.graph).incoming, node).some(
    (link) => folded.role[folded.graph.from[link] as number] === Role.outside,
  );

const goesOnAfter = (folded: Folded, node: number): boolean =>
  (folded.graph.hiddenOutgoing[node] as number) > 0 ||
  linksAt(graphIndex(folded.graph).outgoing, node).some(
    (link) => folded.role[folded.graph.to[link] as number] === Role.outside,
  );
