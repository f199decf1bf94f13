import { type GraphColumns, nodeCount } from '../columns.ts';
import { graphIndex } from '../graph-index.ts';

/** How one node of the graph shows in a folded view. */
export const Role = {
  /** It is drawn. */
  drawn: 0,
  /** Another node stands for it: the workflow that called it and is closed, or the first of a stack. */
  merged: 1,
  /** Data that one process alone takes or makes: a count at that process. */
  privateChip: 2,
  /** Data that many take, such as a code: its name at each of them. */
  hubChip: 3,
  /** Data on its way from one process to another: part of the line between them. */
  onFlow: 4,
  /** Beyond the part that is looked at: a count at the nodes it is linked with. */
  outside: 5,
} as const;

/**
 * A graph and how each of its nodes shows. The graph itself is never changed, so that a fold loses nothing: to unfold
 * is to give nodes back the role `drawn`. What is seen (links, chips, stubs) follows from the roles: see `viewOf`.
 */
export interface Folded {
  readonly graph: GraphColumns;
  /** Codes of {@link Role}. */
  readonly role: Uint8Array;
  /** The drawn node that stands for a merged one; for every other node, itself. */
  readonly head: Uint32Array;
}

/** A fold operator. Each takes what is drawn and draws less of it; nodes flagged in `keep` stay drawn. */
export type Fold = (folded: Folded) => Folded;

/** The graph with every node drawn, where all folds begin. */
export function unfolded(graph: GraphColumns): Folded {
  const count = nodeCount(graph);
  return { graph, role: new Uint8Array(count), head: Uint32Array.from({ length: count }, (_, i) => i) };
}

/** One fold after the other. */
export const foldAll =
  (...folds: readonly Fold[]): Fold =>
  (folded) =>
    folds.reduce((before, fold) => fold(before), folded);

/** The same with arrays that the caller may write to. */
export const copyOf = (folded: Folded): Folded => ({
  graph: folded.graph,
  role: folded.role.slice(),
  head: folded.head.slice(),
});

/** A node of its own in the picture, not part of another one, of a line or of a count. */
export const isDrawn = (folded: Folded, node: number): boolean => folded.role[node] === Role.drawn;

/** The drawn node that shows this one: itself, the one it is merged into, or -1. */
export function headOf(folded: Folded, node: number): number {
  const role = folded.role[node];
  return role === Role.drawn || role === Role.merged ? (folded.head[node] as number) : -1;
}

/** The nearest drawn workflow that called this drawn node and is not the node itself, or -1. */
export function drawnCaller(folded: Folded, node: number): number {
  const { caller } = graphIndex(folded.graph);
  for (let above = caller[node] as number; above !== -1; above = caller[above] as number) {
    const head = headOf(folded, above);
    if (head !== -1 && head !== node) return head;
  }
  return -1;
}

/** How many nodes of their own the picture has. */
export function drawnCount(folded: Folded): number {
  let count = 0;
  for (const role of folded.role) if (role === Role.drawn) count++;
  return count;
}

/** Flags for the nodes listed. */
export function flags(count: number, nodes: Iterable<number>): Uint8Array {
  const out = new Uint8Array(count);
  for (const node of nodes) out[node] = 1;
  return out;
}
