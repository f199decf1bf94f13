import { type GraphColumns, nodeCount } from './columns.ts';
import { graphIndex, linksAt } from './graph-index.ts';

/** All shortest paths between two nodes at once: there may be exponentially many, so they are flags. */
export interface Paths {
  /** Links from start to end; 0 where both are one node. */
  readonly length: number;
  /** Flags by node and by link: on some shortest path. */
  readonly nodes: Uint8Array;
  readonly links: Uint8Array;
  /** One of them, as link numbers in order: the one whose links have the lowest numbers. */
  readonly example: readonly number[];
}

/** All shortest directed paths from one node to another, along links of any type; null where there is none. */
export function shortestPaths(graph: GraphColumns, from: number, to: number): Paths | null {
  const index = graphIndex(graph);
  const ahead = distances(graph, from, (node) => linksAt(index.outgoing, node), graph.to);
  const length = ahead[to] as number;
  if (length === -1) return null;
  const behind = distances(graph, to, (node) => linksAt(index.incoming, node), graph.from);
  const on = (node: number): boolean =>
    ahead[node] !== -1 &&
    behind[node] !== -1 &&
    (ahead[node] as number) + (behind[node] as number) === length;
  const nodes = Uint8Array.from(ahead.keys(), (node) => (on(node) ? 1 : 0));
  const links = Uint8Array.from(graph.from.keys(), (link) => {
    const [a, b] = [graph.from[link] as number, graph.to[link] as number];
    return on(a) && on(b) && (ahead[a] as number) + 1 === ahead[b] ? 1 : 0;
  });
  const example: number[] = [];
  for (let node = from; node !== to;) {
    const link = linksAt(index.outgoing, node).find((candidate) => links[candidate] === 1);
    if (link === undefined) break;
    example.push(link);
    node = graph.to[link] as number;
  }
  return { length, nodes, links, example };
}

function distances(
  graph: GraphColumns,
  start: number,
  at: (node: number) => Uint32Array,
  end: Uint32Array,
): Int32Array {
  const distance = new Int32Array(nodeCount(graph)).fill(-1);
  distance[start] = 0;
  const queue = [start];
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head] as number;
    for (const link of at(node)) {
      const next = end[link] as number;
      if (distance[next] !== -1) continue;
      distance[next] = (distance[node] as number) + 1;
      queue.push(next);
    }
  }
  return distance;
}
