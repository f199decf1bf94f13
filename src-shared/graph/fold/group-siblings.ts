import { type GraphColumns, isProcess, Kind, Link, linkCount, nodeCount } from '../columns.ts';
import { depths } from '../acyclic.ts';
import { graphIndex, isInside, linksAt } from '../graph-index.ts';
import { collapseCalls, mergeInnerData, mergeInside } from './collapse-calls.ts';
import { copyOf, drawnCaller, type Fold, type Folded, headOf, isDrawn, Role } from './folded.ts';
import { settle } from './settle.ts';

/**
 * Processes with the same caller, the same name and the same place in the flow of data become one stack ("24 x
 * PwCalculation"), together with all they called. Only processes that do not depend on each other are stacked: the
 * runs of a workflow that restarts stay a chain.
 *
 * @param atLeast how many make a stack, at least 2
 */
export const groupSiblings =
  (atLeast: number, keep: Uint8Array): Fold =>
  (folded) => {
    let next = folded;
    const tried = new Set<string>();
    // Stacks are sought from the outermost callers inwards; a round that finds no new candidates is the last.
    for (;;) {
      const groups = candidates(next, atLeast, keep, tried);
      if (groups.length === 0) return next;
      next = stack(next, groups, atLeast);
    }
  };

/** Groups of drawn siblings by caller and name, none inside another, that were not looked at before. */
function candidates(folded: Folded, atLeast: number, keep: Uint8Array, tried: Set<string>): number[][] {
  const { graph } = folded;
  const index = graphIndex(graph);
  const groups = new Map<string, number[]>();
  for (const node of index.order) {
    const kind = graph.kind[node] as number;
    if (!isProcess(kind) || keep[node] === 1 || !isDrawn(folded, node)) continue;
    // A workflow that holds something to be kept in sight cannot vanish into a stack.
    if (kind === Kind.workflow && holdsKept(folded, node, keep)) continue;
    const key = `${drawnCaller(folded, node)} ${kind} ${graph.name[node] ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  const fresh = [...groups].filter(([key, group]) => group.length >= atLeast && !tried.has(key));
  const outer = fresh.filter(
    ([, group]) => !fresh.some(([, other]) => other.some((w) => isInside(index, group[0] as number, w))),
  );
  for (const [key] of outer) tried.add(key);
  return outer.map(([, group]) => group);
}

function holdsKept(folded: Folded, workflow: number, keep: Uint8Array): boolean {
  const index = graphIndex(folded.graph);
  for (let time = (index.enter[workflow] as number) + 1; time < (index.leave[workflow] as number); time++) {
    if (keep[index.order[time] as number] === 1) return true;
  }
  return false;
}

/** Merges those of each group that stand at the same depth of the flow. */
function stack(folded: Folded, groups: readonly number[][], atLeast: number): Folded {
  const { graph } = folded;
  const closed = new Uint8Array(nodeCount(graph));
  for (const node of groups.flat()) closed[node] = 1;
  const depth = flowDepths(collapseCalls(closed)(folded));
  const next = copyOf(folded);
  for (const group of groups) {
    for (const members of Map.groupBy(group, (node) => depth[node] as number).values()) {
      const head = members[0] as number;
      if (members.length < atLeast || depth[head] === -1) continue;
      for (const member of members) {
        mergeInside(next, member, head);
        if (member === head) continue;
        next.role[member] = Role.merged;
        next.head[member] = head;
      }
    }
  }
  mergeInnerData(next);
  return settle(next);
}

const takes = (graph: GraphColumns, workflow: number, data: number): boolean =>
  linksAt(graphIndex(graph).outgoing, data).some((link) => graph.to[link] === workflow);

/** Longest paths between what is drawn, along data and from callers to called; no arrow joins two nodes of a depth. */
function flowDepths(folded: Folded): Int32Array {
  const { graph } = folded;
  const from: number[] = [];
  const to: number[] = [];
  for (let link = 0; link < linkCount(graph); link++) {
    // What a workflow returns may be what it was given: as an arrow that would close a ring.
    if (
      graph.linkType[link] === Link.return &&
      takes(graph, graph.from[link] as number, graph.to[link] as number)
    ) {
      continue;
    }
    const source = headOf(folded, graph.from[link] as number);
    const target = headOf(folded, graph.to[link] as number);
    if (source === -1 || target === -1 || source === target) continue;
    from.push(source);
    to.push(target);
  }
  return depths({ count: nodeCount(graph), from, to });
}
