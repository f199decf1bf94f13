import { letGoOf } from '../../../isolate/lean-heap.ts';
import { archiveDamaged } from '../container/archive-errors.ts';
import { headerBytes } from '../foreign/database-header.ts';
import { checkForeignSchema } from '../foreign/schema-check.ts';
import { foreignTableNames, foreignTables, type ForeignCounts } from '../foreign/tables.ts';
import { PageHeaders } from './page-headers.ts';
import { SchemaPages, type SchemaRowWithRoot } from './schema-pages.ts';

/**
 * How many rows the tables of an archive have, from the stream of its database alone: no SQLite, no process and no copy
 * on the disk. The schema is compared with what archives have, and each table's tree is walked from its root to its
 * leaves; values are not looked at. docs/decisions/counting-without-sqlite.md says why that is enough.
 * @param size of the database in bytes
 * @returns null where this way does not lead to the schema (a list of tables with rows longer than a page, in an order
 *   that no stream shows): SQLite must be asked
 * @throws StemmaError `archive-damaged`, `archive-unsafe`, `archive-too-large`
 */
export async function countRows(
  stream: AsyncIterable<Buffer>,
  size: number,
  signal?: AbortSignal,
): Promise<ForeignCounts | null> {
  const pages = new Paging(size);
  for await (const piece of stream) {
    signal?.throwIfAborted();
    pages.take(piece);
    letGoOf(piece.length);
  }
  const { headers, schema } = pages.finish();
  if (!schema.isComplete) return null;
  const rows = schema.rows();
  checkForeignSchema(rows);
  const tables = new Map<string, number>();
  const seen = new Uint8Array(headers.count + 1);
  // the list of tables begins there, and no table does
  seen[1] = 1;
  for (const table of foreignTableNames) {
    const { name } = foreignTables[table];
    if (!tables.has(name)) tables.set(name, countTable(headers, rootOf(rows, name), name, seen));
  }
  return Object.fromEntries(
    foreignTableNames.map((table) => [table, tables.get(foreignTables[table].name) ?? 0]),
  ) as ForeignCounts;
}

interface Pages {
  readonly headers: PageHeaders;
  readonly schema: SchemaPages;
}

/** Cuts a stream into pages, once its beginning has said how long they are. */
class Paging {
  readonly #size: number;
  #pages: Pages | null = null;
  #rest = Buffer.alloc(0);
  #next = 1;

  constructor(size: number) {
    this.#size = size;
  }

  take(piece: Buffer): void {
    if (this.#pages !== null) return this.#cut(this.#pages, piece);
    const start = Buffer.concat([this.#rest, piece]);
    this.#rest = start;
    if (start.length < headerBytes) return;
    const headers = new PageHeaders(start, this.#size);
    this.#pages = { headers, schema: new SchemaPages(headers.header) };
    this.#rest = Buffer.alloc(0);
    this.#cut(this.#pages, start);
  }

  #cut(pages: Pages, piece: Buffer): void {
    const { pageSize } = pages.headers.header;
    let at = 0;
    if (this.#rest.length > 0) {
      at = pageSize - this.#rest.length;
      this.#rest = Buffer.concat([this.#rest, piece.subarray(0, at)]);
      if (this.#rest.length < pageSize) return;
      this.#give(pages, this.#rest);
    }
    for (; at + pageSize <= piece.length; at += pageSize)
      this.#give(pages, piece.subarray(at, at + pageSize));
    this.#rest = Buffer.from(piece.subarray(at));
  }

  #give({ headers, schema }: Pages, bytes: Buffer): void {
    const page = this.#next++;
    if (page > headers.count) return;
    headers.take(page, bytes);
    schema.see(page, bytes);
  }

  /** @throws StemmaError `archive-damaged` where nothing came */
  finish(): Pages {
    if (this.#pages !== null) return this.#pages;
    throw archiveDamaged('db.sqlite3', 'its db.sqlite3 is not an SQLite database');
  }
}

function rootOf(rows: readonly SchemaRowWithRoot[], name: string): number {
  const found = rows.filter((row) => row.type === 'table' && row.name === name);
  if (found.length !== 1 || found[0] === undefined)
    throw archiveDamaged('db.sqlite3', `its database has the table “${name}” twice`);
  return found[0].root;
}

/** @param seen pages that belong to a table already: no page belongs to two */
function countTable(headers: PageHeaders, root: number, name: string, seen: Uint8Array): number {
  let rows = 0;
  const todo = [root];
  for (let number = todo.pop(); number !== undefined; number = todo.pop()) {
    const page = headers.page(number);
    if (page.kind === 'other' || seen[number] !== 0)
      throw archiveDamaged('db.sqlite3', `the pages of its table “${name}” are broken`);
    seen[number] = 1;
    if (page.kind === 'leaf') rows += page.rows;
    else for (const child of page.children) todo.push(child);
  }
  return rows;
}
