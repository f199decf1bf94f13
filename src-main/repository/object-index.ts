import Database from 'better-sqlite3';
import { toHex } from '#shared/base/bytes.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';

const schema = `
CREATE TABLE IF NOT EXISTS contents (
  id INTEGER PRIMARY KEY,
  content BLOB NOT NULL
) STRICT;

-- \`place\` is the row of the content, or NULL where the object is a file
CREATE TABLE IF NOT EXISTS objects (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  size INTEGER NOT NULL CHECK (size >= 0),
  place INTEGER
) STRICT, WITHOUT ROWID;
`;

export interface IndexRow {
  /** Bytes. */
  readonly size: number;
  readonly place: number | null;
}

/** As the index keeps hashes: 32 bytes, half of the text. */
export const keyOf = (hash: ObjectHash): Buffer => Buffer.from(hash, 'hex');

/** The other way; the length was checked by the table. */
export const hashOfKey = (key: Uint8Array): ObjectHash => toHex(key) as ObjectHash;

/** Opens the index; the writer makes it, a reader only looks. */
export function openIndex(file: string, mode: 'writer' | 'reader'): Database.Database {
  const db = new Database(file, { readonly: mode === 'reader', timeout: 10_000 });
  try {
    if (mode === 'writer') {
      db.pragma('page_size = 8192');
      // only heard before the first table: room that is left inside can then be given back part by part
      db.pragma('auto_vacuum = INCREMENTAL');
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.exec(schema);
    }
    db.pragma('cell_size_check = ON');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The statements that read the index; each is made once for a connection. */
export class IndexReader {
  readonly #row: Database.Statement<[Buffer], { size: number; place: number | null }>;
  readonly #content: Database.Statement<[number], Buffer>;

  constructor(db: Database.Database) {
    this.#row = db.prepare('SELECT size, place FROM objects WHERE hash = ?');
    this.#content = db.prepare<[number], Buffer>('SELECT content FROM contents WHERE id = ?').pluck();
  }

  row(hash: ObjectHash): IndexRow | null {
    return this.#row.get(keyOf(hash)) ?? null;
  }

  /** null where the content is gone although the object stands in the index. */
  content(place: number): Buffer | null {
    return this.#content.get(place) ?? null;
  }
}
