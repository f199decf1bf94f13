import type Database from 'better-sqlite3';
import type { Progress } from '#shared/contract/common.ts';
import { inArchive, type AttachedArchive } from './attached-archive.ts';
import { chosenCount, chosenRows, type ChosenRows } from './chosen-rows.ts';
import { changedPages, type ChangeRows } from './changed-pages.ts';
import { addCheckpointsFunction, copySql } from './copy-sql.ts';

/** Between two looks at whether it was cancelled; some 20 ms each. */
const idsAtOnce = 5000;
const rowsAtOnce = 2000;

/**
 * Writes the chosen rows of a profile as the database of an archive. Ids stay those of the profile, as AiiDA does it;
 * the text of attributes and extras stays as it is, without checkpoints. SQLite copies the rows by itself, unless they
 * are to be changed.
 */
export async function writeArchiveRows(
  db: Database.Database,
  archive: AttachedArchive,
  change: ChangeRows | null,
  progress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<void> {
  archive.createTables();
  addCheckpointsFunction(db);
  const total = chosenRows.reduce((sum, { chosen }) => sum + chosenCount(db, chosen), 0);
  let done = 0;
  for (const rows of chosenRows) {
    for (const count of change === null ? copied(db, rows) : changed(db, rows, change)) {
      done += count;
      progress({ done, total, unit: 'nodes', words: 'Writing nodes and links' });
      await breathe();
      signal.throwIfAborted();
    }
  }
  for (const _made of archive.createIndexes()) {
    progress({ done, total, unit: 'nodes', words: 'Writing nodes and links' });
    await breathe();
    signal.throwIfAborted();
  }
}

const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** How many rows at a time. */
function* copied(db: Database.Database, rows: ChosenRows): Generator<number> {
  const next = db.prepare<[number], number | null>(`SELECT min(id) FROM ${rows.chosen} WHERE id > ?`).pluck();
  const copy = db.prepare<[number, number]>(copySql(rows));
  for (let first = next.get(0) ?? null; first !== null;) {
    const last = first + idsAtOnce - 1;
    yield copy.run(first, last).changes;
    first = next.get(last) ?? null;
  }
}

function* changed(db: Database.Database, rows: ChosenRows, change: ChangeRows): Generator<number> {
  const { target, columns } = rows;
  const marks = columns.map(() => '?').join(', ');
  const insert = db.prepare(`INSERT INTO ${inArchive(target)} (${columns.join(', ')}) VALUES (${marks})`);
  let count = 0;
  for (const page of changedPages(db, rows, change)) {
    for (const row of page) insert.run(...row);
    count += page.length;
    if (count < rowsAtOnce) continue;
    yield count;
    count = 0;
  }
  yield count;
}
