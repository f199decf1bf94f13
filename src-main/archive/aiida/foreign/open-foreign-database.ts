import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { archiveDamaged } from '../container/archive-errors.ts';
import { headerBytes, readDatabaseHeader } from './database-header.ts';
import { checkForeignSchema, type SchemaRow } from './schema-check.ts';
import { checkValueSizes } from './value-sizes.ts';

/** Source: sqlite.org/security.html. DEFENSIVE is on by default in better-sqlite3. */
const pragmas = [
  'trusted_schema = OFF',
  'cell_size_check = ON',
  'mmap_size = 0',
  // better-sqlite3 has 16 MB; what is read once needs few pages
  'cache_size = -2048',
  'temp_store = MEMORY',
] as const;

/**
 * Opens the database of an archive, a private copy that is ours alone, read-only and only after a look at its schema.
 * Native code reads hostile bytes here: call it only in a process that may die.
 * @throws StemmaError `archive-damaged`, `archive-unsafe`
 */
export function openForeignDatabase(file: string): Database.Database {
  prepareHeader(file);
  const db = new Database(file, { readonly: true });
  try {
    for (const pragma of pragmas) db.pragma(pragma);
    const schema = db.prepare<[], SchemaRow>('SELECT type, name, tbl_name, sql FROM sqlite_schema').all();
    checkForeignSchema(schema);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Goes through all of an open one: whether its trees are whole, and no value is longer than can be read. After the schema
 * was looked at: `quick_check` calls into virtual tables.
 * @throws StemmaError `archive-damaged`, `archive-too-large`
 */
export function checkForeignDatabase(db: Database.Database): void {
  const [verdict] = db.pragma('quick_check(1)') as { quick_check: string }[];
  if (verdict?.quick_check !== 'ok')
    throw archiveDamaged('db.sqlite3', `its database is broken (${verdict?.quick_check ?? 'no answer'})`);
  checkValueSizes(db);
}

/**
 * Looks at the first 100 bytes (sqlite.org/fileformat2.html) before SQLite does. A file that says it has a write-ahead
 * log beside it is told that it has none: the archive holds only this one file.
 */
function prepareHeader(file: string): void {
  const header = Buffer.alloc(headerBytes);
  const fd = openSync(file, 'r+');
  try {
    const { hasLog } = readDatabaseHeader(header.subarray(0, readSync(fd, header, 0, headerBytes, 0)));
    if (hasLog) writeSync(fd, Buffer.from([1, 1]), 0, 2, 18);
  } finally {
    closeSync(fd);
  }
}
