import { nodeCount } from '../columns.ts';
import { graphIndex, linksAt } from '../graph-index.ts';
import { flowEnds, flows, isProcessHead } from './flow-ends.ts';
import { type Folded, headOf, Role } from './folded.ts';

/**
 * Finds a new place for what was folded before the processes around it were. What was merged into a node that is now
 * merged itself follows it; a flow whose two ends are now one node becomes a count at that node; and a chip with no
 * drawn process left is outside. Writes to the arrays it is given.
 */
export function settle(folded: Folded): Folded {
  const { graph, role, head } = folded;
  for (let node = 0; node < nodeCount(graph); node++) {
    let top = head[node] as number;
    while (role[top] === Role.merged) top = head[top] as number;
    head[node] = top;
  }
  const { incoming, outgoing } = graphIndex(graph);
  for (let node = 0; node < nodeCount(graph); node++) {
    if (role[node] === Role.onFlow) {
      const { sources, users } = flowEnds(folded, node);
      if (sources.some((source) => users.some((user) => flows(folded, source, user)))) continue;
      role[node] = Role.privateChip;
    }
    if (role[node] !== Role.privateChip && role[node] !== Role.hubChip) continue;
    const hosted =
      linksAt(incoming, node).some((link) =>
        isProcessHead(folded, headOf(folded, graph.from[link] as number)),
      ) ||
      linksAt(outgoing, node).some((link) => isProcessHead(folded, headOf(folded, graph.to[link] as number)));
    if (!hosted) role[node] = Role.outside;
  }
  return folded;
}
