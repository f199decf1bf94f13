import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCsr, kindMask, type Csr } from '#shared/graph/csr.ts';
import {
  ancestors,
  chosen,
  closure,
  descendants,
  findCycle,
  notAcyclic,
  reach,
  ruleNumber,
} from '#shared/graph/traverse.ts';

type Edge = readonly [from: number, to: number, kind: number];

const graphOf = (nodes: number, edges: readonly Edge[]): Csr =>
  buildCsr(nodes, {
    from: Uint32Array.from(edges, ([from]) => from),
    to: Uint32Array.from(edges, ([, to]) => to),
    kind: Uint8Array.from(edges, ([, , kind]) => kind),
  });

const anyGraph = fc.integer({ min: 1, max: 12 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1), fc.nat(5)), { maxLength: 30 }),
  }),
);

/** Distances by trying again and again until nothing changes. */
function distances(
  nodes: number,
  edges: readonly Edge[],
  start: number,
  kinds: ReadonlySet<number>,
): readonly number[] {
  const distance = Array.from({ length: nodes }, (_, node) => (node === start ? 0 : Infinity));
  for (let round = 0; round < nodes; round++) {
    for (const [from, to, kind] of edges) {
      if (kinds.has(kind))
        distance[to] = Math.min(distance[to] ?? Infinity, (distance[from] ?? Infinity) + 1);
    }
  }
  return distance;
}

const reverse = (edges: readonly Edge[]): readonly Edge[] =>
  edges.map(([from, to, kind]) => [to, from, kind]);
const kindSet = fc.uniqueArray(fc.nat(5)).map((kinds) => new Set(kinds));

describe('sparse rows', () => {
  test('hold every edge at both of its ends, in the order in which they came', () => {
    fc.assert(
      fc.property(anyGraph, ({ nodes, edges }) => {
        const csr = graphOf(nodes, edges);
        for (const [side, list] of [
          [csr.outgoing, edges],
          [csr.incoming, reverse(edges)],
        ] as const) {
          for (let node = 0; node < nodes; node++) {
            const [start, end] = [side.offsets[node] ?? 0, side.offsets[node + 1] ?? 0];
            const found = Array.from({ length: end - start }, (_, i) => {
              const edge = side.edges[start + i] ?? -1;
              return [side.ends[start + i], side.kinds[start + i], edge];
            });
            const expected = list.flatMap(([near, far, kind], edge) =>
              near === node ? [[far, kind, edge]] : [],
            );
            expect(found).toEqual(expected);
          }
        }
      }),
    );
  });

  test('are empty for a graph of nothing', () => {
    const csr = graphOf(0, []);
    expect([csr.nodes, csr.edges, csr.outgoing.offsets.length]).toEqual([0, 0, 1]);
  });
});

describe('reaching', () => {
  test('finds descendants and ancestors at their distances, nearest first', () => {
    fc.assert(
      fc.property(anyGraph, kindSet, fc.nat(), fc.nat(6), ({ nodes, edges }, kinds, seed, maxDepth) => {
        const start = seed % nodes;
        const csr = graphOf(nodes, edges);
        const mask = kindMask(kinds);
        for (const [found, list] of [
          [descendants(csr, start, { mask, maxDepth }), edges],
          [ancestors(csr, start, { mask, maxDepth }), reverse(edges)],
        ] as const) {
          const expected = distances(nodes, list, start, kinds);
          const within = expected.flatMap((distance, node) => (distance <= maxDepth ? [node] : []));
          expect([...found.nodes].toSorted((a, b) => a - b)).toEqual(within);
          expect([...found.nodes].map((node) => expected[node])).toEqual([...found.depth]);
          expect([...found.depth]).toEqual([...found.depth].toSorted((a, b) => a - b));
          expect(found.more).toBe(expected.some((distance) => distance > maxDepth && distance < Infinity));
        }
      }),
    );
  });

  test('stops at a limit and says that there was more', () => {
    const chain = graphOf(5, [
      [0, 1, 0],
      [1, 2, 0],
      [2, 3, 0],
      [3, 4, 0],
    ]);
    expect(descendants(chain, 0, { limit: 3 })).toMatchObject({ nodes: Uint32Array.of(0, 1, 2), more: true });
    expect(descendants(chain, 0, { limit: 5 })).toMatchObject({ more: false });
    expect(reach(5, chain.outgoing, [3, 3, 1], { maxDepth: 0 }).nodes).toEqual(Uint32Array.of(3, 1));
  });
});

describe('a closure', () => {
  const ruleSet = fc.uniqueArray(fc.nat(11)).map((rules) => new Set(rules));

  test('is the least set that holds the starts and that no rule leads out of', () => {
    fc.assert(
      fc.property(anyGraph, ruleSet, fc.array(fc.nat()), ({ nodes, edges }, rules, seeds) => {
        const starts = seeds.map((seed) => seed % nodes);
        const inside = new Set(starts);
        for (let before = -1; before !== inside.size;) {
          before = inside.size;
          for (const [from, to, kind] of edges) {
            if (inside.has(from) && rules.has(ruleNumber(kind, 'forward'))) inside.add(to);
            if (inside.has(to) && rules.has(ruleNumber(kind, 'backward'))) inside.add(from);
          }
        }
        const found = closure(graphOf(nodes, edges), starts, rules);
        expect([...found.nodes]).toEqual([...inside].toSorted((a, b) => a - b));
        found.nodes.forEach((node, i) => {
          const rule = found.rule[i] ?? -1;
          expect(rule === chosen).toBe(starts.includes(node));
          if (rule !== chosen) expect(rules.has(rule)).toBe(true);
        });
      }),
    );
  });
});

describe('cycles', () => {
  test('are found exactly where a node reaches itself', () => {
    fc.assert(
      fc.property(anyGraph, kindSet, ({ nodes, edges }, kinds) => {
        const csr = graphOf(nodes, edges);
        const chosenEdges = edges.filter(([, , kind]) => kinds.has(kind));
        const onCycle = Array.from({ length: nodes }, (_, node) =>
          chosenEdges.some(
            ([from, to]) =>
              from === node && (distances(nodes, edges, to, kinds)[node] ?? Infinity) < Infinity,
          ),
        );
        const cycle = findCycle(csr, kindMask(kinds));
        expect(cycle !== null).toBe(onCycle.some(Boolean));
        expect(notAcyclic(csr, kindMask(kinds)).length > 0).toBe(cycle !== null);
        if (cycle === null) return;
        cycle.forEach((node, i) => {
          const next = cycle[(i + 1) % cycle.length];
          expect(chosenEdges.some(([from, to]) => from === node && to === next)).toBe(true);
        });
        expect(new Set(cycle).size).toBe(cycle.length);
      }),
    );
  });
});
