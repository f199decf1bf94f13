import type Database from 'better-sqlite3';
import { Lru } from '#shared/base/lru.ts';
import type { SlowQuery } from '../read-api.ts';
import { addWordsFunction } from './words-function.ts';

export type Param = string | number | null;

/** What the database can do for a reader. */
export interface SessionTraits {
  /** Profiles have a search index, archives have none. */
  readonly hasSearchIndex: boolean;
  /** An archive whose nodes have `ctime_key`, by which they stand in an index in the order of time. */
  readonly hasTimeKey?: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Queries slower than that are kept for the Diagnostics page (Signal's limit). */
const slowMs = 40;
const mostSlow = 100;

/** One connection that reads: compiled statements, one state of the database for each question, slow queries. */
export class ReadSession {
  readonly traits: SessionTraits;
  readonly #db: Database.Database;
  readonly #statements = new Lru<string, Database.Statement<Param[]>>(200);
  readonly #slow: SlowQuery[] = [];

  constructor(db: Database.Database, traits: SessionTraits) {
    this.#db = db;
    this.traits = traits;
    if (traits.hasSearchIndex) addWordsFunction(db);
  }

  all<Row>(sql: string, ...params: readonly Param[]): readonly Row[] {
    return this.#timed(sql, (statement) => statement.raw(false).all(...params) as Row[]);
  }

  get<Row>(sql: string, ...params: readonly Param[]): Row | undefined {
    return this.#timed(sql, (statement) => statement.raw(false).get(...params) as Row | undefined);
  }

  /** The first column of each row. */
  column<Value>(sql: string, ...params: readonly Param[]): readonly Value[] {
    return this.#timed(sql, (statement) =>
      statement
        .raw(true)
        .all(...params)
        .map((row) => (row as readonly Value[])[0] as Value),
    );
  }

  /** The first column of the first row. */
  value<Value>(sql: string, ...params: readonly Param[]): Value | undefined {
    return this.#timed(
      sql,
      (statement) => (statement.raw(true).get(...params) as readonly Value[] | undefined)?.[0],
    );
  }

  /** Rows as arrays, for columns of numbers. */
  raw<Row extends readonly Param[]>(sql: string, ...params: readonly Param[]): readonly Row[] {
    return this.#timed(sql, (statement) => statement.raw(true).all(...params) as unknown as Row[]);
  }

  close(): void {
    this.#db.close();
  }

  pragma(name: string): readonly object[] {
    return this.#db.pragma(name) as readonly object[];
  }

  /** Another number after another connection has written. */
  get version(): unknown {
    return this.#db.pragma('data_version', { simple: true });
  }

  /** Everything that `work` reads is of one moment. */
  snapshot<T>(work: () => T): T {
    this.#db.exec('BEGIN');
    try {
      return work();
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  takeSlow(): readonly SlowQuery[] {
    return this.#slow.splice(0);
  }

  #timed<T>(sql: string, run: (statement: Database.Statement<Param[]>) => T): T {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare<Param[]>(sql);
      this.#statements.set(sql, statement);
    }
    const started = performance.now();
    const result = run(statement);
    const ms = performance.now() - started;
    if (ms > slowMs && this.#slow.length < mostSlow) {
      this.#slow.push({ time: this.traits.now(), ms, sql: sql.replaceAll(/\s+/g, ' ').trim() });
    }
    return result;
  }
}
