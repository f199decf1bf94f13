import { closeSync, openSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { indexes, tables } from './database-schema.ts';

/** The schema by which statements name the database that is written, beside that of the profile. */
const schema = 'archive';

/** The database of an archive while it is written: attached to the connection that reads the profile. */
export class AttachedArchive {
  readonly #db: Database.Database;

  /**
   * Attaches a new file and begins the one moment of the profile that is read.
   * @param keysHold whether whatever a row refers to is known to come along; otherwise each reference is looked up
   */
  constructor(db: Database.Database, file: string, keysHold: boolean) {
    this.#db = db;
    // an empty file is an empty database; the connection makes none by itself
    closeSync(openSync(file, 'wx', 0o600));
    db.prepare(`ATTACH ? AS ${schema}`).run(file);
    db.pragma(`foreign_keys = ${keysHold ? 'OFF' : 'ON'}`);
    db.pragma(`${schema}.page_size = 4096`);
    // a file that nobody else sees and that is of no use when it is incomplete
    db.pragma(`${schema}.journal_mode = OFF`);
    db.pragma(`${schema}.synchronous = OFF`);
    db.pragma(`${schema}.cache_size = -8192`);
    db.exec('BEGIN');
  }

  createTables(): void {
    for (const sql of tables) this.#db.exec(inSchema(sql));
  }

  /** One after the other, for whoever wants to rest in between. */
  *createIndexes(): Generator<number> {
    for (const [i, sql] of indexes.entries()) {
      this.#db.exec(inSchema(sql));
      yield i + 1;
    }
  }

  /** Ends the moment; the file is complete. */
  complete(): void {
    this.#db.exec('COMMIT');
  }

  /** Leaves the file to others; where it is not complete it is of no use. */
  release(): void {
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#db.exec(`DETACH ${schema}`);
    // nothing more is read of the profile: its pages make room for the files
    this.#db.pragma('shrink_memory');
  }
}

/** The text that SQLite stores does not name the schema. */
const inSchema = (sql: string): string => sql.replace(/^CREATE (?:TABLE|INDEX) /, `$&${schema}.`);

/** A table of the archive in statements. */
export const inArchive = (table: string): string => `${schema}.${table}`;
