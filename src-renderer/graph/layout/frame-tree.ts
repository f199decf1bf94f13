import { components } from '#shared/graph/acyclic.ts';
import { flowLink, isInput, Link } from '#shared/graph/columns.ts';
import type { LayoutGraph } from './types.ts';

/** Which nodes are frames, and the frame around each node (-1: none). */
export interface FrameTree {
  readonly isFrame: Uint8Array;
  readonly parent: Int32Array;
}

/**
 * Workflows that called something become frames. Data stands where its story puts it: what a frame takes is left of
 * it, what it returns is right of it, and what only those inside know is inside.
 *
 * A frame that data leaves and comes back to cannot be drawn with all lines to the right: it is dissolved, so that its
 * workflow is a node with call lines and what it called stands beside it.
 */
export function frameTree(graph: LayoutGraph): FrameTree {
  const count = graph.width.length;
  const dissolved = new Uint8Array(count);
  for (;;) {
    const tree = treeWithout(graph, dissolved);
    const worst = framesOnCycles(graph, tree);
    if (worst.length === 0) return tree;
    for (const frame of worst) dissolved[frame] = 1;
  }
}

function treeWithout(graph: LayoutGraph, dissolved: Uint8Array): FrameTree {
  const count = graph.width.length;
  const isFrame = new Uint8Array(count);
  const parent = new Int32Array(count).fill(-1);
  if (graph.workflows === 'nodes') return { isFrame, parent };
  for (let node = 0; node < count; node++) {
    // Only a corrupt file has data that calls or is called.
    let above = graph.isData[node] === 1 ? -1 : (graph.caller[node] as number);
    while (above !== -1 && (dissolved[above] === 1 || graph.isData[above] === 1)) {
      above = graph.caller[above] as number;
    }
    parent[node] = above;
    if (above !== -1) isFrame[above] = 1;
  }
  placeData(graph, parent);
  return { isFrame, parent };
}

function placeData(graph: LayoutGraph, parent: Int32Array): void {
  const count = graph.width.length;
  const creator = new Int32Array(count).fill(-1);
  const returners: number[][] = Array.from({ length: count }, () => []);
  const users: number[][] = Array.from({ length: count }, () => []);
  for (let line = 0; line < graph.from.length; line++) {
    const from = graph.from[line] as number;
    const to = graph.to[line] as number;
    const type = graph.type[line] as number;
    if (type === Link.create) creator[to] = from;
    else if (type === Link.return) returners[to]?.push(from);
    else if (isInput(type)) users[from]?.push(to);
  }
  for (let node = 0; node < count; node++) {
    if (graph.isData[node] === 0) continue;
    // What those inside go on with stays inside, even if it is returned too.
    const inUse = new Set((users[node] ?? []).flatMap((user) => ancestorsOf(user, parent)));
    const returned = new Set((returners[node] ?? []).filter((workflow) => !inUse.has(workflow)));
    let home: number;
    if (creator[node] !== -1) home = parent[creator[node] as number] as number;
    else if (returned.size > 0) home = parent[outermost([...returned], parent)] as number;
    else home = common(users[node] ?? [], parent);
    while (home !== -1 && returned.has(home)) home = parent[home] as number;
    parent[node] = home;
  }
}

/** The frames around a node, the innermost first. */
export function ancestorsOf(node: number, parent: Int32Array): number[] {
  const out: number[] = [];
  for (let above = parent[node] as number; above !== -1; above = parent[above] as number) out.push(above);
  return out;
}

const outermost = (nodes: readonly number[], parent: Int32Array): number =>
  nodes.reduce((a, b) => (ancestorsOf(b, parent).length < ancestorsOf(a, parent).length ? b : a));

/** The innermost frame around all of them, or -1. */
function common(nodes: readonly number[], parent: Int32Array): number {
  const [one, ...others] = nodes;
  if (one === undefined) return -1;
  const around = others.map((node) => new Set(ancestorsOf(node, parent)));
  return ancestorsOf(one, parent).find((frame) => around.every((set) => set.has(frame))) ?? -1;
}

/** Frames which, seen as one node each, lie on a cycle of data among their siblings. */
function framesOnCycles(graph: LayoutGraph, { isFrame, parent }: FrameTree): number[] {
  const count = graph.width.length;
  const from: number[] = [];
  const to: number[] = [];
  for (let line = 0; line < graph.from.length; line++) {
    const type = graph.type[line] as number;
    if (type !== Link.inputCalc && type !== Link.create && type !== flowLink) continue;
    const ends = siblings(graph.from[line] as number, graph.to[line] as number, parent);
    if (ends === null) continue;
    from.push(ends[0]);
    to.push(ends[1]);
  }
  const component = components({ count, from, to });
  const onCycle = new Set<number>();
  for (let line = 0; line < from.length; line++) {
    const [a, b] = [from[line] as number, to[line] as number];
    if (a === b || component[a] !== component[b]) continue;
    if (isFrame[a] === 1) onCycle.add(a);
    if (isFrame[b] === 1) onCycle.add(b);
  }
  return [...onCycle];
}

/** The two nodes of one level which hold the two ends; null where one end is around the other. */
export function siblings(a: number, b: number, parent: Int32Array): readonly [number, number] | null {
  const up = [a, ...ancestorsOf(a, parent)];
  const down = [b, ...ancestorsOf(b, parent)];
  while (up.length > 0 && down.length > 0 && up.at(-1) === down.at(-1)) {
    up.pop();
    down.pop();
  }
  const [from, to] = [up.at(-1), down.at(-1)];
  return from === undefined || to === undefined ? null : [from, to];
}
