import { linkRules, linkTypes, type LinkType } from '#shared/provenance/links.ts';
import type { LinkColumns } from './link-columns.ts';
import { NodeRole } from './node-table.ts';

export interface LinkProblem {
  /** The number of the node that it concerns. */
  readonly node: number;
  readonly message: string;
}

const roleOfEnd = {
  data: NodeRole.data,
  calculation: NodeRole.calculation,
  workflow: NodeRole.workflow,
} as const;

/** One problem of each kind is enough to refuse an archive, and 20 to understand what is wrong with it. */
const mostProblems = 20;

/**
 * Compares links with AiiDA's table of link rules: which nodes a type joins, and how often a label may stand at a node.
 * Pure; the database enforces the same, one link at a time.
 */
export function checkLinkRules(links: LinkColumns, role: (node: number) => NodeRole): readonly LinkProblem[] {
  const problems: LinkProblem[] = [];
  const add = (node: number, message: string): boolean => problems.push({ node, message }) >= mostProblems;
  for (let at = 0; at < links.count; at++) {
    const problem = endsProblem(links, at, role);
    if (problem !== null && add(links.source[at] ?? 0, problem)) return problems;
  }
  const scratch = new Float64Array(links.count);
  for (const type of linkTypes) {
    for (const end of ['source', 'target'] as const) {
      for (const problem of repeated(links, type, end, scratch)) {
        if (add(problem.node, problem.message)) return problems;
      }
    }
  }
  return problems;
}

function endsProblem(links: LinkColumns, at: number, role: (node: number) => NodeRole): string | null {
  const type = links.typeOf(at);
  const [source, target] = [links.source[at] ?? 0, links.target[at] ?? 0];
  const label = links.labelOf(at);
  if (source === target) return `a ${type} link “${label}” joins the node with itself`;
  const rule = linkRules[type];
  if (role(source) !== roleOfEnd[rule.source] || role(target) !== roleOfEnd[rule.target]) {
    return `a ${type} link “${label}” has to lead from ${rule.source} to ${rule.target}`;
  }
  return label === '' ? `a ${type} link has no label` : null;
}

/**
 * Finds what stands at a node more often than it may. Keys are sorted rather than kept in a set: a set of JavaScript
 * ends at 16 million entries.
 * @param keys room for a number of each link
 */
function repeated(
  links: LinkColumns,
  type: LinkType,
  end: 'source' | 'target',
  keys: Float64Array,
): readonly LinkProblem[] {
  const degree = linkRules[type][end === 'source' ? 'outgoing' : 'incoming'];
  // the triple holds whenever one of the stricter rules at the other end does; checked once, from the source
  if (degree === 'unique-triple') return [];
  const labels = degree === 'unique-label' ? Math.max(1, links.labels.length) : 1;
  const wanted = linkTypes.indexOf(type);
  let count = 0;
  for (let at = 0; at < links.count; at++) {
    if (links.type[at] !== wanted) continue;
    const node = links[end][at] ?? 0;
    keys[count++] = labels === 1 ? node : node * labels + (links.label[at] ?? 0);
  }
  const sorted = keys.subarray(0, count).sort();
  const problems: LinkProblem[] = [];
  for (let i = 1; i < count && problems.length < mostProblems; i++) {
    const key = sorted[i] ?? 0;
    if (key !== sorted[i - 1]) continue;
    const node = Math.floor(key / labels);
    const label = degree === 'unique-label' ? ` “${links.labels[key % labels] ?? ''}”` : '';
    const way = end === 'source' ? 'outgoing' : 'incoming';
    problems.push({ node, message: `it has more than one ${way} ${type} link${label}` });
  }
  return problems;
}
