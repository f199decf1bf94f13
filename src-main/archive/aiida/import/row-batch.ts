import type Database from 'better-sqlite3';

/**
 * Rows of one statement. A statement that fires triggers keeps copies of the pages it changes until it ends: with 32 rows
 * each link costs half of what it costs alone, a node three quarters, and with more nothing is won.
 */
const mostRows = 32;
/** Characters of the texts in one statement, so that no large values are collected. */
const mostText = 1 << 18;

type Value = string | number | null | undefined;

/** Where rows go, and what is done with them. */
export interface BatchOf<Row> {
  readonly db: Database.Database;
  /** What stands before `VALUES`: `INSERT INTO logs (uuid, …)`. */
  readonly insert: string;
  readonly columns: number;
  /** The values of a row, one for each column. */
  values(row: Row): readonly Value[];
  /**
   * A row is in the table. `id` holds where the table gives them by itself: in one transaction, where nobody else writes,
   * the rows of a statement get ids that follow each other (sqlite.org/autoinc.html).
   */
  came?(row: Row, id: number): void;
  /**
   * A row is among some of which one was refused, of which none is in the table now: it is stored alone, or told what is
   * wrong with it.
   */
  alone(row: Row): void;
}

/** Collects rows and inserts many with one statement. `flush` after the last one, and before the table is read. */
export class RowBatch<Row> {
  readonly #of: BatchOf<Row>;
  readonly #full: Database.Statement<[Value[]]>;
  #rows: Row[] = [];
  #values: Value[] = [];
  #text = 0;

  constructor(of: BatchOf<Row>) {
    this.#of = of;
    this.#full = statementOf(of, mostRows);
  }

  add(row: Row): void {
    this.#rows.push(row);
    for (const value of this.#of.values(row)) {
      this.#values.push(value);
      if (typeof value === 'string') this.#text += value.length;
    }
    if (this.#rows.length === mostRows || this.#text > mostText) this.flush();
  }

  /** @throws what SQLite throws, but for constraints, which `alone` meets again */
  flush(): void {
    const [rows, values] = [this.#rows, this.#values];
    if (rows.length === 0) return;
    this.#rows = [];
    this.#values = [];
    this.#text = 0;
    const statement = rows.length === mostRows ? this.#full : statementOf(this.#of, rows.length);
    let last: number;
    try {
      last = Number(statement.run(values).lastInsertRowid);
    } catch (error) {
      if (!isConstraint(error)) throw error;
      for (const row of rows) this.#of.alone(row);
      return;
    }
    for (const [i, row] of rows.entries()) this.#of.came?.(row, last - rows.length + 1 + i);
  }
}

function statementOf<Row>(
  { db, insert, columns }: BatchOf<Row>,
  rows: number,
): Database.Statement<[Value[]]> {
  const row = `(${Array(columns).fill('?').join(', ')})`;
  return db.prepare<[Value[]]>(`${insert} VALUES ${Array(rows).fill(row).join(', ')}`);
}

/** Whether a constraint or a trigger refused a row. */
export const isConstraint = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT');
