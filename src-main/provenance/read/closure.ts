import { userError } from '#shared/base/errors.ts';
import { chosen, closure, ruleNumber } from '#shared/graph/traverse.ts';
import { linkTypes } from '#shared/provenance/links.ts';
import type { TraversalRules } from '#shared/provenance/traversal-rules.ts';
import type { ClosureRequest, DeletionRequest, ExportClosure } from '../read-api.ts';
import { allOf } from './filter-sql.ts';
import { nodesFitting } from './find-nodes.ts';
import type { GraphSnapshot, MemoryGraph } from './memory-graph.ts';
import { nameOf } from './node-rows.ts';
import { HashSet } from './object-hashes.ts';
import { isRoot } from './process-table.ts';
import type { ReadSession } from './session.ts';

const mostUnsealed = 100;
const mostExamples = 5;
const idsAtOnce = 5000;

const ways = ['forward', 'backward'] as const;

/** The rules that are switched on, as the numbers by which a closure remembers why it took a node. */
export function ruleSet(rules: TraversalRules): ReadonlySet<number> {
  const set = new Set<number>();
  linkTypes.forEach((type, kind) => {
    for (const way of ways) if (rules[`${type}_${way}`]) set.add(ruleNumber(kind, way));
  });
  return set;
}

/** AiiDA's name of such a number: `input_calc_forward`; `chosen` for what the person chose. */
export const ruleName = (rule: number): string =>
  rule === chosen ? 'chosen' : `${linkTypes[rule >> 1] ?? ''}_${ways[rule & 1] ?? ''}`;

/** @throws StemmaError `node-missing`, `group-missing`, `bad-filter` */
export function starts(
  session: ReadSession,
  graph: GraphSnapshot,
  what: ClosureRequest['what'] | DeletionRequest['what'],
): ArrayLike<number> {
  const places = (ids: Iterable<number>): readonly number[] =>
    Array.from(ids, (id) => graph.indexOf(id)).filter((place) => place !== -1);
  switch (what.kind) {
    case 'all':
      return Uint32Array.from(graph.ids, (_id, place) => place);
    case 'ids':
      return places(what.ids);
    case 'fitting': {
      const { sql, params } = allOf([...nodesFitting(session, what), ...(what.roots ? [isRoot] : [])]);
      return places(session.column<number>(`SELECT n.id FROM nodes AS n WHERE ${sql}`, ...params));
    }
    case 'group': {
      const group = session.value<number>('SELECT id FROM groups WHERE uuid = ?', what.uuid);
      if (group === undefined)
        throw userError({ code: 'group-missing', message: 'There is no such group.', subject: what.uuid });
      return places(session.column<number>('SELECT node_id FROM group_nodes WHERE group_id = ?', group));
    }
    case 'nodes': {
      const rows = session.raw<readonly [uuid: string, id: number | null]>(
        `SELECT wanted.value, n.id FROM json_each(?) AS wanted LEFT JOIN nodes AS n ON n.uuid = wanted.value`,
        JSON.stringify(what.uuids),
      );
      const missing = rows.find(([, id]) => id === null);
      if (missing !== undefined) {
        throw userError({
          code: 'node-missing',
          message: 'There is no such node in this profile.',
          subject: missing[0],
        });
      }
      return places(rows.map(([, id]) => id ?? -1));
    }
  }
}

/** What would leave with a selection, by AiiDA's traversal rules; every link between two of the nodes leaves too. */
export function exportClosure(
  session: ReadSession,
  memory: MemoryGraph,
  request: ClosureRequest,
): ExportClosure {
  const graph = memory.current();
  const { nodes, rule } = closure(graph.csr, starts(session, graph, request.what), ruleSet(request.rules));
  const byRule = new Map<number, { nodes: number; readonly first: number[] }>();
  for (const [i, why] of rule.entries()) {
    const same = byRule.get(why) ?? { nodes: 0, first: [] };
    byRule.set(why, same);
    same.nodes++;
    if (same.first.length < mostExamples) same.first.push(graph.ids[nodes[i] as number] as number);
  }
  const ids = Uint32Array.from(nodes, (node) => graph.ids[node] as number);
  return {
    ids,
    links: countLinks(graph, nodes),
    byRule: [...byRule]
      .toSorted(([a], [b]) => (a === chosen ? -1 : b === chosen ? 1 : a - b))
      .map(([one, found]) => ({
        rule: ruleName(one),
        nodes: found.nodes,
        examples: named(session, found.first),
      })),
    ...tally(session, ids),
  };
}

/** @param ids a few, ascending */
function named(session: ReadSession, ids: readonly number[]): ExportClosure['byRule'][number]['examples'] {
  const rows = session.raw<readonly [uuid: string, type: string, label: string, processLabel: string | null]>(
    `SELECT n.uuid, n.node_type, n.label, n.process_label
     FROM json_each(?) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value ORDER BY n.id`,
    JSON.stringify(ids),
  );
  return rows.map(([uuid, node_type, label, process_label]) => ({
    uuid,
    name: nameOf({ node_type, label, process_label }),
  }));
}

function countLinks({ csr }: GraphSnapshot, nodes: Uint32Array): number {
  const inside = new Uint8Array(csr.nodes);
  for (const node of nodes) inside[node] = 1;
  let links = 0;
  const { offsets, ends } = csr.outgoing;
  for (const node of nodes) {
    for (let k = offsets[node] as number; k < (offsets[node + 1] as number); k++) {
      links += inside[ends[k] as number] as number;
    }
  }
  return links;
}

type NodeSql = readonly [
  nodeType: string,
  sealed: number,
  computer: number | null,
  user: number,
  uuid: string,
  label: string,
  processLabel: string | null,
  repository: string,
];

/** What hangs on the nodes, some thousand of them at a time. */
function tally(session: ReadSession, ids: Uint32Array) {
  const byType = new Map<string, number>();
  const computers = new Set<number>();
  const users = new Set<number>();
  const objects = new HashSet();
  const unsealed: { readonly uuid: string; readonly name: string }[] = [];
  let [unsealedCount, logs, comments] = [0, 0, 0];
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const some = JSON.stringify([...ids.subarray(start, start + idsAtOnce)]);
    const rows = session.raw<NodeSql>(
      `SELECT n.node_type, n.sealed, n.computer_id, n.user_id, n.uuid, n.label, n.process_label, n.repository_metadata
       FROM json_each(?) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value`,
      some,
    );
    for (const [node_type, sealed, computer, user, uuid, label, process_label, repository] of rows) {
      byType.set(node_type, (byType.get(node_type) ?? 0) + 1);
      users.add(user);
      if (computer !== null) computers.add(computer);
      objects.add(repository);
      if (sealed === 1) continue;
      unsealedCount++;
      if (unsealed.length < mostUnsealed)
        unsealed.push({ uuid, name: nameOf({ node_type, label, process_label }) });
    }
    logs +=
      session.value<number>(
        `SELECT count(*) FROM logs WHERE node_id IN (SELECT value FROM json_each(?))`,
        some,
      ) ?? 0;
    for (const user of session.column<number>(
      `SELECT user_id FROM comments WHERE node_id IN (SELECT value FROM json_each(?))`,
      some,
    )) {
      comments++;
      users.add(user);
    }
  }
  return {
    byType: [...byType]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([nodeType, nodes]) => ({ nodeType, nodes })),
    unsealed,
    unsealedCount,
    computers: computers.size,
    users: users.size,
    logs,
    comments,
    objects: objects.pack(),
  };
}
