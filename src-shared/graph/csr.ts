/**
 * A directed graph in compressed sparse rows: what leaves node n are entries `offsets[n]` to `offsets[n + 1]`. Nodes are
 * numbered 0, 1, …; every link has a kind, a small number (in the provenance graph an index into `linkTypes`).
 */
export interface EdgeColumns {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly kind: Uint8Array;
}

/**
 * Compressed rows: what touches node n is at `offsets[n]` to `offsets[n + 1]`, the end not included, of the other
 * three.
 */
export interface Adjacency {
  readonly offsets: Uint32Array;
  /** The node at the other end. */
  readonly ends: Uint32Array;
  readonly kinds: Uint8Array;
  /** Which edge of the columns it is. */
  readonly edges: Uint32Array;
}

/** A directed graph of nodes 0 to `nodes` - 1, ready to be walked either way. */
export interface Csr {
  readonly nodes: number;
  readonly edges: number;
  /** What leaves a node. */
  readonly outgoing: Adjacency;
  /** What enters a node. */
  readonly incoming: Adjacency;
}

function adjacency(nodes: number, near: Uint32Array, far: Uint32Array, kind: Uint8Array): Adjacency {
  const count = near.length;
  const offsets = new Uint32Array(nodes + 1);
  for (let e = 0; e < count; e++) {
    const n = (near[e] as number) + 1;
    offsets[n] = (offsets[n] as number) + 1;
  }
  for (let n = 0; n < nodes; n++) offsets[n + 1] = (offsets[n + 1] as number) + (offsets[n] as number);
  const place = offsets.slice(0, nodes);
  const ends = new Uint32Array(count);
  const kinds = new Uint8Array(count);
  const edges = new Uint32Array(count);
  for (let e = 0; e < count; e++) {
    const n = near[e] as number;
    const at = place[n] as number;
    ends[at] = far[e] as number;
    kinds[at] = kind[e] as number;
    edges[at] = e;
    place[n] = at + 1;
  }
  return { offsets, ends, kinds, edges };
}

/** Two counting sorts: 3 million edges take about 0.1 s. Entries of a node keep the order of the columns. */
export function buildCsr(nodes: number, { from, to, kind }: EdgeColumns): Csr {
  return {
    nodes,
    edges: from.length,
    outgoing: adjacency(nodes, from, to, kind),
    incoming: adjacency(nodes, to, from, kind),
  };
}

/** A set of kinds as bits. */
export function kindMask(kinds: Iterable<number>): number {
  let mask = 0;
  for (const kind of kinds) mask |= 1 << kind;
  return mask;
}

export const everyKind = 0xff;
