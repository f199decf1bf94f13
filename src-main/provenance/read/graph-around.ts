import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { isCall } from '#shared/graph/columns.ts';
import { kindMask, type Adjacency } from '#shared/graph/csr.ts';
import { ancestors, descendants, type Reached } from '#shared/graph/traverse.ts';
import { linkTypes, type LinkType } from '#shared/provenance/links.ts';
import { nodeKind, nodeKinds } from '#shared/provenance/node-types.ts';
import type { GraphAround } from '../read-api.ts';
import { inferredWhy, inferredWords } from './inferred-links.ts';
import type { GraphSnapshot, MemoryGraph } from './memory-graph.ts';
import { nameOf, summaryOfRow, type RefRow } from './node-rows.ts';
import { refRowsByIds } from './refs.ts';
import type { ReadSession } from './session.ts';

/**
 * The neighbourhood of a node: what leads to it and what comes of it, nearest first, with all links between them. Counts
 * of all ancestors and descendants walk the whole graph in memory (a million nodes: about 15 ms).
 */
export function graphAround(session: ReadSession, graph: MemoryGraph, input: GraphAround): GraphPart | null {
  const snapshot = graph.current();
  const rootId = session.value<number>('SELECT id FROM nodes WHERE uuid = ?', input.uuid);
  const root = rootId === undefined ? -1 : snapshot.indexOf(rootId);
  if (root === -1) return null;
  const mask = kindMask(input.linkTypes.map((type) => linkTypes.indexOf(type)));
  const { csr } = snapshot;
  const limits = { mask, limit: input.limit };
  const up = ancestors(csr, root, { ...limits, maxDepth: input.up });
  const down = descendants(csr, root, { ...limits, maxDepth: input.down });
  const chosen = nearest(root, up, down, input.limit);
  const rows = refRowsByIds(
    session,
    chosen.nodes.map((node) => snapshot.ids[node] as number),
  );
  return {
    ...nodeColumns(rows, chosen.depth),
    ...linkColumns(session, snapshot, chosen.nodes, mask),
    root: 0,
    ancestors: ancestors(csr, root, { mask }).nodes.length - 1,
    descendants: descendants(csr, root, { mask }).nodes.length - 1,
    truncated: chosen.truncated || limitHit(up, input.limit) || limitHit(down, input.limit),
  };
}

const limitHit = (reached: Reached, limit: number): boolean => reached.more && reached.nodes.length >= limit;

interface Chosen {
  readonly nodes: readonly number[];
  /** Negative for ancestors. */
  readonly depth: readonly number[];
  readonly truncated: boolean;
}

/** Takes ancestors and descendants in turn by distance. What is both (round a `return` link) counts as an ancestor. */
function nearest(root: number, up: Reached, down: Reached, limit: number): Chosen {
  const nodes = [root];
  const depth = [0];
  const seen = new Set(nodes);
  let [u, d] = [1, 1];
  for (;;) {
    const above = up.nodes[u];
    const below = down.nodes[d];
    if (above === undefined && below === undefined) return { nodes, depth, truncated: false };
    const goUp =
      below === undefined || (above !== undefined && (up.depth[u] as number) <= (down.depth[d] as number));
    const node = (goUp ? above : below) as number;
    const distance = (goUp ? up.depth[u++] : down.depth[d++]) as number;
    if (seen.has(node)) continue;
    if (nodes.length >= limit) return { nodes, depth, truncated: true };
    seen.add(node);
    nodes.push(node);
    depth.push(goUp ? -distance : distance);
  }
}

function nodeColumns(rows: readonly RefRow[], depth: readonly number[]) {
  return {
    pk: Uint32Array.from(rows, (row) => row.id),
    kind: Uint8Array.from(rows, (row) => nodeKinds.indexOf(nodeKind(row.node_type))),
    state: Uint8Array.from(rows, (row) => row.display_state ?? 255),
    cached: Uint8Array.from(rows, (row) => row.is_copy),
    depth: Int32Array.from(depth),
    uuid: rows.map((row) => row.uuid),
    name: rows.map((row) => nameOf(row)),
    summary: rows.map((row) => summaryOfRow(row)),
    nodeType: rows.map((row) => row.node_type),
    ctime: Float64Array.from(rows, (row) => row.ctime),
  };
}

const calls = kindMask([...linkTypes.keys()].filter(isCall));

function linkColumns(
  session: ReadSession,
  { csr, links, ids: nodeIds }: GraphSnapshot,
  nodes: readonly number[],
  mask: number,
) {
  const place = new Map(nodes.map((node, i) => [node, i]));
  const from: number[] = [];
  const to: number[] = [];
  const types: number[] = [];
  const ids: number[] = [];
  nodes.forEach((node, i) => {
    const { offsets, ends, kinds, edges } = csr.outgoing;
    for (let k = offsets[node] as number; k < (offsets[node + 1] as number); k++) {
      const kind = kinds[k] as number;
      if ((mask & (1 << kind)) === 0) continue;
      const other = place.get(ends[k] as number);
      if (other === undefined) continue;
      from.push(i);
      to.push(other);
      types.push(kind);
      ids.push(links[edges[k] as number] as number);
    }
  });
  const labels = labelsOf(session, ids);
  const idOf = (node: number): number => nodeIds[nodes[node] as number] as number;
  const words = inferredWords(
    session,
    nodes.map((_node, i) => idOf(i)),
  );
  const isInferred = (link: number): boolean => {
    const ends = [idOf(from[link] as number), idOf(to[link] as number)] as const;
    return (
      inferredWhy(words, ends, linkTypes[types[link] as number] as LinkType, labels[link] ?? '') !== null
    );
  };
  const hidden = (way: Adjacency, types: number): Uint32Array<ArrayBuffer> =>
    Uint32Array.from(nodes, (node) => countHidden(way, node, types, place));
  return {
    hiddenIncoming: hidden(csr.incoming, mask),
    hiddenOutgoing: hidden(csr.outgoing, mask),
    hiddenCallers: hidden(csr.incoming, mask & calls),
    hiddenCalls: hidden(csr.outgoing, mask & calls),
    from: Uint32Array.from(from),
    to: Uint32Array.from(to),
    linkType: Uint8Array.from(types),
    linkLabel: labels,
    linkInferred: Uint8Array.from(ids, (_id, link) => Number(isInferred(link))),
  };
}

function countHidden(
  { offsets, ends, kinds }: Adjacency,
  node: number,
  mask: number,
  place: ReadonlyMap<number, number>,
): number {
  let hidden = 0;
  for (let k = offsets[node] as number; k < (offsets[node + 1] as number); k++) {
    if ((mask & (1 << (kinds[k] as number))) !== 0 && !place.has(ends[k] as number)) hidden++;
  }
  return hidden;
}

/** Labels are not kept in memory. */
function labelsOf(session: ReadSession, links: readonly number[]): string[] {
  const rows = session.raw<readonly [id: number, label: string]>(
    'SELECT l.id, l.label FROM json_each(?) AS wanted CROSS JOIN links AS l ON l.id = wanted.value',
    JSON.stringify(links),
  );
  const labels = new Map(rows);
  return links.map((link) => labels.get(link) ?? '');
}
