import { archiveUnsafe } from '../container/archive-errors.ts';
import { foreignTables } from './tables.ts';

/** A row of `sqlite_schema`. */
export interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}

const mostRows = 500;
const longestSql = 20_000;

const name = String.raw`(?:"[A-Za-z_]\w*"|[A-Za-z_]\w*)`;
const names = String.raw`${name}(?: , ${name})*`;
const type = String.raw`(?:INTEGER|BIGINT|SMALLINT|VARCHAR|CHAR|TEXT|DATETIME|JSON|BOOLEAN|FLOAT|REAL|NUMERIC|BLOB)(?: \( \d+ \))?`;
// a literal, so that a default can compute nothing
const literal = String.raw`(?:'[^']*'|-?\d+|NULL|\( '[^']*' \))`;
const rules = String.raw`(?: (?:NOT NULL|NULL|UNIQUE|PRIMARY KEY|DEFAULT ${literal}))*`;
const action = String.raw`(?: ON (?:DELETE|UPDATE) (?:CASCADE|RESTRICT|SET NULL|NO ACTION))*`;
const deferral = String.raw`(?: DEFERRABLE INITIALLY DEFERRED)?`;
const constraint = String.raw`(?:CONSTRAINT ${name} )?`;
/** SQLAlchemy of AiiDA's alphas wrote this for booleans. */
const booleanCheck = String.raw`${constraint}CHECK \( ${name} IN \( 0 , 1 \) \)`;

const item = new RegExp(
  String.raw`^(?:${[
    String.raw`${constraint}(?:PRIMARY KEY|UNIQUE) \( ${names} \)`,
    String.raw`${constraint}FOREIGN KEY \( ${names} \) REFERENCES ${name} \( ${names} \)${action}${deferral}`,
    booleanCheck,
    String.raw`${name} ${type}${rules}`,
  ].join('|')})$`,
  'i',
);
const tableStart = new RegExp(String.raw`^CREATE TABLE (${name}) \( (.*) \)$`, 'i');
const index = new RegExp(String.raw`^CREATE (?:UNIQUE )?INDEX ${name} ON ${name} \( ${names} \)$`, 'i');

/** One space between any two tokens, so that the patterns need not care for layout. */
function normalised(sql: string): string {
  return sql
    .replaceAll(/('(?:[^']|'')*'|"[^"]*")|([(),])|\s+/g, (_all, quoted: string, mark: string) =>
      quoted !== undefined ? quoted : mark !== undefined ? ` ${mark} ` : ' ',
    )
    .replaceAll(/ +/g, ' ')
    .trim();
}

/** Splits at the commas that stand outside of parentheses. */
function itemsOf(body: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let current: string[] = [];
  for (const token of body.split(' ')) {
    if (token === '(') depth++;
    if (token === ')') depth--;
    if (token === ',' && depth === 0) {
      items.push(current.join(' '));
      current = [];
    } else {
      current.push(token);
    }
  }
  return [...items, current.join(' ')];
}

function isPlainTable(sql: string): boolean {
  const body = tableStart.exec(normalised(sql))?.[2];
  return body !== undefined && itemsOf(body).every((one) => item.test(one));
}

/**
 * Lets pass what AiiDA's versions have written: plain tables of plain columns, and indexes on columns. A view, a
 * trigger, a virtual table, a generated column, a check or an index on an expression could make SQLite run what the
 * author of the file wants, and none of them is in any archive.
 * @throws StemmaError `archive-unsafe`
 */
export function checkForeignSchema(rows: readonly SchemaRow[]): void {
  if (rows.length > mostRows)
    throw archiveUnsafe('db.sqlite3', `its database has ${rows.length} tables and indexes`);
  for (const row of rows) {
    if (!isAllowed(row)) {
      throw archiveUnsafe(row.name, `its database has a ${row.type} “${row.name}” that is not of the format`);
    }
  }
  const tables = new Set(rows.filter((row) => row.type === 'table').map((row) => row.name));
  for (const table of Object.values(foreignTables)) {
    if (!tables.has(table.name)) throw archiveUnsafe(table.name, `its database has no table “${table.name}”`);
  }
}

function isAllowed({ type, name, sql }: SchemaRow): boolean {
  // made by SQLite itself for UNIQUE and PRIMARY KEY
  if (sql === null) return type === 'index' && name.startsWith('sqlite_autoindex_');
  if (sql.length > longestSql || name.startsWith('sqlite_')) return false;
  if (type === 'table') return isPlainTable(sql);
  return type === 'index' && index.test(normalised(sql));
}
