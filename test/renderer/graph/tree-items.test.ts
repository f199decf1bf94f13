import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { childrenOf, groupSize, rootItem, type TreeItem } from '#renderer/graph/tree-items.ts';
import { around } from '../../support/graphs/around.ts';
import { multiplyAdd, restarts } from '../../support/graphs/examples.ts';
import { anyProvenance } from '../../support/graphs/random.ts';

const words = (graph: ReturnType<typeof multiplyAdd>, items: readonly TreeItem[] | null): string[] =>
  (items ?? []).map((item) => {
    if (item.kind === 'group') return `${item.group.title} ${item.group.links.length}`;
    if (item.kind === 'more') return `${item.count} more`;
    return `${item.label} ${graph.name[item.node]} ${graph.summary[item.node]}`;
  });

describe('the graph read as a tree', () => {
  test('shows inputs, calls and outputs of a process, each with the label of its link', () => {
    const graph = multiplyAdd();
    const groups = childrenOf(graph, rootItem(graph.root));
    expect(words(graph, groups)).toEqual(['Inputs 4', 'Calls 2', 'Outputs 1']);
    expect(words(graph, childrenOf(graph, groups?.[2] ?? rootItem(0)))).toEqual(['result Int 10']);
  });

  test('says how many links are not loaded', () => {
    const whole = restarts();
    const run = whole.uuid[whole.name.indexOf('PwCalculation')] ?? '';
    const graph = around(whole, run, 1, 0, 100);
    const groups = childrenOf(graph, rootItem(graph.uuid.indexOf(run))) ?? [];
    const outputs = groups.find((item) => item.kind === 'group' && item.group.title === 'Outputs');
    expect(words(graph, childrenOf(graph, outputs ?? rootItem(0)))).toEqual(['4 more']);
  });

  test('counts calls that are not loaded where calls stand, not among inputs and outputs', () => {
    const whole = multiplyAdd();
    const add = whole.uuid[whole.name.indexOf('ArithmeticAddCalculation')] ?? '';
    const graph = around(whole, add, 0, 0, 100);
    const sizes = (childrenOf(graph, rootItem(0)) ?? []).map((item) =>
      item.kind === 'group' ? `${item.group.title} ${groupSize(item.group)}` : '',
    );
    expect(sizes).toEqual(['Inputs 3', 'Called by 1', 'Outputs 3']);
  });

  test('says of a link that it is inferred', () => {
    const graph = multiplyAdd();
    const marked = { ...graph, linkInferred: graph.linkInferred.map((_, link) => Number(link === 0)) };
    const [inputs] = childrenOf(marked, rootItem(marked.to[0] ?? 0)) ?? [];
    const said = childrenOf(marked, inputs ?? rootItem(0))?.map(
      (item) => item.kind === 'node' && item.inferred,
    );
    expect(said?.[0]).toBe(true);
    expect(said?.slice(1)).not.toContain(true);
  });

  test('tells the same as the links: each node has every one of its links once', () => {
    fc.assert(
      fc.property(anyProvenance, fc.nat(), (graph, n) => {
        const node = n % graph.uuid.length;
        const groups = childrenOf(graph, rootItem(node)) ?? [];
        const links = groups.flatMap((item) => (item.kind === 'group' ? item.group.links : []));
        const touching = [...graph.from.keys()].filter((l) => graph.from[l] === node || graph.to[l] === node);
        expect([...links].sort((a, b) => a - b)).toEqual(touching);
        const ids = groups.flatMap((item) => (childrenOf(graph, item) ?? []).map((child) => child.id));
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});
