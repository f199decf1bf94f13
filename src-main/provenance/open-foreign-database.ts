import { closeSync, openSync, readSync } from 'node:fs';
import Database from 'better-sqlite3';
import { userError } from '#shared/base/errors.ts';
import { checkForeignSchema, type SchemaRow } from '../archive/aiida/foreign/schema-check.ts';
import { showAsProfile } from './read/foreign-views.ts';

const damaged = (why: string): Error =>
  userError({
    code: 'archive-damaged',
    message: `The database of the archive cannot be read: ${why}.`,
    hint: 'Ask for the file again; it may have been cut off on its way.',
  });

/** What fits into the 32 bits of a graph's columns. */
const largestId = 0xffff_fffe;

/**
 * Opens the database of an archive, read-only, after a look at its header and its schema; then shows it under the names
 * of our tables. To be called only in an expendable process.
 * @throws StemmaError `archive-damaged`, `archive-unsafe`
 */
export function openForeignDatabase(file: string): Database.Database {
  checkHeader(file);
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    // source of the list: sqlite.org/security.html; DEFENSIVE is on by default in better-sqlite3
    for (const pragma of [
      'trusted_schema = OFF',
      'cell_size_check = ON',
      'mmap_size = 0',
      'temp_store = MEMORY',
    ]) {
      db.pragma(pragma);
    }
    // before anything else runs on it, quick_check above all: that calls into virtual tables
    checkForeignSchema(
      db.prepare<[], SchemaRow>('SELECT type, name, tbl_name, sql FROM sqlite_schema').all(),
    );
    const verdict = db.pragma('quick_check(1)', { simple: true });
    if (verdict !== 'ok') throw damaged(String(verdict));
    checkIds(db);
    showAsProfile(db);
    db.pragma('query_only = ON');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The first 100 bytes (sqlite.org/fileformat2.html), before SQLite sees them. */
function checkHeader(file: string): void {
  const header = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  try {
    const length = readSync(handle, header, 0, 100, 0);
    if (length < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0')
      throw damaged('it is no SQLite database');
  } finally {
    closeSync(handle);
  }
  // A log beside it would be part of the database, and an archive has none.
  if (header[18] !== 1 || header[19] !== 1) throw damaged('it expects a write-ahead log beside it');
  if (header.readUInt32BE(56) > 1) throw damaged('its text is not UTF-8');
}

function checkIds(db: Database.Database): void {
  for (const table of ['db_dbnode', 'db_dblink']) {
    const row = db
      .prepare<[], { readonly least: unknown; readonly most: unknown }>(
        `SELECT min(id) AS least, max(id) AS most FROM ${table}`,
      )
      .get();
    for (const id of [row?.least ?? 0, row?.most ?? 0]) {
      if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > largestId) {
        throw damaged(`a row of ${table} has the id ${String(id)}`);
      }
    }
  }
}
