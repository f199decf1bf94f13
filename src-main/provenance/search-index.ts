import type Database from 'better-sqlite3';
import { indexedText, longestAttributes } from './search-words.ts';

interface Row {
  readonly id: number;
  readonly label: string;
  readonly description: string;
  readonly nodeType: string;
  readonly processType: string | null;
  readonly processLabel: string | null;
  readonly attributes: string | null;
}

/** What of a node is looked at to find its words. The attributes of an open process change too often. */
export const searchColumns = (node: string): string =>
  `${node}.id, ${node}.label, ${node}.description, ${node}.node_type AS nodeType,
   ${node}.process_type AS processType, ${node}.process_label AS processLabel,
   CASE WHEN ${node}.sealed = 1 AND octet_length(${node}.attributes) <= ${longestAttributes}
     THEN ${node}.attributes END AS attributes`;

/**
 * Keeps the search index behind the nodes, in slices, so that no write pays for it. Each slice is a transaction of its
 * own, or part of the one that is open on this connection.
 */
export class SearchIndex {
  readonly #db: Database.Database;
  readonly #next: Database.Statement<[number, number], Row>;
  readonly #queued: Database.Statement<[number], Row>;
  readonly #insert: Database.Statement<[number, string]>;
  readonly #remove: Database.Statement<[number]>;
  readonly #unqueue: Database.Statement<[number]>;
  readonly #state: Database.Statement<[], number>;
  readonly #setState: Database.Statement<[number]>;
  readonly #waiting: Database.Statement<[], number>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#next = db.prepare(
      `SELECT ${searchColumns('n')} FROM nodes AS n WHERE n.id > ? ORDER BY n.id LIMIT ?`,
    );
    this.#queued = db.prepare(
      `SELECT ${searchColumns('n')} FROM search_queue AS q CROSS JOIN nodes AS n ON n.id = q.node_id ORDER BY q.node_id LIMIT ?`,
    );
    this.#insert = db.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)');
    this.#remove = db.prepare('DELETE FROM search WHERE rowid = ?');
    this.#unqueue = db.prepare('DELETE FROM search_queue WHERE node_id = ?');
    this.#state = db.prepare<[], number>('SELECT indexed_to FROM search_state WHERE id = 1').pluck();
    this.#setState = db.prepare('UPDATE search_state SET indexed_to = ? WHERE id = 1');
    this.#waiting = db
      .prepare<[], number>(
        `SELECT EXISTS (SELECT 1 FROM search_queue)
           OR EXISTS (SELECT 1 FROM nodes WHERE id > (SELECT indexed_to FROM search_state WHERE id = 1))`,
      )
      .pluck();
  }

  get isBehind(): boolean {
    return this.#waiting.get() === 1;
  }

  /** Indexes up to `count` nodes. @returns whether there may be more */
  slice(count = 50): boolean {
    if (!this.isBehind) return false;
    if (this.#db.inTransaction) return this.#index(count);
    // Before anything is read: another connection may be indexing the same nodes.
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const more = this.#index(count);
      this.#db.exec('COMMIT');
      return more;
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #index(count: number): boolean {
    const changed = this.#queued.all(count);
    for (const row of changed) {
      this.#remove.run(row.id);
      this.#insert.run(row.id, indexedText(row));
      this.#unqueue.run(row.id);
    }
    const fresh = this.#next.all(this.#state.get() ?? 0, count - changed.length);
    for (const row of fresh) this.#insert.run(row.id, indexedText(row));
    const last = fresh.at(-1);
    if (last !== undefined) this.#setState.run(last.id);
    return changed.length + fresh.length === count;
  }
}

/** Indexes everything that is not yet, inside the transaction that is open: for an import, which writes anyway. */
export function indexForSearch(db: Database.Database): void {
  const index = new SearchIndex(db);
  while (index.slice(500)) {
    // slice by slice, so that the words of a million nodes are not in memory at once
  }
}
