import { userError } from '#shared/base/errors.ts';
import type { PurgeSelection } from '#shared/contract/areas/purges.ts';
import { eachEngineText } from '../provenance/read/kept-objects.ts';
import type { Param, ReadSession } from '../provenance/read/session.ts';

const dayMs = 86_400_000;

/**
 * Ids of the nodes that are chosen and have files, ascending.
 * @throws StemmaError `node-missing`, `group-missing`, `purge-without-rule`
 */
export function chosenNodes(session: ReadSession, selection: PurgeSelection, now: number): readonly number[] {
  if (selection.kind === 'nodes') return namedNodes(session, selection.uuids);
  const { nodeType, createdAs, olderThanDays, largerThan, group } = selection;
  const conditions: string[] = [];
  const params: Param[] = [];
  const where = (sql: string, ...values: readonly Param[]): void => {
    conditions.push(sql);
    params.push(...values);
  };
  if (nodeType !== '') where('substr(n.node_type, 1, length(?)) = ?', nodeType, nodeType);
  if (createdAs !== '') {
    where(
      `EXISTS (SELECT 1 FROM links AS l WHERE l.target_id = n.id AND l.type = 'create' AND l.label = ?)`,
      createdAs,
    );
  }
  if (olderThanDays !== null) where('n.ctime < ?', (now - olderThanDays * dayMs) * 1000);
  const isIn = 'EXISTS (SELECT 1 FROM group_nodes AS m WHERE m.node_id = n.id AND m.group_id = ?)';
  if (group.kind === 'in') where(isIn, groupId(session, group.uuid));
  if (group.kind === 'not-in') where(`NOT ${isIn}`, groupId(session, group.uuid));
  if (group.kind === 'in-none') where('NOT EXISTS (SELECT 1 FROM group_nodes AS m WHERE m.node_id = n.id)');
  if (conditions.length === 0 && largerThan === null) {
    throw userError({
      code: 'purge-without-rule',
      message: 'Nothing was said about what to purge.',
      hint: 'Give at least one condition: a type, an age, a size or a group.',
    });
  }
  return session.column<number>(
    `SELECT n.id FROM nodes AS n WHERE n.repository_metadata <> '{}'
     ${conditions.map((sql) => `AND ${sql}`).join(' ')} ORDER BY n.id`,
    ...params,
  );
}

function namedNodes(session: ReadSession, uuids: readonly string[]): readonly number[] {
  const rows = session.raw<readonly [uuid: string, id: number | null]>(
    `SELECT wanted.value, n.id FROM json_each(?) AS wanted LEFT JOIN nodes AS n ON n.uuid = wanted.value`,
    JSON.stringify(uuids),
  );
  const missing = rows.find(([, id]) => id === null);
  if (missing !== undefined) {
    throw userError({
      code: 'node-missing',
      message: 'There is no such node in this profile.',
      subject: missing[0],
    });
  }
  return rows.map(([, id]) => id ?? -1).toSorted((a, b) => a - b);
}

function groupId(session: ReadSession, uuid: string): number {
  const id = session.value<number>('SELECT id FROM groups WHERE uuid = ?', uuid);
  if (id === undefined)
    throw userError({ code: 'group-missing', message: 'There is no such group.', subject: uuid });
  return id;
}

const anyUuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * Ids of the nodes that a process which has not ended works with: itself, what it called so far, the inputs and outputs
 * of these, and every node that the engine's own texts name.
 */
export function busyNodes(session: ReadSession): readonly number[] {
  const linked = session.column<number>(
    `WITH RECURSIVE busy (id) AS (
       SELECT id FROM nodes WHERE is_process AND sealed = 0
       UNION SELECT l.target_id FROM busy CROSS JOIN links AS l ON l.source_id = busy.id
         AND l.type IN ('call_calc', 'call_work')
     )
     SELECT id FROM busy
     UNION SELECT l.source_id FROM busy CROSS JOIN links AS l ON l.target_id = busy.id
       AND l.type IN ('input_calc', 'input_work')
     UNION SELECT l.target_id FROM busy CROSS JOIN links AS l ON l.source_id = busy.id
       AND l.type IN ('create', 'return')`,
  );
  const named = new Set<string>();
  eachEngineText(session, (text) => {
    for (const [uuid] of text.matchAll(anyUuid)) named.add(uuid);
  });
  if (named.size === 0) return linked;
  const written = session.column<number>(
    'SELECT n.id FROM json_each(?) AS wanted JOIN nodes AS n ON n.uuid = wanted.value',
    JSON.stringify([...named]),
  );
  return [...new Set([...linked, ...written])];
}
