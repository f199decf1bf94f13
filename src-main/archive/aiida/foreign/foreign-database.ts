import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { serialize } from 'node:v8';
import Database from 'better-sqlite3';
import { archiveDamaged, archiveTooLarge, archiveUnsafe } from '../container/archive-errors.ts';
import { budgets } from '../container/budgets.ts';
import type { ForeignPage } from './protocol.ts';
import { checkForeignSchema, type SchemaRow } from './schema-check.ts';
import {
  foreignTableNames,
  foreignTables,
  type Cell,
  type ForeignCounts,
  type ForeignTable,
} from './tables.ts';

const pageRows = 2000;
const pageBytes = 1 << 20;

/** SQLite from a stranger. Lives only in the expendable child process: native code reads hostile bytes here. */
export class ForeignDatabase {
  readonly #db: Database.Database;
  readonly #pages = new Map<ForeignTable, Database.Statement<[number]>>();

  /** @throws StemmaError `archive-damaged`, `archive-unsafe` */
  constructor(file: string) {
    prepareHeader(file);
    this.#db = new Database(file, { readonly: true });
    // source of the list: sqlite.org/security.html; DEFENSIVE is on by default in better-sqlite3
    for (const pragma of [
      'trusted_schema = OFF',
      'cell_size_check = ON',
      'mmap_size = 0',
      'query_only = ON',
      'temp_store = MEMORY',
      'case_sensitive_like = ON',
    ]) {
      this.#db.pragma(pragma);
    }
    const schema = this.#db
      .prepare<[], SchemaRow>('SELECT type, name, tbl_name, sql FROM sqlite_schema')
      .all();
    // before quick_check, which calls into virtual tables
    checkForeignSchema(schema);
    const [verdict] = this.#db.pragma('quick_check(1)') as { quick_check: string }[];
    if (verdict?.quick_check !== 'ok') {
      throw archiveDamaged('db.sqlite3', `its database is broken (${verdict?.quick_check ?? 'no answer'})`);
    }
  }

  counts(): ForeignCounts {
    const counts = foreignTableNames.map((table) => {
      const count = this.#db.prepare(`SELECT count(*) FROM ${foreignTables[table].name}`).pluck().get();
      return [table, count as number] as const;
    });
    return Object.fromEntries(counts) as ForeignCounts;
  }

  page(table: ForeignTable, after: number): ForeignPage {
    const rows: Cell[][] = [];
    let bytes = 0;
    let last: number | null = null;
    for (const [rowid, ...cells] of this.#statement(table).iterate(after) as Iterable<[number, ...Cell[]]>) {
      // beyond 2^53 the next page would begin with the same row for ever
      if (!Number.isSafeInteger(rowid))
        throw archiveDamaged('db.sqlite3', `a row of its ${table} has the number ${rowid}`);
      for (const cell of cells) bytes += cellSize(cell, table, rowid);
      rows.push(cells);
      last = rowid;
      if (rows.length >= pageRows || bytes >= pageBytes) break;
    }
    return { rows: serialize(rows), count: rows.length, last };
  }

  /** Columns by name; one that an early file does not have is NULL. */
  #statement(table: ForeignTable): Database.Statement<[number]> {
    const known = this.#pages.get(table);
    if (known !== undefined) return known;
    const { name, columns } = foreignTables[table];
    const there = new Set(
      (this.#db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(name) as string[]).map(
        (column) => column.toLowerCase(),
      ),
    );
    const wanted = columns.map((column) => (there.has(column) ? `"${column}"` : 'NULL')).join(', ');
    const statement = this.#db
      .prepare<[number]>(`SELECT rowid, ${wanted} FROM ${name} WHERE rowid > ? ORDER BY rowid`)
      .raw();
    this.#pages.set(table, statement);
    return statement;
  }
}

function cellSize(cell: Cell, table: ForeignTable, rowid: number): number {
  if (cell === null || typeof cell === 'number') return 8;
  if (cell.length > budgets.cell) {
    throw archiveTooLarge('db.sqlite3', `row ${rowid} of its ${table} has a value of ${cell.length} bytes`);
  }
  return cell.length;
}

/**
 * Looks at the first 100 bytes (sqlite.org/fileformat2.html) before SQLite does. A file that says it has a write-ahead
 * log beside it is told that it has none: the archive holds only this one file.
 */
function prepareHeader(file: string): void {
  const header = Buffer.alloc(100);
  const fd = openSync(file, 'r+');
  try {
    const length = readSync(fd, header, 0, 100, 0);
    if (length < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
      throw archiveDamaged('db.sqlite3', 'its db.sqlite3 is not an SQLite database');
    }
    const encoding = header.readUInt32BE(56);
    if (encoding > 1) throw archiveUnsafe('db.sqlite3', 'the text of its database is not UTF-8');
    if (header[18] !== 1 || header[19] !== 1) writeSync(fd, Buffer.from([1, 1]), 0, 2, 18);
  } finally {
    closeSync(fd);
  }
}
