import { type GraphColumns, isData, nodeCount } from '../columns.ts';
import { graphIndex, linksAt } from '../graph-index.ts';
import { chipHubs } from './chip-hubs.ts';
import { chipPrivate } from './chip-private.ts';
import { collapseCalls } from './collapse-calls.ts';
import { contractData } from './contract-data.ts';
import { focus } from './focus.ts';
import { drawnCount, type Fold, foldAll, type Folded, flags, unfolded } from './folded.ts';
import { groupSiblings } from './group-siblings.ts';
import { drawnBudget, type FoldSpec, smallView } from './spec.ts';

export interface FoldResult {
  readonly folded: Folded;
  /** What was folded beyond the person's wish to stay within the budget, in words; empty when nothing was. */
  readonly beyond: readonly string[];
}

/** Up to so many inputs (or outputs) of the root stay nodes in a large view; more become a count there too. */
const rootSide = 16;

/** The graph as the person wants to see it. */
export function foldBySpec(graph: GraphColumns, spec: FoldSpec, budget = drawnBudget): FoldResult {
  const count = nodeCount(graph);
  const byUuid = new Map(graph.uuid.map((uuid, node) => [uuid, node]));
  const nodesOf = (uuids: Iterable<string>): number[] => [...uuids].flatMap((uuid) => byUuid.get(uuid) ?? []);
  const root = byUuid.get(spec.root) ?? 0;
  const keep = flags(count, [root, ...nodesOf(spec.opened)]);
  if (count === 0) return { folded: unfolded(graph), beyond: [] };

  const near = keep.slice();
  for (const node of besideRoot(graph, root)) near[node] = 1;
  const { hubsFrom, stacksFrom } = spec;
  const shared: Fold[] = [
    focus({ root, up: spec.up, down: spec.down }, keep),
    collapseCalls(flags(count, nodesOf(spec.closed))),
    ...(stacksFrom === null ? [] : [groupSiblings(stacksFrom, keep)]),
    ...(hubsFrom === null ? [] : [chipHubs(hubsFrom, keep)]),
  ];
  const data: Fold = (folded) => (drawnCount(folded) > smallView ? chipPrivate(near)(folded) : folded);
  const level: Readonly<Record<FoldSpec['level'], readonly Fold[]>> = {
    logical: [contractData(keep)],
    data: [data],
    full: [],
  };
  const folded = foldAll(...shared, ...level[spec.level])(unfolded(graph));
  return withinBudget(folded, keep, flags(count, [root]), budget);
}

/** The root's own inputs and outputs, as long as they are few enough to be looked at one by one. */
function besideRoot(graph: GraphColumns, root: number): number[] {
  const { incoming, outgoing } = graphIndex(graph);
  const onlyData = (nodes: readonly number[]): readonly number[] => {
    const data = nodes.filter((node) => isData(graph.kind[node] as number));
    return data.length <= rootSide ? data : [];
  };
  const inputs = [...linksAt(incoming, root)].map((link) => graph.from[link] as number);
  const outputs = [...linksAt(outgoing, root)].map((link) => graph.to[link] as number);
  return [...onlyData(inputs), ...onlyData(outputs)];
}

/** Folds more, the gentlest means first, until few enough nodes are drawn. */
function withinBudget(folded: Folded, keep: Uint8Array, root: Uint8Array, budget: number): FoldResult {
  const all = new Uint8Array(nodeCount(folded.graph)).fill(1);
  const means: readonly { readonly words: string; readonly fold: Fold }[] = [
    { words: 'private inputs and outputs are counts', fold: chipPrivate(keep) },
    { words: 'data taken by 4 or more processes is a chip', fold: chipHubs(4, keep) },
    { words: '3 or more like processes are a stack', fold: groupSiblings(3, keep) },
    { words: 'data is part of the lines', fold: contractData(keep) },
    { words: 'workflows are closed', fold: collapseCalls(butFor(all, root)) },
    { words: 'like processes are a stack', fold: groupSiblings(2, root) },
    { words: 'opened nodes are folded again', fold: foldAll(contractData(root), groupSiblings(2, root)) },
  ];
  let now = folded;
  const beyond: string[] = [];
  for (const { words, fold } of means) {
    if (drawnCount(now) <= budget) break;
    const before = drawnCount(now);
    now = fold(now);
    if (drawnCount(now) < before) beyond.push(words);
  }
  return { folded: now, beyond };
}

const butFor = (flagged: Uint8Array, not: Uint8Array): Uint8Array =>
  flagged.map((flag, i) => (not[i] === 1 ? 0 : flag));
