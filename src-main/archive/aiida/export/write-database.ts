import Database from 'better-sqlite3';
import type { Progress } from '#shared/contract/common.ts';
import { writeTimestamp } from '#shared/provenance/timestamps.ts';
import { withoutMembers } from '../import/json-text.ts';
import { chosenCount, chosenRows, pageSql, type ChosenRows } from './chosen-rows.ts';
import { indexes, tables } from './database-schema.ts';

/** Few, so that they are gone before the young generation is full of them. */
const pageRows = 200;
/** Between two looks at whether it was cancelled. */
const tellEvery = 2000;

type Row = (string | number | null)[];

/** Changes rows on their way out: gives for a table what changes one of its rows in place. */
export interface ChangeRows {
  of(rows: ChosenRows): (row: Row) => void;
}

/**
 * Writes the chosen rows of a profile as the database of an archive. Ids stay those of the profile, as AiiDA does it;
 * the text of attributes and extras stays as it is, without checkpoints.
 */
export async function writeArchiveDatabase(
  profile: Database.Database,
  file: string,
  change: ChangeRows | null,
  progress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<void> {
  const db = new Database(file);
  try {
    db.pragma('page_size = 4096');
    // a file that nobody else sees and that is of no use when it is incomplete
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.pragma('cache_size = -8192');
    db.exec('BEGIN');
    for (const sql of tables) db.exec(sql);
    const total = chosenRows.reduce((sum, { chosen }) => sum + chosenCount(profile, chosen), 0);
    let [done, told] = [0, 0];
    for (const rows of chosenRows) {
      const insert = inserter(db, rows);
      for (const page of chosenPages(profile, rows, change)) {
        for (const row of page) insert(row);
        done += page.length;
        if (page.length === pageRows && done - told < tellEvery) continue;
        told = done;
        progress({ done, total, unit: 'nodes', words: 'Writing nodes and links' });
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        signal.throwIfAborted();
      }
    }
    for (const sql of indexes) db.exec(sql);
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}

const inserter = (archive: Database.Database, { target, columns }: ChosenRows): ((row: Row) => void) => {
  const marks = columns.map(() => '?').join(', ');
  const insert = archive.prepare(`INSERT INTO ${target} (${columns.join(', ')}) VALUES (${marks})`);
  return (row) => void insert.run(...row);
};

/** The rows of one table as they leave, some hundred at a time. */
export function* chosenPages(
  profile: Database.Database,
  rows: ChosenRows,
  change: ChangeRows | null,
): Generator<readonly Row[]> {
  const page = profile.prepare<[number, number]>(pageSql(rows)).raw();
  const times = rows.times.map((column) => rows.columns.indexOf(column));
  const clean = rows.target === 'db_dbnode' ? withoutCheckpoints(rows.columns) : null;
  const changeRow = change?.of(rows) ?? null;
  for (let after = 0; ;) {
    const found = page.all(after, pageRows) as Row[];
    for (const row of found) {
      after = row[0] as number;
      for (const at of times) row[at] = writeTimestamp(row[at] as number);
      clean?.(row);
      changeRow?.(row);
    }
    if (found.length > 0) yield found;
    if (found.length < pageRows) return;
  }
}

function withoutCheckpoints(columns: readonly string[]): (row: Row) => void {
  const [type, attributes] = [columns.indexOf('node_type'), columns.indexOf('attributes')];
  return (row) => {
    const text = row[attributes] as string;
    if (!(row[type] as string).startsWith('process.') || !text.includes('"checkpoints"')) return;
    row[attributes] = withoutMembers(text, (key) => key === 'checkpoints');
  };
}
