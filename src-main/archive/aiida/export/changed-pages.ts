import type Database from 'better-sqlite3';
import { isProcessType } from '#shared/provenance/node-types.ts';
import { writeTimestamp } from '#shared/provenance/timestamps.ts';
import { pageSql, type ChosenRows } from './chosen-rows.ts';
import { withoutCheckpoints } from './without-checkpoints.ts';

/** Few, so that they are gone before the young generation is full of them. */
const pageRows = 200;

type Row = (string | number | null)[];

/** Changes rows on their way out: gives for a table what changes one of its rows in place. */
export interface ChangeRows {
  of(rows: ChosenRows): (row: Row) => void;
}

/** The rows of one table as they leave, changed, some hundred at a time. */
export function* changedPages(
  profile: Database.Database,
  rows: ChosenRows,
  change: ChangeRows,
): Generator<readonly Row[]> {
  const page = profile.prepare<[number, number]>(pageSql(rows)).raw();
  const times = rows.times.map((column) => rows.columns.indexOf(column));
  const clean = rows.target === 'db_dbnode' ? cleaning(rows.columns) : null;
  const changeRow = change.of(rows);
  for (let after = 0; ;) {
    const found = page.all(after, pageRows) as Row[];
    for (const row of found) {
      after = row[0] as number;
      for (const at of times) row[at] = writeTimestamp(row[at] as number);
      clean?.(row);
      changeRow(row);
    }
    if (found.length > 0) yield found;
    if (found.length < pageRows) return;
  }
}

function cleaning(columns: readonly string[]): (row: Row) => void {
  const [type, attributes] = [columns.indexOf('node_type'), columns.indexOf('attributes')];
  return (row) => {
    if (isProcessType(row[type] as string)) row[attributes] = withoutCheckpoints(row[attributes] as string);
  };
}
