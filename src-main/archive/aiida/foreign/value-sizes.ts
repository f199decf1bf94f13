import type Database from 'better-sqlite3';
import { valueTooLarge } from '../container/archive-errors.ts';
import { budgets } from '../container/budgets.ts';
import { foreignTables } from './tables.ts';

/** What people and programs write at length; every other column is a name, a number or a time. */
const long = new Set([
  'attributes',
  'extras',
  'repository_metadata',
  'metadata',
  'description',
  'content',
  'message',
]);

/**
 * Looks at how long values are before any is read: a page of a hundred labels of a gigabyte each would come into our own
 * memory at once. `octet_length` asks only the head of a row.
 * @throws StemmaError `archive-too-large`
 */
export function checkValueSizes(db: Database.Database): void {
  const seen = new Set<string>();
  for (const { name: table, columns } of Object.values(foreignTables)) {
    if (seen.has(table)) continue;
    seen.add(table);
    checkTable(db, table, columns);
  }
}

function checkTable(db: Database.Database, table: string, columns: readonly string[]): void {
  const there = new Set(
    (db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[]).map((column) =>
      column.toLowerCase(),
    ),
  );
  const sized = columns.filter((column) => there.has(column) && column !== 'id' && !column.endsWith('_id'));
  if (sized.length === 0) return;
  const lengths = sized.map((column) => `ifnull(octet_length("${column}"), 0)`);
  const [row = 0, ...most] = db
    .prepare(
      `SELECT ${[lengths.join(' + '), ...lengths].map((sum) => `max(${sum})`).join(', ')} FROM ${table}`,
    )
    .raw()
    .get() as (number | null)[];
  for (const [i, column] of sized.entries()) {
    const bytes = most[i] ?? 0;
    const limit = long.has(column) ? budgets.cell : budgets.name;
    if (bytes > limit) throw valueTooLarge(`${table} has a ${column}`, bytes, limit);
  }
  if ((row ?? 0) > budgets.cell) throw valueTooLarge(`${table} has a row`, row ?? 0, budgets.cell);
}
