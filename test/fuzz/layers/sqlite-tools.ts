import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Draft } from '../draft.ts';

/**
 * Changes the database of a draft by SQL. A statement that SQLite refuses changes nothing.
 * @returns false where the draft has none that can be opened
 */
export function withDatabase(draft: Draft, change: (db: Database.Database) => void): boolean {
  const entry = draft.entry('db.sqlite3');
  if (entry === undefined) return false;
  const file = join(draft.folder, 'draft.sqlite3');
  writeFileSync(file, entry.data);
  try {
    const db = new Database(file);
    try {
      db.pragma('synchronous = OFF');
      db.pragma('journal_mode = MEMORY');
      db.pragma('foreign_keys = OFF');
      db.pragma('ignore_check_constraints = ON');
      db.unsafeMode(true);
      change(db);
    } finally {
      db.close();
    }
  } catch (error) {
    // an earlier fault broke it, or a constraint stands in the way
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  entry.data = readFileSync(file);
  for (const tail of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${tail}`, { force: true });
  return true;
}
