import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';

/** A digest of all rows of each table. */
export type ProfileState = ReadonlyMap<string, string>;

/** Everything that the database of a profile holds, but for the index of words, which follows by itself. */
export function profileState(file: string): ProfileState {
  const db = new Database(file, { readonly: true });
  try {
    const tables = db
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'`)
      .pluck()
      .all() as string[];
    return new Map(
      tables
        .filter((name) => !/^(sqlite_|search)/.test(name))
        .map((name) => {
          const digest = createHash('sha256');
          let rows = 0;
          for (const row of db.prepare(`SELECT * FROM "${name}"`).raw().safeIntegers().iterate() as Iterable<
            unknown[]
          >) {
            rows++;
            for (const cell of row) digest.update(`\0${typeof cell} `).update(bytesOf(cell));
          }
          return [name, `${rows} rows ${digest.digest('hex').slice(0, 8)}`];
        }),
    );
  } finally {
    db.close();
  }
}

const bytesOf = (cell: unknown): string | Buffer => (Buffer.isBuffer(cell) ? cell : String(cell));

/** @returns null where nothing has changed */
export function changesBetween(before: ProfileState, after: ProfileState): string | null {
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  return changed.length === 0
    ? null
    : changed
        .map((name) => `${name}: ${before.get(name) ?? 'none'} → ${after.get(name) ?? 'none'}`)
        .join('; ');
}
