import type Database from 'better-sqlite3';
import { archiveDamaged } from '../archive/aiida/container/archive-errors.ts';
import { openForeignDatabase } from '../archive/aiida/foreign/open-foreign-database.ts';
import { showAsProfile } from './read/foreign-views.ts';

/** What fits into the 32 bits of a graph's columns. */
const largestId = 0xffff_fffe;

/**
 * Opens the database of an archive, after a look at its header and its schema, and shows it under the names of our
 * tables. To be called only in an expendable process. Whether all of it is sound is for `checkForeignDatabase`, which may
 * do its work beside the reading.
 * @throws StemmaError `archive-damaged`, `archive-unsafe`
 */
export function openArchiveAsProfile(file: string): Database.Database {
  const db = openForeignDatabase(file);
  try {
    checkIds(db);
    showAsProfile(db);
    db.pragma('query_only = ON');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Whether nodes can be listed in the order of the texts of their times, by the archive's own index: they can where each
 * has one. Texts as AiiDA writes them are in the order of time.
 */
export function hasTimeKey(db: Database.Database): boolean {
  const indexed = db
    .prepare(
      `SELECT 1 FROM pragma_index_list('db_dbnode') AS l, pragma_index_info(l.name) AS i WHERE i.seqno = 0 AND i.name = 'ctime'`,
    )
    .get();
  if (indexed === undefined) return false;
  return db.prepare('SELECT 1 FROM db_dbnode WHERE ctime IS NULL').get() === undefined;
}

function checkIds(db: Database.Database): void {
  for (const table of ['db_dbnode', 'db_dblink']) {
    const row = db
      .prepare<[], { readonly least: unknown; readonly most: unknown }>(
        // apart, each is one look at the end of the table; together they would go through all of it
        `SELECT (SELECT min(id) FROM ${table}) AS least, (SELECT max(id) FROM ${table}) AS most`,
      )
      .get();
    for (const id of [row?.least ?? 0, row?.most ?? 0]) {
      if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > largestId) {
        throw archiveDamaged('db.sqlite3', `a row of ${table} has the id ${String(id)}`);
      }
    }
  }
}
