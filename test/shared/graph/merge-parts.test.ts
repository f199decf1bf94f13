import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { isCall } from '#shared/graph/columns.ts';
import { mergeParts } from '#shared/graph/merge-parts.ts';
import { around } from '../../support/graphs/around.ts';
import { anyProvenance } from '../../support/graphs/random.ts';

const linksOf = (part: GraphPart): string[] =>
  [...part.from.keys()]
    .map(
      (l) =>
        `${part.uuid[part.from[l] ?? 0]} ${part.linkType[l]} ${part.linkLabel[l]} ${part.uuid[part.to[l] ?? 0]}`,
    )
    .sort();

/** All links at a node, here or not. */
function degrees(part: GraphPart): Map<string, string> {
  return new Map(
    part.uuid.map((uuid, node) => {
      const into = [...part.to].filter((to) => to === node).length + (part.hiddenIncoming[node] ?? 0);
      const outOf = [...part.from].filter((from) => from === node).length + (part.hiddenOutgoing[node] ?? 0);
      const calls = (ends: Uint32Array): number =>
        [...ends].filter((end, link) => end === node && isCall(part.linkType[link] ?? 0)).length;
      const [callers, called] = [calls(part.to), calls(part.from)];
      const all = [
        into,
        outOf,
        callers + (part.hiddenCallers[node] ?? 0),
        called + (part.hiddenCalls[node] ?? 0),
      ];
      return [uuid, all.join(' ')];
    }),
  );
}

describe('two parts of a graph as one', () => {
  test('hold the nodes of both once, and of each its links once, here or hidden', () => {
    fc.assert(
      fc.property(anyProvenance, fc.nat(), fc.nat(), fc.nat(4), fc.nat(4), (graph, a, b, up, down) => {
        const uuid = (n: number): string => graph.uuid[n % graph.uuid.length] ?? '';
        const [one, two] = [around(graph, uuid(a), up, down, 5000), around(graph, uuid(b), down, up, 5000)];
        const both = mergeParts(one, two);
        expect([...both.uuid].sort()).toEqual([...new Set([...one.uuid, ...two.uuid])].sort());
        expect(linksOf(both)).toEqual([...new Set([...linksOf(one), ...linksOf(two)])].sort());
        const whole = degrees(graph);
        for (const [node, degree] of degrees(both)) expect(degree).toBe(whole.get(node));
      }),
    );
  });

  test('are the first where the second says nothing new', () => {
    fc.assert(
      fc.property(anyProvenance, (graph) => {
        const part = around(graph, graph.uuid[0] ?? '', 3, 3, 5000);
        expect(mergeParts(part, part)).toEqual(part);
      }),
    );
  });
});
