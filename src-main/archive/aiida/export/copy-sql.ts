import type Database from 'better-sqlite3';
import { inArchive } from './attached-archive.ts';
import type { ChosenRows } from './chosen-rows.ts';
import { timestampSql } from './timestamp-sql.ts';
import { withoutCheckpoints } from './without-checkpoints.ts';

const cut = 'without_checkpoints';

/** What {@link copySql} calls. */
export function addCheckpointsFunction(db: Database.Database): void {
  db.function(cut, { deterministic: true, directOnly: true }, (text) => withoutCheckpoints(String(text)));
}

/** Copies the rows of a table into the attached archive, all of them within SQLite; takes the first and the last id. */
export const copySql = (rows: ChosenRows): string =>
  `INSERT INTO ${inArchive(rows.target)} (${rows.columns.join(', ')})
   SELECT ${rows.from.map((_name, i) => leaving(rows, i)).join(', ')}
   FROM ${rows.chosen} AS c CROSS JOIN ${rows.source} AS x ON x.id = c.id
   WHERE c.id BETWEEN ? AND ? ORDER BY c.id`;

function leaving({ target, columns, from, times }: ChosenRows, at: number): string {
  const [here, there] = [`x.${from[at] ?? ''}`, columns[at] ?? ''];
  if (times.includes(there)) return timestampSql(here);
  if (target !== 'db_dbnode' || there !== 'attributes') return here;
  // only where there may be some is the text handed to us
  return `CASE WHEN substr(x.node_type, 1, 8) = 'process.' AND instr(${here}, '"checkpoints"')
    THEN ${cut}(${here}) ELSE ${here} END`;
}
