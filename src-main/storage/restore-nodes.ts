import type Database from 'better-sqlite3';
import { userError } from '#shared/base/errors.ts';
import { breathe, exclusively, type Work } from './exclusive.ts';

export interface RestoreReport {
  /** Nodes that came back. */
  readonly nodes: number;
  /** Nodes that were here again already: they came with an archive. */
  readonly there: number;
  readonly links: number;
}

const nodesAtOnce = 2000;

const isProcess = (node: string): string =>
  `(${node}.node_type >= 'process.' AND ${node}.node_type < 'process/')`;

/**
 * Puts back what a deletion took away, all of it in one transaction: nodes under their old ids, links, memberships of
 * groups that are still there, comments, logs, and the engine's record of how each process went.
 * @throws StemmaError `deletion-missing`, `restore-refused`, `database-busy`
 */
export function restoreNodes(db: Database.Database, uuid: string, work: Work): Promise<RestoreReport> {
  return exclusively(db, work, async () => {
    const id = db.prepare<[string], number>('SELECT id FROM deletions WHERE uuid = ?').pluck().get(uuid);
    if (id === undefined) {
      throw userError({
        code: 'deletion-missing',
        message: 'This deletion cannot be taken back: it was restored already, or removed for good.',
        subject: uuid,
      });
    }
    gather(db, id);
    refuseWithoutNeighbours(db, id);
    await insertNodes(db, work);
    work.progress({ done: 0, total: null, unit: 'steps', words: 'Restoring links' });
    const links = insertLinks(db, id);
    insertRest(db, id);
    seal(db);
    const nodes = count(db, 'SELECT count(*) FROM temp.returning_nodes');
    const there = count(db, `SELECT count(*) FROM deleted_nodes WHERE deletion_id = ${id}`) - nodes;
    db.prepare('DELETE FROM deletions WHERE id = ?').run(id);
    // readers that keep the graph in memory begin again: ids came back that they have passed
    db.exec(
      `UPDATE counters SET value = value + 1 WHERE name = 'deletions'; DROP TABLE temp.returning_nodes`,
    );
    return { nodes, there, links };
  });
}

const count = (db: Database.Database, sql: string): number => db.prepare<[], number>(sql).pluck().get() ?? 0;

/** Those that are not here again by themselves. */
function gather(db: Database.Database, deletion: number): void {
  db.exec(
    'CREATE TEMP TABLE returning_nodes (uuid TEXT PRIMARY KEY, id INTEGER NOT NULL UNIQUE) WITHOUT ROWID',
  );
  db.prepare<[number]>(
    `INSERT INTO temp.returning_nodes
     SELECT d.uuid, d.id FROM deleted_nodes AS d
     WHERE d.deletion_id = ? AND NOT EXISTS (SELECT 1 FROM nodes WHERE uuid = d.uuid)`,
  ).run(deletion);
}

/** Links whose process comes back: those of the others came with them. */
const returningLinks = `FROM deleted_links AS l
  JOIN temp.returning_nodes AS o
    ON o.uuid = CASE WHEN l.type IN ('input_calc', 'input_work') THEN l.target_uuid ELSE l.source_uuid END
  WHERE l.deletion_id = ?`;

/** A process without one of its inputs or outputs would be a lie. */
function refuseWithoutNeighbours(db: Database.Database, deletion: number): void {
  const missing = db
    .prepare<[number, number], string>(
      `SELECT DISTINCT m.uuid FROM (
         SELECT l.source_uuid AS uuid ${returningLinks} UNION SELECT l.target_uuid ${returningLinks}
       ) AS m
       WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE uuid = m.uuid)
         AND NOT EXISTS (SELECT 1 FROM temp.returning_nodes WHERE uuid = m.uuid)`,
    )
    .pluck()
    .all(deletion, deletion);
  const [first] = missing;
  if (first === undefined) return;
  const kept = db
    .prepare<[string], string>(
      `SELECT strftime('%Y-%m-%d %H:%M', e.time / 1000000, 'unixepoch') FROM deleted_nodes AS d
       JOIN deletions AS e ON e.id = d.deletion_id WHERE d.uuid = ? ORDER BY e.id DESC LIMIT 1`,
    )
    .pluck()
    .get(first);
  throw userError({
    code: 'restore-refused',
    message: `${missing.length} ${missing.length === 1 ? 'node that this is linked to was' : 'nodes that these are linked to were'} deleted later. Nothing was restored.`,
    subject: first,
    hint:
      kept === undefined
        ? 'They were removed for good. An archive that has them brings them back; then this can be restored.'
        : `Restore the deletion of ${kept} (UTC) first.`,
  });
}

async function insertNodes(db: Database.Database, { progress, signal }: Work): Promise<void> {
  const total = count(db, 'SELECT count(*) FROM temp.returning_nodes');
  // processes come open, so that their links may follow
  const insert = db.prepare<[number, number]>(
    `INSERT INTO nodes (id, uuid, node_type, process_type, label, ctime, mtime, computer_id, user_id, sealed,
       description, attributes, extras, repository_metadata)
     SELECT d.id, d.uuid, d.node_type, d.process_type, d.label, d.ctime, d.mtime, d.computer_id, d.user_id,
       NOT ${isProcess('d')}, d.description, d.attributes, d.extras, d.repository_metadata
     FROM temp.returning_nodes AS r CROSS JOIN deleted_nodes AS d ON d.id = r.id
     WHERE r.id > ? ORDER BY r.id LIMIT ?`,
  );
  const last = db.prepare<[number, number], number | null>(
    'SELECT max(id) FROM (SELECT id FROM temp.returning_nodes WHERE id > ? ORDER BY id LIMIT ?)',
  );
  let done = 0;
  for (let after = -1; done < total;) {
    await breathe(signal);
    done += insert.run(after, nodesAtOnce).changes;
    after = last.pluck().get(after, nodesAtOnce) ?? after;
    progress({ done, total, unit: 'nodes', words: 'Restoring nodes' });
  }
}

function insertLinks(db: Database.Database, deletion: number): number {
  return db
    .prepare<[number]>(
      `INSERT INTO links (source_id, target_id, type, label)
       SELECT s.id, t.id, k.type, k.label FROM (SELECT l.* ${returningLinks} ORDER BY l.id) AS k
       CROSS JOIN nodes AS s ON s.uuid = k.source_uuid CROSS JOIN nodes AS t ON t.uuid = k.target_uuid ORDER BY k.id`,
    )
    .run(deletion).changes;
}

function insertRest(db: Database.Database, deletion: number): void {
  const run = (sql: string): unknown => db.prepare<[number]>(sql).run(deletion);
  run(`INSERT OR IGNORE INTO group_nodes (group_id, node_id)
    SELECT d.group_id, n.id FROM deleted_members AS d CROSS JOIN nodes AS n ON n.uuid = d.node_uuid
    WHERE d.deletion_id = ?`);
  run(`INSERT INTO comments (uuid, node_id, ctime, mtime, user_id, content)
    SELECT d.uuid, n.id, d.ctime, d.mtime, d.user_id, d.content
    FROM deleted_comments AS d CROSS JOIN nodes AS n ON n.uuid = d.node_uuid
    WHERE d.deletion_id = ? AND NOT EXISTS (SELECT 1 FROM comments WHERE uuid = d.uuid) ORDER BY d.id`);
  run(`INSERT INTO logs (uuid, time, logger, level, node_id, message, metadata)
    SELECT d.uuid, d.time, d.logger, d.level, n.id, d.message, d.metadata
    FROM deleted_logs AS d CROSS JOIN nodes AS n ON n.uuid = d.node_uuid
    WHERE d.deletion_id = ? AND NOT EXISTS (SELECT 1 FROM logs WHERE uuid = d.uuid) ORDER BY d.id`);
  run(`INSERT INTO journal (process_id, time, event)
    SELECT r.id, d.time, d.event FROM deleted_journal AS d
    CROSS JOIN temp.returning_nodes AS r ON r.uuid = d.node_uuid WHERE d.deletion_id = ? ORDER BY d.id`);
  run(`INSERT INTO workflow_steps (process_id, label, record)
    SELECT r.id, d.label, d.record FROM deleted_steps AS d
    CROSS JOIN temp.returning_nodes AS r ON r.uuid = d.node_uuid WHERE d.deletion_id = ? ORDER BY d.id`);
}

const seal = (db: Database.Database): unknown =>
  db.exec(
    `UPDATE nodes SET sealed = 1 WHERE sealed = 0 AND is_process AND id IN (SELECT id FROM temp.returning_nodes)`,
  );
