import { type GraphColumns, Link, nodeCount } from './columns.ts';
import { graphIndex, linksAt } from './graph-index.ts';

/** What led to some nodes, and what came of them, within one part of a graph. */
export interface Lineage {
  /** Flags by node; the start itself is in neither. */
  readonly back: Uint8Array;
  readonly forward: Uint8Array;
  readonly ancestors: number;
  readonly descendants: number;
}

/**
 * Ancestors and descendants along data provenance, as AiiDA counts them: inputs of calculations and what calculations
 * create. Where the start is a workflow, its own inputs and what it returned are the first step.
 *
 * @param start the nodes to start from; several where one drawn node stands for many
 */
export function lineageOf(graph: GraphColumns, start: readonly number[]): Lineage {
  const index = graphIndex(graph);
  const back = new Uint8Array(nodeCount(graph));
  const forward = new Uint8Array(nodeCount(graph));
  const first = new Set(start);
  const walk = (seen: Uint8Array, reverse: boolean): number => {
    const queue = [...start];
    let count = 0;
    for (let head = 0; head < queue.length; head++) {
      const node = queue[head] as number;
      for (const link of linksAt(reverse ? index.incoming : index.outgoing, node)) {
        const type = graph.linkType[link] as number;
        const own = first.has(node) && type === (reverse ? Link.inputWork : Link.return);
        if (type !== Link.inputCalc && type !== Link.create && !own) continue;
        const next = (reverse ? graph.from : graph.to)[link] as number;
        if (seen[next] === 1 || first.has(next)) continue;
        seen[next] = 1;
        count++;
        queue.push(next);
      }
    }
    return count;
  };
  const ancestors = walk(back, true);
  const descendants = walk(forward, false);
  return { back, forward, ancestors, descendants };
}
