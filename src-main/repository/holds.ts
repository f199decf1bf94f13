import type Database from 'better-sqlite3';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { keyOf } from './object-index.ts';

/**
 * Objects that somebody has put, or found here, and may be about to name in a row: nobody lets go of them. A thread that
 * works for a while (an import) has a port of its own, and what it held is free when the port has closed, because all
 * that it wanted to name is named by then. The main thread never closes its port: what it has put since the start is
 * held until the profile is closed.
 *
 * In a temporary table, so that a million of them cost no memory.
 */
export class Holds {
  readonly #numbers = new WeakMap<object, number>();
  readonly #insert: Database.Statement<[Buffer, number]>;
  readonly #find: Database.Statement<[Buffer], number>;
  readonly #release: Database.Statement<[number]>;
  readonly #ended: number[] = [];
  #next = 1;
  #collections = 0;

  constructor(db: Database.Database) {
    db.exec(
      `CREATE TEMP TABLE held (hash BLOB NOT NULL, owner INTEGER NOT NULL, PRIMARY KEY (hash, owner)) WITHOUT ROWID;
       CREATE INDEX temp.held_by_owner ON held (owner)`,
    );
    this.#insert = db.prepare('INSERT OR IGNORE INTO temp.held (hash, owner) VALUES (?, ?)');
    this.#find = db.prepare<[Buffer], number>('SELECT 1 FROM temp.held WHERE hash = ? LIMIT 1').pluck();
    this.#release = db.prepare('DELETE FROM temp.held WHERE owner = ?');
  }

  hold(hash: ObjectHash, owner: object): void {
    let number = this.#numbers.get(owner);
    if (number === undefined) {
      number = this.#next++;
      this.#numbers.set(owner, number);
    }
    this.#insert.run(keyOf(hash), number);
  }

  isHeld(hash: ObjectHash): boolean {
    return this.#find.get(keyOf(hash)) !== undefined;
  }

  /** The owner has gone. While names are being collected its holds stay: its row may be too young to be among them. */
  release(owner: object): void {
    const number = this.#numbers.get(owner);
    if (number === undefined) return;
    if (this.#collections > 0) this.#ended.push(number);
    else this.#release.run(number);
  }

  /** From before the names are read until after the last object was let go. */
  beginCollection(): void {
    this.#collections++;
  }

  endCollection(): void {
    this.#collections--;
    if (this.#collections > 0) return;
    for (const number of this.#ended.splice(0)) this.#release.run(number);
  }
}
