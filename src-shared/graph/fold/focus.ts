import { graphIndex, linksAt } from '../graph-index.ts';
import { nodeCount } from '../columns.ts';
import { copyOf, type Fold, Role } from './folded.ts';
import { settle } from './settle.ts';

export interface Focus {
  readonly root: number;
  /** How many links back, and how many forward. */
  readonly up: number;
  readonly down: number;
}

/** Leaves what is within so many links of the root, back or forward, and what is to be kept; the rest is outside. */
export const focus =
  ({ root, up, down }: Focus, keep: Uint8Array): Fold =>
  (folded) => {
    const { graph } = folded;
    const index = graphIndex(graph);
    const seen = keep.slice(0, nodeCount(graph));
    walk(root, up, seen, (node, visit) => {
      for (const link of linksAt(index.incoming, node)) visit(graph.from[link] as number);
    });
    walk(root, down, seen, (node, visit) => {
      for (const link of linksAt(index.outgoing, node)) visit(graph.to[link] as number);
    });
    // A node that stands for others stays as long as one of them is within reach.
    seen.forEach((near, node) => {
      if (near === 1) seen[folded.head[node] as number] = 1;
    });
    const next = copyOf(folded);
    for (let node = 0; node < seen.length; node++) {
      if (seen[folded.head[node] as number] === 1) continue;
      next.role[node] = Role.outside;
      next.head[node] = node;
    }
    return settle(next);
  };

function walk(
  root: number,
  steps: number,
  seen: Uint8Array,
  neighbours: (node: number, visit: (other: number) => void) => void,
): void {
  const reached = new Set([root]);
  let rim = [root];
  for (let step = 0; step < steps && rim.length > 0; step++) {
    const next: number[] = [];
    for (const node of rim) {
      neighbours(node, (other) => {
        if (reached.has(other)) return;
        reached.add(other);
        next.push(other);
      });
    }
    rim = next;
  }
  for (const node of reached) seen[node] = 1;
}
