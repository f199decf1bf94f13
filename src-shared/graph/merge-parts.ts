import type { GraphPart } from '../contract/areas/nodes.ts';
import { isCall, linkCount, nodeCount } from './columns.ts';

/**
 * Two parts of one graph as one: nodes by UUID, links by ends, type and label. Root, depths and the counts of the
 * lineage are those of the first. What is hidden at a node is counted anew, because the other part may show it.
 */
export function mergeParts(first: GraphPart, second: GraphPart): GraphPart {
  const at = new Map(first.uuid.map((uuid, node) => [uuid, node]));
  const fresh: number[] = [];
  const place = second.uuid.map((uuid, node) => {
    const known = at.get(uuid);
    if (known !== undefined) return known;
    return first.uuid.length + fresh.push(node) - 1;
  });
  const links = new Map<
    string,
    { from: number; to: number; type: number; label: string; inferred: number }
  >();
  const add = (part: GraphPart, placeOf: (node: number) => number): void => {
    for (let link = 0; link < linkCount(part); link++) {
      const from = placeOf(part.from[link] as number);
      const to = placeOf(part.to[link] as number);
      const type = part.linkType[link] as number;
      const label = part.linkLabel[link] ?? '';
      links.set(`${from} ${to} ${type} ${label}`, {
        from,
        to,
        type,
        label,
        inferred: part.linkInferred[link] as number,
      });
    }
  };
  add(first, (node) => node);
  add(second, (node) => place[node] as number);
  const all = [...links.values()];

  const count = first.uuid.length + fresh.length;
  const column = <T>(one: ArrayLike<T>, two: ArrayLike<T>): T[] => [
    ...Array.from(one),
    ...fresh.map((node) => two[node] as T),
  ];
  const placed: readonly Placed[] = [
    { part: first, placeOf: (node) => node },
    { part: second, placeOf: (node) => place[node] as number },
  ];
  const hidden = (column: Hidden): Uint32Array<ArrayBuffer> => {
    const out = totals(count, placed, column);
    for (const link of all) {
      if (!isCounted(column, link.type)) continue;
      const node = isIncoming(column) ? link.to : link.from;
      out[node] = Math.max(0, (out[node] as number) - 1);
    }
    return out;
  };
  return {
    root: first.root,
    pk: Uint32Array.from(column(first.pk, second.pk)),
    kind: Uint8Array.from(column(first.kind, second.kind)),
    state: Uint8Array.from(column(first.state, second.state)),
    cached: Uint8Array.from(column(first.cached, second.cached)),
    depth: Int32Array.from(column(first.depth, second.depth)),
    uuid: column(first.uuid, second.uuid),
    name: column(first.name, second.name),
    summary: column(first.summary, second.summary),
    nodeType: column(first.nodeType, second.nodeType),
    ctime: Float64Array.from(column(first.ctime, second.ctime)),
    hiddenIncoming: hidden('hiddenIncoming'),
    hiddenOutgoing: hidden('hiddenOutgoing'),
    hiddenCallers: hidden('hiddenCallers'),
    hiddenCalls: hidden('hiddenCalls'),
    from: Uint32Array.from(all, (link) => link.from),
    to: Uint32Array.from(all, (link) => link.to),
    linkType: Uint8Array.from(all, (link) => link.type),
    linkLabel: all.map((link) => link.label),
    linkInferred: Uint8Array.from(all, (link) => link.inferred),
    ancestors: first.ancestors,
    descendants: first.descendants,
    truncated: first.truncated || second.truncated,
  };
}

/** The columns that count links which are not here. */
type Hidden = 'hiddenIncoming' | 'hiddenOutgoing' | 'hiddenCallers' | 'hiddenCalls';

const isIncoming = (column: Hidden): boolean => column === 'hiddenIncoming' || column === 'hiddenCallers';

const isCounted = (column: Hidden, type: number): boolean =>
  isCall(type) || column === 'hiddenIncoming' || column === 'hiddenOutgoing';

interface Placed {
  readonly part: GraphPart;
  /** Where a node of the part is among all. */
  readonly placeOf: (node: number) => number;
}

/** All links at each node that a column counts, here or not, as the parts tell them: the larger figure where they differ. */
function totals(count: number, parts: readonly Placed[], column: Hidden): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(count);
  for (const { part, placeOf } of parts) {
    const own = part[column].slice();
    const ends = isIncoming(column) ? part.to : part.from;
    ends.forEach((node, link) => {
      if (isCounted(column, part.linkType[link] as number)) own[node] = (own[node] as number) + 1;
    });
    for (let node = 0; node < nodeCount(part); node++) {
      const at = placeOf(node);
      out[at] = Math.max(out[at] as number, own[node] as number);
    }
  }
  return out;
}
