import { describe, expect, test } from 'vitest';
import { toDot } from '#shared/graph/text/dot.ts';
import { toMermaid } from '#shared/graph/text/mermaid.ts';
import { singleCalculation } from '../../support/graphs/examples.ts';

const graph = singleCalculation();
const all = [...graph.uuid.keys()];

describe('a graph as text', () => {
  test('in DOT has every node with its shape and every link with its label', () => {
    const dot = toDot(graph, all);
    expect(dot).toContain(
      '"00000000-0000-4000-8000-000000000000" [label="ArithmeticAddCalculation", shape=box];',
    );
    expect(dot).toContain(String.raw`[label="Int\n4", shape=ellipse];`);
    expect(dot.match(/ -> /g)).toHaveLength(graph.from.length);
    expect(dot).toContain('[label="sum", style=solid];');
  });

  test('in Mermaid has every node and every link', () => {
    const text = toMermaid(graph, all);
    expect(text.startsWith('flowchart LR\n')).toBe(true);
    expect(text).toContain('n0["ArithmeticAddCalculation"]');
    expect(text).toContain('n2(["Int 4"])');
    expect(text).toContain('n0 ==>|"sum"| n6');
  });

  test('leaves out links to nodes that are left out', () => {
    expect(toDot(graph, [0, 2]).match(/ -> /g)).toHaveLength(1);
    expect(toMermaid(graph, [0, 2]).match(/-->/g)).toHaveLength(1);
  });

  test('cannot be broken out of by a name', () => {
    const evil = { ...graph, name: graph.name.map(() => 'a"]; b\\\n<x>#') };
    expect(toDot(evil, [0])).toContain(String.raw`[label="a\"]; b\\\n<x>#", shape=box];`);
    expect(toMermaid(evil, [0])).toContain('n0["a#34;]; b\\#10;#60;x#62;#35;"]');
  });
});
