import { archiveDamaged } from '../container/archive-errors.ts';
import { headerBytes, type DatabaseHeader } from '../foreign/database-header.ts';
import type { SchemaRow } from '../foreign/schema-check.ts';

/** A row of `sqlite_schema` with the page where its table or index begins. */
export interface SchemaRowWithRoot extends SchemaRow {
  readonly root: number;
}

type Role = 'tree' | 'overflow';

/** More than any archive of any version has by far; together some MB. */
const mostPages = 4096;

const broken = (): Error => archiveDamaged('db.sqlite3', 'the list of its tables is broken');

/**
 * Keeps the pages of the schema while the database goes by: the tree that begins on page 1, and what its long rows go on
 * with. Every page names those that come next, so one that names a page that has gone by already leaves the schema
 * incomplete: whoever asks must read it in another way.
 */
export class SchemaPages {
  readonly #header: DatabaseHeader;
  readonly #wanted = new Map<number, Role>([[1, 'tree']]);
  readonly #pages = new Map<number, Buffer>();
  #at = 0;
  #isComplete = true;

  constructor(header: DatabaseHeader) {
    this.#header = header;
  }

  /** Whether all of it has been seen. */
  get isComplete(): boolean {
    return this.#isComplete && this.#wanted.size === 0;
  }

  /** @throws StemmaError `archive-damaged` */
  see(page: number, bytes: Buffer): void {
    this.#at = page;
    const role = this.#wanted.get(page);
    if (role === undefined) return;
    this.#wanted.delete(page);
    const kept = Buffer.from(bytes);
    this.#pages.set(page, kept);
    if (this.#pages.size > mostPages) throw broken();
    if (role === 'overflow') return this.#want(kept.readUInt32BE(0), 'overflow');
    if (kindOf(page, kept) === 'interior')
      for (const child of childrenOf(page, kept)) this.#want(child, 'tree');
    else for (const cell of cellsOf(page, kept, this.#header.usable)) this.#want(cell.overflow, 'overflow');
  }

  #want(page: number, role: Role): void {
    if (page === 0 && role === 'overflow') return;
    if (page > this.#at) this.#wanted.set(page, role);
    else this.#isComplete = false;
  }

  /** @throws StemmaError `archive-damaged` */
  rows(): readonly SchemaRowWithRoot[] {
    return [...this.#leaves(1, new Set())].map((payload) => readSchemaRow(payload));
  }

  *#leaves(page: number, seen: Set<number>): Generator<Buffer> {
    const bytes = this.#pages.get(page);
    if (bytes === undefined || seen.has(page)) throw broken();
    seen.add(page);
    if (kindOf(page, bytes) === 'interior') {
      for (const child of childrenOf(page, bytes)) yield* this.#leaves(child, seen);
      return;
    }
    for (const cell of cellsOf(page, bytes, this.#header.usable)) yield this.#whole(cell);
  }

  #whole({ local, length, overflow }: Cell): Buffer {
    const pieces = [local];
    let have = local.length;
    for (let page = overflow; have < length;) {
      const bytes = this.#pages.get(page);
      if (bytes === undefined) throw broken();
      const piece = bytes.subarray(4, Math.min(this.#header.usable, 4 + length - have));
      pieces.push(piece);
      have += piece.length;
      page = bytes.readUInt32BE(0);
    }
    return Buffer.concat(pieces);
  }
}

function kindOf(page: number, bytes: Buffer): 'interior' | 'leaf' {
  const kind = bytes[startOf(page)];
  if (kind === 0x05) return 'interior';
  if (kind === 0x0d) return 'leaf';
  throw broken();
}

const startOf = (page: number): number => (page === 1 ? headerBytes : 0);

function* childrenOf(page: number, bytes: Buffer): Generator<number> {
  const start = startOf(page);
  for (const at of placesOf(bytes, start, 12)) yield inside(bytes, at, 4).readUInt32BE(0);
  yield bytes.readUInt32BE(start + 8);
}

function* placesOf(bytes: Buffer, start: number, headerLength: number): Generator<number> {
  const cells = bytes.readUInt16BE(start + 3);
  const places = inside(bytes, start + headerLength, cells * 2);
  for (let i = 0; i < cells; i++) yield places.readUInt16BE(i * 2);
}

function inside(bytes: Buffer, at: number, length: number): Buffer {
  if (at + length > bytes.length) throw broken();
  return bytes.subarray(at, at + length);
}

interface Cell {
  /** What of the row lies on its page. */
  readonly local: Buffer;
  /** Bytes of the whole row. */
  readonly length: number;
  /** Where it goes on; 0 where it does not. */
  readonly overflow: number;
}

/** A row beyond this is none of a schema that could be let pass. */
const longestRow = 100_000;

/** The rows on a leaf, and how much of each lies there (sqlite.org/fileformat2.html, 1.6). */
function* cellsOf(page: number, bytes: Buffer, usable: number): Generator<Cell> {
  for (const place of placesOf(bytes, startOf(page), 8)) {
    const payload = varint(bytes, place);
    const rowid = varint(bytes, payload.end);
    const length = payload.value;
    if (length > longestRow) throw broken();
    const most = usable - 35;
    if (length <= most) {
      yield { local: inside(bytes, rowid.end, length), length, overflow: 0 };
      continue;
    }
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const fitting = least + ((length - least) % (usable - 4));
    const here = fitting <= most ? fitting : least;
    const whole = inside(bytes, rowid.end, here + 4);
    yield { local: whole.subarray(0, here), length, overflow: whole.readUInt32BE(here) };
  }
}

interface Varint {
  readonly value: number;
  /** Where the next thing begins. */
  readonly end: number;
}

/** Big-endian, seven bits a byte, and eight of the ninth. Beyond 2^53 it is not exact, and too large for all uses here. */
function varint(bytes: Buffer, at: number): Varint {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw broken();
    if (i === 8) return { value: value * 256 + byte, end: at + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  throw broken();
}

type Value = string | number | null;

const integerSizes = [0, 1, 2, 3, 4, 6, 8] as const;

/** The record format (2.1): type, name, tbl_name, rootpage, sql. */
function readSchemaRow(record: Buffer): SchemaRowWithRoot {
  const head = varint(record, 0);
  const values: Value[] = [];
  let at = head.value;
  for (let type = head.end; type < head.value && values.length < 5;) {
    const { value: code, end } = varint(record, type);
    const length = lengthOf(code);
    const bytes = inside(record, at, length);
    values.push(valueOf(code, bytes));
    at += length;
    type = end;
  }
  const [type, name, table, root, sql] = values;
  const isText = typeof type === 'string' && typeof name === 'string' && typeof table === 'string';
  if (!isText || typeof root !== 'number' || typeof sql === 'number' || values.length < 5) throw broken();
  return { type, name, tbl_name: table, root, sql: sql ?? null };
}

function lengthOf(code: number): number {
  const integer = integerSizes[code];
  if (integer !== undefined) return integer;
  if (code === 8 || code === 9) return 0;
  // a real number or a blob has no place in a schema
  if (code < 13 || code % 2 === 0) throw broken();
  return (code - 13) / 2;
}

function valueOf(code: number, bytes: Buffer): Value {
  if (code === 0) return null;
  if (code === 8 || code === 9) return code - 8;
  if (code >= 13) return bytes.toString('utf8');
  return bytes.length <= 6 ? bytes.readIntBE(0, bytes.length) : Number(bytes.readBigInt64BE(0));
}
