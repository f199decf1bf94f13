import { isData, isInput, isOutput, Link } from '../columns.ts';
import { graphIndex, isInside, linksAt } from '../graph-index.ts';
import { type Folded, headOf } from './folded.ts';

/** Where a data node comes from and where it goes, as drawn processes. */
export interface FlowEnds {
  readonly sources: readonly number[];
  readonly users: readonly number[];
}

/**
 * The processes between which data flows, each told once. A workflow that takes data only to hand it to a process it
 * calls is left out, and so is a workflow that returns what a process inside it created: the inner end says more.
 */
export function flowEnds(folded: Folded, data: number): FlowEnds {
  const { graph } = folded;
  const index = graphIndex(graph);
  const creators = new Set<number>();
  const returners = new Set<number>();
  for (const link of linksAt(index.incoming, data)) {
    const type = graph.linkType[link] as number;
    const head = headOf(folded, graph.from[link] as number);
    if (isOutput(type) && isProcessHead(folded, head))
      (type === Link.create ? creators : returners).add(head);
  }
  const users = new Set<number>();
  for (const link of linksAt(index.outgoing, data)) {
    const head = headOf(folded, graph.to[link] as number);
    if (isInput(graph.linkType[link] as number) && isProcessHead(folded, head)) users.add(head);
  }
  const innermost = (set: ReadonlySet<number>): number[] =>
    [...set].filter((node) => !some(set, (other) => isInside(index, other, node)));
  // What created the data says more than who returned it; and who returns what it was given is no source of it.
  const sources = innermost(
    creators.size > 0 ? creators : new Set([...returners].filter((w) => !users.has(w))),
  );
  return { sources, users: innermost(users) };
}

/** Whether data can be drawn as a line from one to the other: not to itself, nor from a workflow to what it called. */
export const flows = (folded: Folded, source: number, user: number): boolean =>
  source !== user && !isInside(graphIndex(folded.graph), user, source);

/** Whether there is a head, and it is no data: only a corrupt file links data with data. */
export const isProcessHead = (folded: Folded, head: number): boolean =>
  head !== -1 && !isData(folded.graph.kind[head] as number);

function some(nodes: Iterable<number>, test: (node: number) => boolean): boolean {
  for (const node of nodes) if (test(node)) return true;
  return false;
}
