import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Link, nodeCount } from '#shared/graph/columns.ts';
import { lineageOf } from '#shared/graph/lineage.ts';
import { shortestPaths } from '#shared/graph/paths.ts';
import { multiplyAdd } from '../../support/graphs/examples.ts';
import { anyGraph, anyProvenance } from '../../support/graphs/random.ts';

const flagged = (flags: Uint8Array): number[] => [...flags.keys()].filter((node) => flags[node] === 1);

describe('lineage', () => {
  test('is mutual: an ancestor has its descendant among its own', () => {
    fc.assert(
      fc.property(anyProvenance, fc.nat(), (graph, n) => {
        const node = n % nodeCount(graph);
        // Workflows have a first step of their own, which does not lead back.
        if (graph.kind[node] === 3) return;
        const { back, ancestors } = lineageOf(graph, [node]);
        expect(flagged(back)).toHaveLength(ancestors);
        for (const ancestor of flagged(back)) expect(lineageOf(graph, [ancestor]).forward[node]).toBe(1);
      }),
    );
  });

  test('never has a node among its own ancestors, and none on both sides', () => {
    fc.assert(
      fc.property(anyProvenance, fc.nat(), (graph, n) => {
        const node = n % nodeCount(graph);
        const { back, forward } = lineageOf(graph, [node]);
        expect(back[node]).toBe(0);
        expect(forward[node]).toBe(0);
        if (graph.kind[node] !== 3) expect(flagged(back).filter((other) => forward[other] === 1)).toEqual([]);
      }),
    );
  });

  test('of a workflow begins with its own inputs and what it returned', () => {
    const graph = multiplyAdd();
    const { back, forward } = lineageOf(graph, [graph.root]);
    const names = (flags: Uint8Array): string[] =>
      flagged(flags).map((node) => `${graph.name[node]} ${graph.summary[node]}`);
    expect(names(back)).toEqual(['Int 2', 'Int 3', 'Int 4', 'add@localhost ']);
    expect(names(forward)).toEqual(['Int 10']);
  });
});

describe('shortest paths', () => {
  test('are as long as they say, lead from one to the other, and none is shorter', () => {
    fc.assert(
      fc.property(fc.oneof(anyProvenance, anyGraph), fc.nat(), fc.nat(), (graph, a, b) => {
        const [from, to] = [a % nodeCount(graph), b % nodeCount(graph)];
        const paths = shortestPaths(graph, from, to);
        const reached = new Map([[from, 0]]);
        for (const [node, far] of reached) {
          graph.from.forEach((source, link) => {
            const next = graph.to[link] ?? 0;
            if (source === node && !reached.has(next)) reached.set(next, far + 1);
          });
        }
        expect(paths?.length).toBe(reached.get(to));
        if (paths === null) return;
        let node = from;
        for (const link of paths.example) {
          expect(graph.from[link]).toBe(node);
          expect(paths.links[link]).toBe(1);
          node = graph.to[link] ?? -1;
        }
        expect(node).toBe(to);
        expect(paths.example).toHaveLength(paths.length);
      }),
    );
  });

  test('follow links of any type', () => {
    const graph = multiplyAdd();
    const add = graph.name.indexOf('ArithmeticAddCalculation');
    const paths = shortestPaths(graph, graph.root, add);
    expect(paths?.length).toBe(1);
    expect(graph.linkType[paths?.example[0] ?? -1]).toBe(Link.callCalc);
  });
});
