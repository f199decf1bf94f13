import { type GraphColumns, linkCount } from '../columns.ts';
import { linkTypes } from '../../provenance/links.ts';
import { nodeKinds } from '../../provenance/node-types.ts';

const shapes = {
  data: 'ellipse',
  code: 'diamond',
  calculation: 'box',
  workflow: 'hexagon',
  unknown: 'plaintext',
} as const;

const styles = {
  input_calc: 'solid',
  input_work: 'dashed',
  create: 'solid',
  return: 'dashed',
  call_calc: 'dotted',
  call_work: 'dotted',
} as const;

/** Some nodes of a graph and the links between them in Graphviz's language (https://graphviz.org/doc/info/lang.html). */
export function toDot(graph: GraphColumns, nodes: readonly number[]): string {
  const chosen = new Set(nodes);
  const lines = ['digraph provenance {', '  rankdir=LR;', '  node [fontname="Helvetica"];'];
  for (const node of nodes) {
    const words = [graph.name[node], graph.summary[node]].filter((word) => word !== undefined && word !== '');
    const shape = shapes[nodeKinds[graph.kind[node] ?? 0] ?? 'unknown'];
    lines.push(`  ${quote(graph.uuid[node] ?? '')} [label=${quote(words.join('\n'))}, shape=${shape}];`);
  }
  for (let link = 0; link < linkCount(graph); link++) {
    const [from, to] = [graph.from[link] as number, graph.to[link] as number];
    if (!chosen.has(from) || !chosen.has(to)) continue;
    const type = linkTypes[graph.linkType[link] ?? 0] ?? 'input_calc';
    const inferred = graph.linkInferred[link] === 1;
    const label = quote(`${graph.linkLabel[link] ?? ''}${inferred ? ' (inferred)' : ''}`);
    const style = inferred ? 'dashed' : styles[type];
    lines.push(
      `  ${quote(graph.uuid[from] ?? '')} -> ${quote(graph.uuid[to] ?? '')} [label=${label}, style=${style}];`,
    );
  }
  return [...lines, '}', ''].join('\n');
}

/** A quoted string: only the quote and the backslash mean something in it. */
const quote = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
