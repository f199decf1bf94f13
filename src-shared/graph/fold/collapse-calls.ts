import { isData, Kind, nodeCount } from '../columns.ts';
import { graphIndex, isInside, linksAt } from '../graph-index.ts';
import { copyOf, type Fold, type Folded, headOf, isDrawn, Role } from './folded.ts';
import { settle } from './settle.ts';

/**
 * Closes workflows: everything such a workflow called, and the data that only those processes know, merges into it.
 * What it takes and returns stays, so that a closed workflow shows the inputs and outputs of the whole.
 *
 * @param closed flags of the workflows to close; flags on other nodes say nothing
 */
export const collapseCalls =
  (closed: Uint8Array): Fold =>
  (folded) => {
    const { graph } = folded;
    const index = graphIndex(graph);
    const next = copyOf(folded);
    for (const node of index.order) {
      if (closed[node] === 1 && graph.kind[node] === Kind.workflow && isDrawn(next, node)) {
        mergeInside(next, node, node);
      }
    }
    mergeInnerData(next);
    return settle(next);
  };

/** Merges every drawn process inside the workflow, and what stands merged into those, into the head. */
export function mergeInside(folded: Folded, workflow: number, head: number): void {
  const index = graphIndex(folded.graph);
  for (let time = (index.enter[workflow] as number) + 1; time < (index.leave[workflow] as number); time++) {
    const inner = index.order[time] as number;
    if (headOf(folded, inner) === -1) continue;
    folded.role[inner] = Role.merged;
    folded.head[inner] = head;
  }
}

/** Merges data into a head where every process it is linked with lies inside that head, and none is the head itself. */
export function mergeInnerData(folded: Folded): void {
  const { graph } = folded;
  const index = graphIndex(graph);
  for (let node = 0; node < nodeCount(graph); node++) {
    if (!isData(graph.kind[node] as number) || !isDrawn(folded, node)) continue;
    const ends = [
      ...linksAt(index.incoming, node)
        .values()
        .map((link) => graph.from[link] as number),
      ...linksAt(index.outgoing, node)
        .values()
        .map((link) => graph.to[link] as number),
    ];
    const first = ends[0];
    if (first === undefined) continue;
    const head = headOf(folded, first);
    const inner = ends.every((end) => folded.role[end] === Role.merged && folded.head[end] === head);
    // A member of a stack is merged without being inside its head: its own data is not inner data.
    if (head === -1 || !inner || !ends.every((end) => isInside(index, end, outermost(folded, end, head))))
      continue;
    folded.role[node] = Role.merged;
    folded.head[node] = head;
  }
}

/** The topmost caller of a merged process that belongs to the same head. */
function outermost(folded: Folded, node: number, head: number): number {
  const { caller } = graphIndex(folded.graph);
  let top = node;
  for (let above = caller[node] as number; above !== -1; above = caller[above] as number) {
    if (headOf(folded, above) === head) top = above;
  }
  return top;
}
