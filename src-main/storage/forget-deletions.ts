import type Database from 'better-sqlite3';
import { breathe, exclusively, type Work } from './exclusive.ts';

/** What is kept of a deletion. */
const tables = [
  'deleted_members',
  'deleted_comments',
  'deleted_logs',
  'deleted_journal',
  'deleted_steps',
  'deleted_links',
  'deleted_nodes',
] as const;

/**
 * Lets go of deletions for good. One that is restored or gone already is passed over.
 * @param which null for all that there are
 * @returns how many nodes cannot be restored any more
 */
export function forgetDeletions(
  db: Database.Database,
  which: readonly string[] | null,
  work: Work,
): Promise<number> {
  return exclusively(db, work, async () => {
    let nodes = 0;
    const uuids = which ?? db.prepare<[], string>('SELECT uuid FROM deletions ORDER BY id').pluck().all();
    for (const [done, uuid] of uuids.entries()) {
      await breathe(work.signal);
      work.progress({ done, total: uuids.length, unit: 'steps', words: 'Removing for good' });
      const id = db.prepare<[string], number>('SELECT id FROM deletions WHERE uuid = ?').pluck().get(uuid);
      if (id === undefined) continue;
      for (const table of tables) {
        const { changes } = db.prepare(`DELETE FROM ${table} WHERE deletion_id = ?`).run(id);
        if (table === 'deleted_nodes') nodes += changes;
      }
      db.prepare('DELETE FROM deletions WHERE id = ?').run(id);
    }
    return nodes;
  });
}
