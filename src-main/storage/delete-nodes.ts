import type Database from 'better-sqlite3';
import { userError } from '#shared/base/errors.ts';
import type { Deletion } from '#shared/contract/areas/storage.ts';
import { newUuid } from '#shared/provenance/ids.ts';
import type { DeletionPlan } from '../provenance/read-api.ts';
import { deletionPlan } from '../provenance/read/deletion.ts';
import { MemoryGraph } from '../provenance/read/memory-graph.ts';
import { ReadSession } from '../provenance/read/session.ts';
import { breathe, exclusively, type Work } from './exclusive.ts';
import { obstaclesOf } from './obstacles.ts';
import { rulesOf, type DeletionChoice } from './rules.ts';

export interface DeleteRequest {
  readonly selection: DeletionChoice;
  /** Of the plan that the person saw. */
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Bytes of the files that only the nodes name. */
  readonly sizeOf: (hashes: Uint8Array) => Promise<number>;
}

const nodesAtOnce = 2000;

/** Rows that go with a node by themselves, and what is kept of them. */
const hanging = [
  `INSERT INTO deleted_members (deletion_id, group_id, node_uuid)
   SELECT ?, m.group_id, n.uuid FROM json_each(?) AS d CROSS JOIN nodes AS n ON n.id = d.value
   CROSS JOIN group_nodes AS m ON m.node_id = n.id`,
  `INSERT INTO deleted_comments (deletion_id, uuid, node_uuid, ctime, mtime, user_id, content)
   SELECT ?, c.uuid, n.uuid, c.ctime, c.mtime, c.user_id, c.content
   FROM json_each(?) AS d CROSS JOIN nodes AS n ON n.id = d.value CROSS JOIN comments AS c ON c.node_id = n.id`,
  `INSERT INTO deleted_logs (deletion_id, uuid, time, logger, level, node_uuid, message, metadata)
   SELECT ?, l.uuid, l.time, l.logger, l.level, n.uuid, l.message, l.metadata
   FROM json_each(?) AS d CROSS JOIN nodes AS n ON n.id = d.value CROSS JOIN logs AS l ON l.node_id = n.id`,
  `INSERT INTO deleted_journal (deletion_id, node_uuid, time, event)
   SELECT ?, n.uuid, j.time, j.event
   FROM json_each(?) AS d CROSS JOIN nodes AS n ON n.id = d.value CROSS JOIN journal AS j ON j.process_id = n.id
   ORDER BY j.id`,
  `INSERT INTO deleted_steps (deletion_id, node_uuid, label, record)
   SELECT ?, n.uuid, s.label, s.record
   FROM json_each(?) AS d CROSS JOIN nodes AS n ON n.id = d.value CROSS JOIN workflow_steps AS s ON s.process_id = n.id`,
  `INSERT INTO deleted_nodes (deletion_id, id, uuid, node_type, process_type, label, ctime, mtime, computer_id, user_id,
     description, attributes, extras, repository_metadata)
   SELECT ?, n.id, n.uuid, n.node_type, n.process_type, n.label, n.ctime, n.mtime, n.computer_id, n.user_id,
     n.description, n.attributes, n.extras, n.repository_metadata
   FROM json_each(?) AS d CROSS JOIN nodes AS n ON n.id = d.value`,
] as const;

/**
 * Deletes what the rules say at this moment, all of it in one transaction, and keeps it to be restored. No link is left
 * with one end: the database itself refuses to let a link go whose process stays.
 * @throws StemmaError `deletion-outdated`, `deletion-refused`, `node-missing`, `group-missing`, `database-busy`
 */
export function deleteNodes(db: Database.Database, request: DeleteRequest, work: Work): Promise<Deletion> {
  return exclusively(db, work, async () => {
    const { progress, signal } = work;
    progress({ done: 0, total: null, unit: 'steps', words: 'Looking for what goes along' });
    const plan = planNow(db, request);
    const bytes = await request.sizeOf(plan.onlyTheirs);
    const deletion = describe(plan, bytes, request.now());
    const id = enter(db, deletion);
    keepLinks(db, id, plan.ids);
    const statements = hanging.map((sql) => db.prepare<[number | bigint, string]>(sql));
    const remove = db.prepare<[string]>('DELETE FROM nodes WHERE id IN (SELECT value FROM json_each(?))');
    for (let at = 0; at < plan.ids.length; at += nodesAtOnce) {
      await breathe(signal);
      const some = JSON.stringify([...plan.ids.subarray(at, at + nodesAtOnce)]);
      for (const statement of statements) statement.run(id, some);
      remove.run(some);
      progress({ done: at, total: plan.ids.length, unit: 'nodes', words: 'Deleting' });
    }
    await breathe(signal);
    db.exec('DELETE FROM links WHERE id IN (SELECT id FROM temp.doomed_links); DROP TABLE temp.doomed_links');
    return deletion;
  });
}

function planNow(db: Database.Database, { selection, digest, now }: DeleteRequest): DeletionPlan {
  const session = new ReadSession(db, { hasSearchIndex: false, now });
  const request = { what: selection.what, rules: rulesOf(selection) };
  const plan = deletionPlan(session, new MemoryGraph(session), request);
  const [obstacle] = obstaclesOf(plan);
  if (obstacle !== undefined) {
    const named = obstacle.nodes.slice(0, 3).map(({ name, uuid }) => `${name} (${uuid.slice(0, 8)})`);
    const more = obstacle.count > named.length ? ` and ${obstacle.count - named.length} more` : '';
    throw userError({
      code: 'deletion-refused',
      message: `${obstacle.message} ${named.join(', ')}${more}.`,
      ...(obstacle.nodes[0] !== undefined && { subject: obstacle.nodes[0].uuid }),
      hint: 'Wait for the processes or kill them. Nothing was deleted.',
    });
  }
  if (plan.digest !== digest) {
    throw userError({
      code: 'deletion-outdated',
      message: 'What would be deleted has changed since you looked at it. Nothing was deleted.',
      hint: 'Look at the preview again and confirm it.',
    });
  }
  return plan;
}

function describe(plan: DeletionPlan, bytes: number, now: number): Deletion {
  const { ids, links, memberships, logs, comments, byType, byRule, onlyTheirs } = plan;
  return {
    uuid: newUuid(),
    time: now,
    nodes: ids.length,
    links,
    memberships,
    logs,
    comments,
    files: onlyTheirs.length / 32,
    bytes,
    byType: byType.toSorted((a, b) => b.nodes - a.nodes),
    examples: byRule.find(({ rule }) => rule === 'chosen')?.examples.map(({ name }) => name) ?? [],
  };
}

function enter(db: Database.Database, { uuid, time, ...summary }: Deletion): number | bigint {
  return db
    .prepare('INSERT INTO deletions (uuid, time, summary) VALUES (?, ?, ?)')
    .run(uuid, Math.round(time * 1000), JSON.stringify(summary)).lastInsertRowid;
}

/** In the order in which they were stored, which is the order in which they can be stored again. */
function keepLinks(db: Database.Database, deletion: number | bigint, ids: Uint32Array): void {
  db.exec('CREATE TEMP TABLE doomed_links (id INTEGER PRIMARY KEY)');
  const touching = db.prepare<[string, string]>(
    `INSERT OR IGNORE INTO temp.doomed_links
     SELECT l.id FROM json_each(?) AS d CROSS JOIN links AS l ON l.source_id = d.value
     UNION SELECT l.id FROM json_each(?) AS d CROSS JOIN links AS l ON l.target_id = d.value`,
  );
  for (let at = 0; at < ids.length; at += nodesAtOnce) {
    const some = JSON.stringify([...ids.subarray(at, at + nodesAtOnce)]);
    touching.run(some, some);
  }
  db.prepare<[number | bigint]>(
    `INSERT INTO deleted_links (deletion_id, source_uuid, target_uuid, type, label)
     SELECT ?, s.uuid, t.uuid, l.type, l.label
     FROM temp.doomed_links AS d CROSS JOIN links AS l ON l.id = d.id
     CROSS JOIN nodes AS s ON s.id = l.source_id CROSS JOIN nodes AS t ON t.id = l.target_id ORDER BY d.id`,
  ).run(deletion);
}
