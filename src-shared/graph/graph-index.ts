import { type GraphColumns, isCall, linkCount, nodeCount } from './columns.ts';
import { type Adjacency, buildCsr } from './csr.ts';

/** What the operators look up again and again, made once for a graph. */
export interface GraphIndex {
  readonly outgoing: Adjacency;
  readonly incoming: Adjacency;
  /** The workflow that called each process, or -1. The callers form a forest, whatever the input. */
  readonly caller: Int32Array;
  /** A walk through that forest enters and leaves each node at these times: see {@link isInside}. */
  readonly enter: Int32Array;
  readonly leave: Int32Array;
  /** Nodes in the order in which that walk enters them: callers before what they call. */
  readonly order: Uint32Array;
}

const known = new WeakMap<GraphColumns, GraphIndex>();

/** The index of a graph; asked again for the same columns it is the same object. */
export function graphIndex(graph: GraphColumns): GraphIndex {
  const before = known.get(graph);
  if (before !== undefined) return before;
  const count = nodeCount(graph);
  const { outgoing, incoming } = buildCsr(count, { from: graph.from, to: graph.to, kind: graph.linkType });
  const index = { outgoing, incoming, ...callForest(graph, outgoing) };
  known.set(graph, index);
  return index;
}

/** The numbers of the links at a node, in rising order, without copying. */
export const linksAt = ({ offsets, edges }: Adjacency, node: number): Uint32Array =>
  edges.subarray(offsets[node], offsets[node + 1]);

/** Whether the workflow called the process, directly or through others. A node is not inside itself. */
export const isInside = (index: GraphIndex, node: number, workflow: number): boolean =>
  (index.enter[workflow] as number) < (index.enter[node] as number) &&
  (index.leave[node] as number) <= (index.leave[workflow] as number);

function callForest(
  graph: GraphColumns,
  outgoing: Adjacency,
): Pick<GraphIndex, 'caller' | 'enter' | 'leave' | 'order'> {
  const count = nodeCount(graph);
  const caller = new Int32Array(count).fill(-1);
  for (let j = 0; j < linkCount(graph); j++) {
    const called = graph.to[j] as number;
    // AiiDA allows one caller; of several in a foreign file the first counts.
    if (isCall(graph.linkType[j] as number) && caller[called] === -1)
      caller[called] = graph.from[j] as number;
  }
  const enter = new Int32Array(count).fill(-1);
  const leave = new Int32Array(count).fill(-1);
  const order = new Uint32Array(count);
  let time = 0;
  const walk = (root: number): void => {
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.at(-1) as number;
      if (enter[node] === -1) {
        order[time] = node;
        enter[node] = time++;
        const links = linksAt(outgoing, node);
        // Pushed backwards, so that the first call is entered first.
        for (let k = links.length - 1; k >= 0; k--) {
          const called = graph.to[links[k] as number] as number;
          if (caller[called] === node && enter[called] === -1) stack.push(called);
        }
      } else {
        stack.pop();
        if (leave[node] === -1) leave[node] = time;
      }
    }
  };
  for (let node = 0; node < count; node++) if (caller[node] === -1) walk(node);
  // Only a corrupt file has processes that call each other in a ring: each ring is cut at its first node.
  for (let node = 0; node < count; node++) {
    if (enter[node] !== -1) continue;
    caller[node] = -1;
    walk(node);
  }
  return { caller, enter, leave, order };
}
