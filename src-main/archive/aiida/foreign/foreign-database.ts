import { serialize } from 'node:v8';
import type Database from 'better-sqlite3';
import { letGoOf } from '../../../isolate/lean-heap.ts';
import { archiveDamaged, valueTooLarge } from '../container/archive-errors.ts';
import { budgets } from '../container/budgets.ts';
import { checkForeignDatabase, openForeignDatabase } from './open-foreign-database.ts';
import type { ForeignPage } from './protocol.ts';
import {
  foreignTableNames,
  foreignTables,
  type Cell,
  type ForeignCounts,
  type ForeignTable,
} from './tables.ts';

/** Few, so that they are gone before the young generation of whoever reads them is full. */
const pageRows = 500;
const pageBytes = 1 << 17;

/** SQLite from a stranger. Lives only in the expendable child process: native code reads hostile bytes here. */
export class ForeignDatabase {
  readonly #db: Database.Database;
  readonly #pages = new Map<ForeignTable, Database.Statement<[number]>>();

  /** @throws StemmaError `archive-damaged`, `archive-unsafe` */
  constructor(file: string) {
    this.#db = openForeignDatabase(file);
    checkForeignDatabase(this.#db);
    this.#db.pragma('query_only = ON');
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
    letGoOf(bytes * 2);
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
    throw valueTooLarge(`row ${rowid} of its ${table} has a value`, cell.length, budgets.cell);
  }
  return cell.length;
}
