import { type GraphColumns, linkCount } from '../columns.ts';
import { linkTypes } from '../../provenance/links.ts';
import { nodeKinds } from '../../provenance/node-types.ts';

const shapes = {
  data: ['([', '])'],
  code: ['{', '}'],
  calculation: ['[', ']'],
  workflow: ['{{', '}}'],
  unknown: ['((', '))'],
} as const;

const arrows = {
  input_calc: '-->',
  input_work: '-.->',
  create: '==>',
  return: '-.->',
  call_calc: '-.-',
  call_work: '-.-',
} as const;

/** Some nodes of a graph and the links between them as a Mermaid flowchart (https://mermaid.js.org). */
export function toMermaid(graph: GraphColumns, nodes: readonly number[]): string {
  const at = new Map(nodes.map((node, i) => [node, `n${i}`]));
  const lines = ['flowchart LR'];
  for (const node of nodes) {
    const words = [graph.name[node], graph.summary[node]].filter((word) => word !== undefined && word !== '');
    const [open, close] = shapes[nodeKinds[graph.kind[node] ?? 0] ?? 'unknown'];
    lines.push(`  ${at.get(node)}${open}"${escape(words.join(' '))}"${close}`);
  }
  for (let link = 0; link < linkCount(graph); link++) {
    const from = at.get(graph.from[link] as number);
    const to = at.get(graph.to[link] as number);
    if (from === undefined || to === undefined) continue;
    const arrow = arrows[linkTypes[graph.linkType[link] ?? 0] ?? 'input_calc'];
    const label = `${graph.linkLabel[link] ?? ''}${graph.linkInferred[link] === 1 ? ' (inferred)' : ''}`;
    lines.push(`  ${from} ${arrow}${label === '' ? '' : `|"${escape(label)}"|`} ${to}`);
  }
  return [...lines, ''].join('\n');
}

/** Mermaid knows entities by number after a hash sign, and no other way to write a quote. */
const escape = (text: string): string =>
  text.replaceAll(/[#"<>&\n`]/g, (character) => `#${character.codePointAt(0)};`);
