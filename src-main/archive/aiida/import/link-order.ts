import type { LinkColumns } from './link-columns.ts';

/** Places in the columns of the links, or why there is no such order. */
export type LinkOrder =
  | { readonly kind: 'ordered'; readonly links: Int32Array }
  /** The number of a node that is its own ancestor, or its own caller. */
  | { readonly kind: 'cycle'; readonly node: number };

/**
 * Links sorted so that a source comes before everything that descends from it, by what was made from what and by who
 * called whom. Then the database's own search for cycles costs one look for each link
 * (docs/decisions/cycles-are-checked-on-insert.md). Kahn's algorithm on columns.
 */
export function topologicalOrder(links: LinkColumns, nodes: number): LinkOrder {
  const { source, target, count } = links;
  const ordering = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    const type = links.typeOf(at);
    ordering[at] = type === 'input_calc' || type === 'create' || type === 'call_work' ? 1 : 0;
  }
  // links grouped by source: `first[n]` to `first[n + 1]` in `bySource`
  const first = new Int32Array(nodes + 1);
  const waiting = new Int32Array(nodes);
  for (let at = 0; at < count; at++) {
    first[(source[at] ?? 0) + 1] = (first[(source[at] ?? 0) + 1] ?? 0) + 1;
    if (ordering[at] === 1) waiting[target[at] ?? 0] = (waiting[target[at] ?? 0] ?? 0) + 1;
  }
  for (let n = 0; n < nodes; n++) first[n + 1] = (first[n + 1] ?? 0) + (first[n] ?? 0);
  const bySource = new Int32Array(count);
  const next = first.slice();
  for (let at = 0; at < count; at++) {
    const n = source[at] ?? 0;
    const place = next[n] ?? 0;
    bySource[place] = at;
    next[n] = place + 1;
  }

  const queue = new Int32Array(nodes);
  let end = 0;
  for (let n = 0; n < nodes; n++) if (waiting[n] === 0) queue[end++] = n;
  const ordered = new Int32Array(count);
  let done = 0;
  for (let begin = 0; begin < end; begin++) {
    const n = queue[begin] ?? 0;
    for (let i = first[n] ?? 0; i < (first[n + 1] ?? 0); i++) {
      const at = bySource[i] ?? 0;
      ordered[done++] = at;
      if (ordering[at] !== 1) continue;
      const t = target[at] ?? 0;
      const left = (waiting[t] ?? 0) - 1;
      waiting[t] = left;
      if (left === 0) queue[end++] = t;
    }
  }
  if (end === nodes) return { kind: 'ordered', links: ordered };
  return { kind: 'cycle', node: nodeOnCycle(links, ordering, waiting) };
}

/** Among the nodes that were never free, going back from any one leads round a cycle. */
function nodeOnCycle(links: LinkColumns, ordering: Uint8Array, waiting: Int32Array): number {
  const before = new Int32Array(waiting.length).fill(-1);
  for (let at = 0; at < links.count; at++) {
    const [s, t] = [links.source[at] ?? 0, links.target[at] ?? 0];
    if (ordering[at] === 1 && (waiting[s] ?? 0) > 0 && (waiting[t] ?? 0) > 0) before[t] = s;
  }
  let node = waiting.findIndex((left) => left > 0);
  const seen = new Set<number>();
  while (!seen.has(node)) {
    seen.add(node);
    node = before[node] ?? node;
  }
  return node;
}
