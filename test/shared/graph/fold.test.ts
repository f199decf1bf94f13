import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flowLink, type GraphColumns, Link, linkCount, nodeCount } from '#shared/graph/columns.ts';
import { accounts } from '#shared/graph/fold/accounts.ts';
import { chipHubs } from '#shared/graph/fold/chip-hubs.ts';
import { chipPrivate } from '#shared/graph/fold/chip-private.ts';
import { collapseCalls } from '#shared/graph/fold/collapse-calls.ts';
import { contractData } from '#shared/graph/fold/contract-data.ts';
import { focus } from '#shared/graph/fold/focus.ts';
import { type Fold, foldAll, type Folded, Role, unfolded } from '#shared/graph/fold/folded.ts';
import { foldBySpec } from '#shared/graph/fold/fold-by-spec.ts';
import { groupSiblings } from '#shared/graph/fold/group-siblings.ts';
import { defaultFold, levels } from '#shared/graph/fold/spec.ts';
import { type View, viewOf } from '#shared/graph/fold/view-of.ts';
import { anyGraph, anyProvenance } from '../../support/graphs/random.ts';
import { everyKind, hub, multiplyAdd, restarts, singleCalculation } from '../../support/graphs/examples.ts';
import { uuidOf } from '../../support/graphs/builder.ts';

const none = (graph: GraphColumns): Uint8Array => new Uint8Array(nodeCount(graph));

const operators: Readonly<Record<string, (graph: GraphColumns, seed: number) => Fold>> = {
  chipPrivate: (graph) => chipPrivate(none(graph)),
  chipHubs: (graph) => chipHubs(2, none(graph)),
  contractData: (graph) => contractData(none(graph)),
  collapseCalls: (graph, seed) =>
    collapseCalls(none(graph).map((_, i) => ((i * 7 + seed) % 3 === 0 ? 1 : 0))),
  groupSiblings: (graph) => groupSiblings(2, none(graph)),
  focus: (graph, seed) => focus({ root: seed % nodeCount(graph), up: seed % 4, down: seed % 3 }, none(graph)),
};

const anyFold = fc.tuple(fc.array(fc.constantFrom(...Object.keys(operators)), { maxLength: 6 }), fc.nat());

function apply(graph: GraphColumns, [names, seed]: readonly [readonly string[], number]): Folded {
  return foldAll(...names.map((name) => operators[name]?.(graph, seed) ?? ((f: Folded) => f)))(
    unfolded(graph),
  );
}

/** Every node and link of the graph, read from what the view shows and what it says it hides. */
function readBack(view: View): { nodes: number[]; links: number[] } {
  const { graph, role } = view.folded;
  const nodes = view.members.flat();
  nodes.push(...new Set(view.chips.flatMap((chip) => chip.data)));
  nodes.push(...new Set(view.carries.flatMap((data, line) => (view.type[line] === flowLink ? data : []))));
  nodes.push(
    ...none(graph)
      .keys()
      .filter((node) => role[node] === Role.outside),
  );
  const links = view.carries.flatMap((carried, line) => (view.type[line] === flowLink ? [] : carried));
  const seen = new Set(links);
  const shown = (node: number): number => view.shownBy[node] ?? -1;
  for (let link = 0; link < linkCount(graph); link++) {
    const [from, to] = [graph.from[link] ?? 0, graph.to[link] ?? 0];
    // What joins two drawn nodes must be in a line: only the rest may be read from the graph.
    const between = shown(from) !== -1 && shown(to) !== -1 && shown(from) !== shown(to);
    if (!seen.has(link) && !between) links.push(link);
  }
  return { nodes: nodes.sort((a, b) => a - b), links: links.sort((a, b) => a - b) };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('folding', () => {
  test('loses no node and no link, and shows none twice, whatever is folded in whatever order', () => {
    fc.assert(
      fc.property(fc.oneof(anyProvenance, anyGraph), anyFold, (graph, fold) => {
        const back = readBack(viewOf(apply(graph, fold)));
        expect(back.nodes).toEqual(numbers(nodeCount(graph)));
        expect(back.links).toEqual(numbers(linkCount(graph)));
      }),
    );
  });

  test('is counted: the accounts of nodes and of links add up to the graph', () => {
    fc.assert(
      fc.property(fc.oneof(anyProvenance, anyGraph), anyFold, fc.nat({ max: 127 }), (graph, fold, mask) => {
        const hidden = Uint8Array.from({ length: flowLink + 1 }, (_, type) => (mask >> type) & 1);
        const { nodes, links } = accounts(viewOf(apply(graph, fold), hidden));
        const sum = (counts: object): number =>
          Object.values(counts).reduce((a: number, b) => a + Number(b), 0);
        expect(sum(nodes)).toBe(nodeCount(graph));
        expect(sum(links)).toBe(linkCount(graph));
      }),
    );
  });

  test('never changes the graph or the fold it is given', () => {
    fc.assert(
      fc.property(anyProvenance, anyFold, (graph, fold) => {
        const start = unfolded(graph);
        const before = structuredClone({ graph, start });
        for (const name of fold[0]) operators[name]?.(graph, fold[1])(start);
        expect({ graph, start }).toEqual(before);
      }),
    );
  });

  test('gives the same when it is done twice (stacks apart: a stack may bring others to one depth)', () => {
    const names = Object.keys(operators).filter((name) => name !== 'groupSiblings');
    fc.assert(
      fc.property(anyProvenance, fc.constantFrom(...names), fc.nat(), (graph, name, seed) => {
        const once = apply(graph, [[name], seed]);
        expect(apply(graph, [[name, name], seed])).toEqual(once);
      }),
    );
  });

  test('can be undone node by node: what is opened is drawn, and with all opened nothing is folded', () => {
    fc.assert(
      fc.property(anyProvenance, fc.constantFrom(...levels), (graph, level) => {
        const spec = { ...defaultFold, level, root: uuidOf(graph.root), up: 1000, down: 1000 };
        const opened = new Set(graph.uuid);
        expect(foldBySpec(graph, { ...spec, opened }, Infinity).folded).toEqual(unfolded(graph));
        const one = new Set(graph.uuid.filter((_, i) => i % 3 === 0));
        const { folded } = foldBySpec(graph, { ...spec, opened: one }, Infinity);
        graph.uuid.forEach((uuid, i) => {
          if (one.has(uuid)) expect(folded.role[i]).toBe(Role.drawn);
        });
      }),
    );
  });

  test('keeps heads drawn: what stands for others is itself on the page', () => {
    fc.assert(
      fc.property(fc.oneof(anyProvenance, anyGraph), anyFold, (graph, fold) => {
        const { role, head } = apply(graph, fold);
        head.forEach((to, node) => {
          if (role[node] === Role.merged) expect(role[to]).toBe(Role.drawn);
          else expect(to).toBe(node);
        });
      }),
    );
  });

  test('stays within the budget, says by which means, and keeps the root', () => {
    fc.assert(
      fc.property(anyProvenance, fc.integer({ min: 12, max: 40 }), (graph, budget) => {
        const spec = {
          ...defaultFold,
          level: 'full' as const,
          root: uuidOf(graph.root),
          up: 1000,
          down: 1000,
        };
        const free = foldBySpec(graph, spec);
        const { folded, beyond } = foldBySpec(graph, spec, budget);
        expect(folded.role[graph.root]).toBe(Role.drawn);
        expect(beyond.length > 0).toBe(drawn(folded) < drawn(free.folded));
        expect(drawn(folded)).toBeLessThanOrEqual(Math.max(budget, drawn(free.folded)));
      }),
    );
  });
});

const drawn = (folded: Folded): number => folded.role.filter((role) => role === Role.drawn).length;
const namesOf = (view: View): string[] =>
  [...view.node].map((node) => view.folded.graph.name[node] ?? '').sort();
const all = { ...defaultFold, up: 1000, down: 1000 };

describe('the view of', () => {
  test('a calculation shows its data as nodes and its code as a chip', () => {
    const graph = singleCalculation();
    const view = viewOf(foldBySpec(graph, { ...defaultFold, root: uuidOf(graph.root) }).folded);
    expect(namesOf(view)).toEqual([
      'ArithmeticAddCalculation',
      'FolderData',
      'Int',
      'Int',
      'Int',
      'RemoteData',
    ]);
    expect(view.chips).toEqual([{ host: 0, side: 'in', kind: 'hub', data: [1] }]);
  });

  test('a workflow tells handed-on inputs and returned outputs once', () => {
    const graph = multiplyAdd();
    const view = viewOf(foldBySpec(graph, { ...all, root: uuidOf(graph.root) }).folded);
    const implied = [...view.implied.keys()].filter((line) => view.implied[line] === 1);
    // x, y, z go on to what the workflow calls, the result comes from there; the two calls are its frame.
    expect(implied.map((line) => view.type[line]).sort()).toEqual(
      [Link.inputWork, Link.inputWork, Link.inputWork, Link.return, Link.callCalc, Link.callCalc].sort(),
    );
  });

  test('a workflow that restarts stays a chain, and its logical reading is one line from run to run', () => {
    const graph = restarts(8);
    const spec = { ...all, root: uuidOf(graph.root), stacksFrom: 2 };
    const data = viewOf(foldBySpec(graph, spec).folded);
    expect(namesOf(data).filter((name) => name === 'PwCalculation')).toHaveLength(8);
    const logical = viewOf(foldBySpec(graph, { ...spec, level: 'logical' }).folded);
    expect(logical.node).toHaveLength(9);
    expect([...logical.type].filter((type) => type === flowLink)).toHaveLength(7);
  });

  test('a hub with 500 users is a handful of stacks that name their members', () => {
    const graph = hub(500);
    const view = viewOf(foldBySpec(graph, { ...all, root: uuidOf(graph.root) }).folded);
    const stacks = view.members.filter((members) => members.length > 1);
    expect(stacks.map((members) => members.length).sort((a, b) => a - b)).toEqual([100, 100, 300]);
    expect(view.node.length).toBeLessThan(16);
  });

  test('a closed workflow has the inputs and outputs of the whole', () => {
    const graph = everyKind();
    const outer = graph.name.indexOf('OuterWorkChain');
    const closed = new Set([uuidOf(outer)]);
    const view = viewOf(foldBySpec(graph, { ...all, root: uuidOf(outer), closed }).folded);
    expect(namesOf(view)).toEqual(['Dict', 'Float', 'OuterWorkChain', 'StructureData']);
    // What is between the workflow and its data keeps its type, also where a closed-in process has the link.
    expect([...view.type].sort()).toEqual([
      Link.inputCalc,
      Link.inputWork,
      Link.inputWork,
      Link.create,
      Link.return,
    ]);
  });
});
