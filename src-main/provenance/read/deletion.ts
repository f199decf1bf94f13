import { createHash } from 'node:crypto';
import { chosen, closure } from '#shared/graph/traverse.ts';
import { deletion, type DeletionsPage } from '#shared/contract/areas/storage.ts';
import type { DeletionPlan, DeletionRequest, DoomedNode } from '../read-api.ts';
import { ruleName, ruleSet, starts } from './closure.ts';
import { eachEngineText } from './kept-objects.ts';
import type { MemoryGraph } from './memory-graph.ts';
import { nameOf } from './node-rows.ts';
import { HashSet } from './object-hashes.ts';
import type { ReadSession } from './session.ts';

const mostNamed = 100;
const mostExamples = 5;
const idsAtOnce = 5000;

/**
 * What goes with a selection, by AiiDA's rules of deletion, as of this moment: a preview asks it, and the deletion asks
 * it again inside of its transaction.
 * @throws StemmaError `node-missing`, `group-missing`, `bad-filter`
 */
export function deletionPlan(
  session: ReadSession,
  memory: MemoryGraph,
  request: DeletionRequest,
): DeletionPlan {
  const graph = memory.current();
  const begin = starts(session, graph, request.what);
  const { nodes, rule } = closure(graph.csr, begin, ruleSet(request.rules));
  const inside = new Uint8Array(graph.csr.nodes);
  for (const node of nodes) inside[node] = 1;
  const ids = Uint32Array.from(nodes, (node) => graph.ids[node] as number);
  const links = touchingLinks(graph.csr.outgoing, graph.csr.incoming, nodes, inside);
  const tallied = tally(session, ids, rule);
  const isDoomed = (id: number): boolean => {
    const place = graph.indexOf(id);
    return place !== -1 && inside[place] === 1;
  };
  return {
    ids,
    chosen: Uint32Array.from(begin, (place) => graph.ids[place] as number),
    digest: digestOf(ids, [links, tallied.memberships, tallied.logs, tallied.comments]),
    links,
    ...tallied,
    needed: neededNodes(session, isDoomed),
    onlyTheirs: onlyTheirs(session, ids, isDoomed),
  };
}

function touchingLinks(
  outgoing: { readonly offsets: Uint32Array; readonly ends: Uint32Array },
  incoming: { readonly offsets: Uint32Array; readonly ends: Uint32Array },
  nodes: Uint32Array,
  inside: Uint8Array,
): number {
  let links = 0;
  for (const node of nodes) {
    links += (outgoing.offsets[node + 1] as number) - (outgoing.offsets[node] as number);
    // those from inside were counted at their other end
    for (let k = incoming.offsets[node] as number; k < (incoming.offsets[node + 1] as number); k++) {
      if (inside[incoming.ends[k] as number] === 0) links++;
    }
  }
  return links;
}

function digestOf(ids: Uint32Array, counts: readonly number[]): string {
  const digest = createHash('sha256');
  digest.update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
  return digest.update(counts.join(' ')).digest('hex');
}

type NodeSql = readonly [
  id: number,
  uuid: string,
  nodeType: string,
  label: string,
  processLabel: string | null,
  sealed: number,
];

/** What hangs on the nodes, some thousand of them at a time. */
function tally(session: ReadSession, ids: Uint32Array, rule: Uint8Array) {
  const byType = new Map<string, number>();
  const byRule = new Map<number, { nodes: number; examples: DoomedNode[] }>();
  const unended: DoomedNode[] = [];
  let [unendedCount, memberships, logs, comments] = [0, 0, 0, 0];
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const some = JSON.stringify([...ids.subarray(start, start + idsAtOnce)]);
    const rows = session.raw<NodeSql>(
      `SELECT n.id, n.uuid, n.node_type, n.label, n.process_label, n.sealed
       FROM json_each(?) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value ORDER BY n.id`,
      some,
    );
    for (const [i, [, uuid, node_type, label, process_label, sealed]] of rows.entries()) {
      const node = { uuid, name: nameOf({ node_type, label, process_label }), nodeType: node_type };
      byType.set(node_type, (byType.get(node_type) ?? 0) + 1);
      const why = rule[start + i] ?? chosen;
      const same = byRule.get(why) ?? { nodes: 0, examples: [] };
      byRule.set(why, same);
      same.nodes++;
      if (same.examples.length < mostExamples) same.examples.push(node);
      if (sealed === 1) continue;
      unendedCount++;
      if (unended.length < mostNamed) unended.push(node);
    }
    const count = (table: string): number =>
      session.value<number>(
        `SELECT count(*) FROM ${table} WHERE node_id IN (SELECT value FROM json_each(?))`,
        some,
      ) ?? 0;
    memberships += count('group_nodes');
    logs += count('logs');
    comments += count('comments');
  }
  return {
    byType: [...byType]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([nodeType, nodes]) => ({ nodeType, nodes })),
    byRule: [...byRule]
      .toSorted(([a], [b]) => (a === chosen ? -1 : b === chosen ? 1 : a - b))
      .map(([one, { nodes, examples }]) => ({ rule: ruleName(one), nodes, examples })),
    unended,
    unendedCount,
    memberships,
    logs,
    comments,
  };
}

const anyUuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A step that is about to begin names its inputs before any link does. */
function neededNodes(session: ReadSession, isDoomed: (id: number) => boolean): readonly DoomedNode[] {
  const named = new Set<string>();
  eachEngineText(session, (text) => {
    for (const [uuid] of text.matchAll(anyUuid)) named.add(uuid);
  });
  if (named.size === 0) return [];
  const rows = session.raw<NodeSql>(
    `SELECT n.id, n.uuid, n.node_type, n.label, n.process_label, n.sealed
     FROM json_each(?) AS wanted JOIN nodes AS n ON n.uuid = wanted.value WHERE n.sealed = 1`,
    JSON.stringify([...named]),
  );
  return rows
    .filter(([id]) => isDoomed(id))
    .slice(0, mostNamed)
    .map(([, uuid, node_type, label, process_label]) => ({
      uuid,
      name: nameOf({ node_type, label, process_label }),
      nodeType: node_type,
    }));
}

/** Files of the nodes that no node beyond them names: what becomes free when they are let go for good. */
function onlyTheirs(session: ReadSession, ids: Uint32Array, isDoomed: (id: number) => boolean): Uint8Array {
  const theirs = new HashSet();
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    for (const repository of session.column<string>(
      `SELECT n.repository_metadata FROM json_each(?) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value
       WHERE n.repository_metadata <> '{}'`,
      JSON.stringify([...ids.subarray(start, start + idsAtOnce)]),
    )) {
      theirs.add(repository);
    }
  }
  for (let after = -1; theirs.size > 0;) {
    const rows = session.raw<readonly [id: number, repository: string]>(
      `SELECT id, repository_metadata FROM nodes WHERE id > ? AND repository_metadata <> '{}' ORDER BY id LIMIT ?`,
      after,
      idsAtOnce,
    );
    for (const [id, repository] of rows) {
      after = id;
      if (!isDoomed(id)) theirs.remove(repository);
    }
    if (rows.length < idsAtOnce) break;
  }
  return theirs.pack();
}

/** Deletions that can be taken back, the newest first. */
export function deletionRows(
  session: ReadSession,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): DeletionsPage {
  const rows = session.raw<readonly [uuid: string, time: number, summary: string]>(
    'SELECT uuid, time, summary FROM deletions ORDER BY id DESC LIMIT ? OFFSET ?',
    limit,
    skip,
  );
  const [[total, nodes] = [0, 0]] = session.raw<readonly [total: number, nodes: number]>(
    `SELECT count(*), ifnull(sum(summary ->> '$.nodes'), 0) FROM deletions`,
  );
  return {
    rows: rows.map(([uuid, time, summary]) =>
      deletion.parse({ ...(JSON.parse(summary) as object), uuid, time: time / 1000 }),
    ),
    skip,
    total,
    nodes,
  };
}
