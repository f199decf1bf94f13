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

-- whose content a person has purged: the name and the size stay. An object stands here or in \`objects\`, never in both.
-- While it is \`kept\` its content is only set aside, at the same \`place\`
CREATE TABLE IF NOT EXISTS purged (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  size INTEGER NOT NULL CHECK (size >= 0),
  -- milliseconds since 1970
  time INTEGER NOT NULL,
  kept INTEGER NOT NULL CHECK (kept IN (0, 1)),
  place INTEGER CHECK (kept OR place IS NULL)
) STRICT, WITHOUT ROWID;
`;

/** An object in the index. `place` is the row of its content; null for one that is a file. */
export interface IndexRow {
  /** Bytes. */
  readonly size: number;
  readonly place: number | null;
}

/** An object whose content a person has purged. */
export interface PurgedRow {
  readonly size: number;
  readonly time: number;
  readonly kept: 0 | 1;
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
    // better-sqlite3 has 16 MB for every connection, of which each thread that reads files has one
    db.pragma('cache_size = -4096');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The statements that read the index; each is made once for a connection. */
export class IndexReader {
  readonly #row: Database.Statement<[Uint8Array], { size: number; place: number | null }>;
  readonly #content: Database.Statement<[number], Buffer>;
  readonly #purged: Database.Statement<[Buffer], PurgedRow>;

  constructor(db: Database.Database) {
    this.#row = db.prepare('SELECT size, place FROM objects WHERE hash = ?');
    this.#purged = db.prepare('SELECT size, time, kept, place FROM purged WHERE hash = ?');
    this.#content = db.prepare<[number], Buffer>('SELECT content FROM contents WHERE id = ?').pluck();
  }

  row(hash: ObjectHash): IndexRow | null {
    return this.rowOf(keyOf(hash));
  }

  /** @param key as `keyOf` makes it */
  rowOf(key: Uint8Array): IndexRow | null {
    return this.#row.get(key) ?? null;
  }

  /** null where nobody purged it, and where its content has come again since. */
  purged(hash: ObjectHash): PurgedRow | null {
    return this.#purged.get(keyOf(hash)) ?? null;
  }

  /** Whether the content of an object, of one that is set aside too, is a file of its own. */
  isFile(hash: ObjectHash): boolean {
    const row = this.row(hash);
    if (row !== null) return row.place === null;
    const purged = this.purged(hash);
    return purged !== null && purged.kept === 1 && purged.place === null;
  }

  /** null where the content is gone although the object stands in the index. */
  content(place: number): Buffer | null {
    return this.#content.get(place) ?? null;
  }
}
