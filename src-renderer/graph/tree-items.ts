import { type GraphColumns, isCall, isProcess, noState } from '#shared/graph/columns.ts';
import { graphIndex, linksAt } from '#shared/graph/graph-index.ts';

/** A line of the graph read as a tree: nodes hold groups of links, groups hold the nodes at their other ends. */
export type TreeItem =
  | {
      readonly kind: 'node';
      /** The way from the root, which tells two places of one node apart. */
      readonly id: string;
      readonly node: number;
      /** The label of the link that led here. */
      readonly label: string;
      /** Whether that link is likely and not recorded. */
      readonly inferred: boolean;
    }
  | { readonly kind: 'group'; readonly id: string; readonly group: Group }
  /** Links whose other ends are not loaded. */
  | {
      readonly kind: 'more';
      readonly id: string;
      readonly node: number;
      readonly side: 'in' | 'out';
      readonly count: number;
    };

export const groupTitles = ['Inputs', 'Called by', 'Calls', 'Outputs', 'Made by', 'Used by'] as const;

interface Group {
  readonly title: (typeof groupTitles)[number];
  readonly node: number;
  readonly side: 'in' | 'out';
  readonly links: readonly number[];
  readonly hidden: number;
}

/** The line that the tree begins with. @param root place of a node in the graph */
export const rootItem = (root: number): TreeItem => ({
  kind: 'node',
  id: 'root',
  node: root,
  label: '',
  inferred: false,
});

/** What is below an item; null where there is nothing. */
export function childrenOf(graph: GraphColumns, item: TreeItem): readonly TreeItem[] | null {
  if (item.kind === 'more') return null;
  if (item.kind === 'node') {
    const groups = groupsOf(graph, item.node);
    if (groups.length === 0) return null;
    return groups.map((group) => ({ kind: 'group', id: `${item.id}/${group.title}`, group }));
  }
  const { links, side, hidden, node } = item.group;
  const ends = links.map((link): TreeItem => ({
    kind: 'node',
    id: `${item.id}/${link}`,
    node: (side === 'in' ? graph.from : graph.to)[link] as number,
    label: graph.linkLabel[link] ?? '',
    inferred: graph.linkInferred[link] === 1,
  }));
  return hidden === 0 ? ends : [...ends, { kind: 'more', id: `${item.id}/more`, node, side, count: hidden }];
}

/** How many links a group has, loaded or not. */
export const groupSize = ({ links, hidden }: Group): number => links.length + hidden;

/** A process takes, was called, calls and makes; data was made and is used. */
function groupsOf(graph: GraphColumns, node: number): Group[] {
  const { incoming, outgoing } = graphIndex(graph);
  const process = isProcess(graph.kind[node] as number) || graph.state[node] !== noState;
  const call = (link: number): boolean => isCall(graph.linkType[link] as number);
  const into = [...linksAt(incoming, node)];
  const outOf = [...linksAt(outgoing, node)];
  const group = (
    title: Group['title'],
    side: 'in' | 'out',
    links: readonly number[],
    hidden: number,
  ): Group => ({
    title,
    node,
    side,
    links,
    hidden,
  });
  const [callers, calls] = [graph.hiddenCallers[node] as number, graph.hiddenCalls[node] as number];
  const hiddenIn = (graph.hiddenIncoming[node] as number) - callers;
  const hiddenOut = (graph.hiddenOutgoing[node] as number) - calls;
  const inputs = into.filter((link) => !call(link));
  const outputs = outOf.filter((link) => !call(link));
  const groups = process
    ? [
        group('Inputs', 'in', inputs, hiddenIn),
        group('Called by', 'in', into.filter(call), callers),
        group('Calls', 'out', outOf.filter(call), calls),
        group('Outputs', 'out', outputs, hiddenOut),
      ]
    : [group('Made by', 'in', inputs, hiddenIn), group('Used by', 'out', outputs, hiddenOut)];
  return groups.filter((each) => groupSize(each) > 0);
}
