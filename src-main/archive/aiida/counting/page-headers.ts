import { archiveDamaged, valueTooLarge } from '../container/archive-errors.ts';
import { headerBytes, readDatabaseHeader, type DatabaseHeader } from '../foreign/database-header.ts';

/** What a page is in the tree of a table (sqlite.org/fileformat2.html, 1.6). */
export type TablePage =
  | { readonly kind: 'leaf'; readonly rows: number }
  | { readonly kind: 'interior'; readonly children: Uint32Array }
  /** Of an index, a long value, free, or broken. */
  | { readonly kind: 'other' };

const interior = 0x05;
const leaf = 0x0d;
/** Bytes of a page's header, of a cell's place, and of the least cell: SQLite takes no page with more cells. */
const mostCells = (pageSize: number): number => Math.floor((pageSize - 8) / 6);

/** 3 bytes are kept of each. With pages of 4 kB that is a database of 270 GB, more than an archive may unpack to. */
const mostPages = 1 << 26;

const other: TablePage = { kind: 'other' };

/**
 * Takes a database as a stream and keeps of each page whether it belongs to a table and how many rows it has: enough to
 * count rows without SQLite, without a file and in a few bytes a page. Works on numbers that lie inside of a page and
 * nothing else, so that a stranger's bytes can make it wrong, never harmful.
 */
export class PageHeaders {
  readonly header: DatabaseHeader;
  /** Whole pages of it. */
  readonly count: number;
  readonly #kinds: Uint8Array;
  readonly #rows: Uint16Array;
  readonly #children = new Map<number, Uint32Array>();
  #childrenLeft: number;

  /**
   * @param start the first 100 bytes
   * @param size of the database in bytes
   * @throws StemmaError `archive-damaged`, `archive-unsafe`, `archive-too-large`
   */
  constructor(start: Buffer, size: number) {
    this.header = readDatabaseHeader(start);
    this.count = Math.floor(size / this.header.pageSize);
    if (this.count > mostPages)
      throw valueTooLarge('it has a database', size, mostPages * this.header.pageSize);
    this.#kinds = new Uint8Array(this.count + 1);
    this.#rows = new Uint16Array(this.count + 1);
    // a page has one parent; free ones may still say what they were
    this.#childrenLeft = 2 * this.count + 1024;
  }

  /** @param page its number, from 1 on @param bytes the whole page @throws StemmaError `archive-damaged` */
  take(page: number, bytes: Buffer): void {
    const start = page === 1 ? headerBytes : 0;
    const kind = bytes[start];
    const cells = bytes.readUInt16BE(start + 3);
    if (cells > mostCells(bytes.length)) return;
    if (kind === leaf) {
      this.#kinds[page] = leaf;
      this.#rows[page] = cells;
    } else if (kind === interior) this.#takeInterior(page, bytes, start, cells);
  }

  #takeInterior(page: number, bytes: Buffer, start: number, cells: number): void {
    this.#childrenLeft -= cells + 1;
    if (this.#childrenLeft < 0)
      throw archiveDamaged('db.sqlite3', 'the pages of its database name more pages than there are');
    const children = new Uint32Array(cells + 1);
    for (let i = 0; i < cells; i++) {
      const cell = bytes.readUInt16BE(start + 12 + 2 * i);
      // a cell begins with its child; one that lies outside makes the page broken
      if (cell + 4 > bytes.length) return;
      children[i] = bytes.readUInt32BE(cell);
    }
    children[cells] = bytes.readUInt32BE(start + 8);
    this.#kinds[page] = interior;
    this.#children.set(page, children);
  }

  page(page: number): TablePage {
    if (this.#kinds[page] === leaf) return { kind: 'leaf', rows: this.#rows[page] ?? 0 };
    const children = this.#children.get(page);
    return children === undefined ? other : { kind: 'interior', children };
  }
}
