import { everyKind, type Adjacency, type Csr } from './csr.ts';

/** What was met on the way. */
export interface Reached {
  /** In the order in which they were reached, the starts first. */
  readonly nodes: Uint32Array;
  /** Links from the nearest start, in the same order. */
  readonly depth: Uint32Array;
  /** There was more beyond `limit` or `maxDepth`. */
  readonly more: boolean;
}

/** Without them everything is reached. */
export interface ReachLimits {
  /** A set of kinds as {@link kindMask} gives it. */
  readonly mask?: number;
  readonly maxDepth?: number;
  /** At most that many nodes, the starts included. */
  readonly limit?: number;
}

/** Breadth first, so the nearest come first. A node on a cycle is reached once. */
export function reach(
  nodes: number,
  { offsets, ends, kinds }: Adjacency,
  starts: ArrayLike<number>,
  { mask = everyKind, maxDepth = Infinity, limit = Infinity }: ReachLimits = {},
): Reached {
  const seen = new Uint8Array(nodes);
  const queue = new Uint32Array(Math.min(nodes, limit) + 1);
  const depth = new Uint32Array(queue.length);
  let end = 0;
  let more = false;
  for (let i = 0; i < starts.length && end < limit; i++) {
    const start = starts[i] as number;
    if (seen[start] === 1) continue;
    seen[start] = 1;
    queue[end++] = start;
  }
  for (let head = 0; head < end; head++) {
    const node = queue[head] as number;
    const next = (depth[head] as number) + 1;
    for (let k = offsets[node] as number; k < (offsets[node + 1] as number); k++) {
      const other = ends[k] as number;
      if (seen[other] === 1 || (mask & (1 << (kinds[k] as number))) === 0) continue;
      if (end >= limit) return { nodes: queue.slice(0, end), depth: depth.slice(0, end), more: true };
      if (next > maxDepth) {
        more = true;
        break;
      }
      seen[other] = 1;
      depth[end] = next;
      queue[end++] = other;
    }
  }
  return { nodes: queue.slice(0, end), depth: depth.slice(0, end), more };
}

/** The start and what it came from, nearest first; links of all types unless the mask says otherwise. */
export const ancestors = (csr: Csr, start: number, limits?: ReachLimits): Reached =>
  reach(csr.nodes, csr.incoming, [start], limits);

/** The start and what came of it, nearest first; links of all types unless the mask says otherwise. */
export const descendants = (csr: Csr, start: number, limits?: ReachLimits): Reached =>
  reach(csr.nodes, csr.outgoing, [start], limits);

/** `kind * 2` for a link followed from source to target, one more for the other way. */
export const ruleNumber = (kind: number, way: 'forward' | 'backward'): number =>
  kind * 2 + (way === 'forward' ? 0 : 1);

export const chosen = 255;

/** The nodes that belong to some, and by which rule each came in. */
export interface Closure {
  /** Node numbers, ascending. */
  readonly nodes: Uint32Array;
  /** In the same order: the {@link ruleNumber} that first led there, or {@link chosen}. */
  readonly rule: Uint8Array;
}

/** Everything that the rules lead to from the starts, applied until nothing new comes. */
export function closure(csr: Csr, starts: ArrayLike<number>, rules: ReadonlySet<number>): Closure {
  let forward = 0;
  let backward = 0;
  for (const rule of rules) {
    if ((rule & 1) === 0) forward |= 1 << (rule >> 1);
    else backward |= 1 << (rule >> 1);
  }
  const none = 254;
  const via = new Uint8Array(csr.nodes).fill(none);
  const queue = new Uint32Array(csr.nodes);
  let end = 0;
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] as number;
    if (via[start] !== none) continue;
    via[start] = chosen;
    queue[end++] = start;
  }
  const follow = (node: number, { offsets, ends, kinds }: Adjacency, mask: number, way: 0 | 1): void => {
    for (let k = offsets[node] as number; k < (offsets[node + 1] as number); k++) {
      const other = ends[k] as number;
      const kind = kinds[k] as number;
      if (via[other] !== none || (mask & (1 << kind)) === 0) continue;
      via[other] = kind * 2 + way;
      queue[end++] = other;
    }
  };
  for (let head = 0; head < end; head++) {
    const node = queue[head] as number;
    if (forward !== 0) follow(node, csr.outgoing, forward, 0);
    if (backward !== 0) follow(node, csr.incoming, backward, 1);
  }
  const nodes = queue.slice(0, end).sort();
  return { nodes, rule: nodes.length === csr.nodes ? via : Uint8Array.from(nodes, (n) => via[n] as number) };
}

/**
 * Nodes that lie on a cycle of links of these kinds, or only behind one; empty where there is none (Kahn's algorithm:
 * what is never free of incoming links).
 */
export function notAcyclic(csr: Csr, mask: number = everyKind): Uint32Array {
  const { outgoing, incoming } = csr;
  const waits = new Uint32Array(csr.nodes);
  const queue = new Uint32Array(csr.nodes);
  let end = 0;
  for (let n = 0; n < csr.nodes; n++) {
    let count = 0;
    for (let k = incoming.offsets[n] as number; k < (incoming.offsets[n + 1] as number); k++) {
      if ((mask & (1 << (incoming.kinds[k] as number))) !== 0) count++;
    }
    waits[n] = count;
    if (count === 0) queue[end++] = n;
  }
  for (let head = 0; head < end; head++) {
    const node = queue[head] as number;
    for (let k = outgoing.offsets[node] as number; k < (outgoing.offsets[node + 1] as number); k++) {
      if ((mask & (1 << (outgoing.kinds[k] as number))) === 0) continue;
      const other = outgoing.ends[k] as number;
      const left = (waits[other] as number) - 1;
      waits[other] = left;
      if (left === 0) queue[end++] = other;
    }
  }
  const rest: number[] = [];
  for (let n = 0; n < csr.nodes; n++) if ((waits[n] as number) > 0) rest.push(n);
  return Uint32Array.from(rest);
}

/** The nodes of one cycle of links of these kinds, in order; null where there is none. */
export function findCycle(csr: Csr, mask: number = everyKind): Uint32Array | null {
  const stuck = notAcyclic(csr, mask);
  const first = stuck[0];
  if (first === undefined) return null;
  const inside = new Uint8Array(csr.nodes);
  for (const node of stuck) inside[node] = 1;
  // Every node that is never free has a predecessor that is not either: going back must come round.
  const { offsets, ends, kinds } = csr.incoming;
  const step = new Map<number, number>();
  const path: number[] = [];
  let node = first;
  while (!step.has(node)) {
    step.set(node, path.length);
    path.push(node);
    for (let k = offsets[node] as number; k < (offsets[node + 1] as number); k++) {
      const before = ends[k] as number;
      if (inside[before] === 1 && (mask & (1 << (kinds[k] as number))) !== 0) {
        node = before;
        break;
      }
    }
  }
  return Uint32Array.from(path.slice(step.get(node)).reverse());
}
