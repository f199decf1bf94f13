import type Database from 'better-sqlite3';
import { displayState, exitStatus, isProcess } from '../migrations/0001-first/expressions.ts';

/** A column of ours, and what it is made of when the column of the archive is there. */
interface ColumnView {
  readonly ours: string;
  readonly theirs: string;
  /** SQL on the column, which is called `@` here; the column itself by default, so that its index serves. */
  readonly as?: string;
  /** Where an early archive has no such column. */
  readonly missing?: string;
}

const text = (ours: string, theirs = ours): ColumnView => ({
  ours,
  theirs,
  as: `ifnull(CAST(@ AS TEXT), '')`,
  missing: `''`,
});

const plain = (ours: string, theirs = ours, missing = 'NULL'): ColumnView => ({ ours, theirs, missing });

/** A text that is no JSON would end every query that looks into it; it is shown as an empty object instead. */
const json = (ours: string, theirs = ours): ColumnView => ({
  ours,
  theirs,
  as: `CASE WHEN json_valid(@) THEN CAST(@ AS TEXT) ELSE '{}' END`,
  missing: `'{}'`,
});

/** `YYYY-MM-DD HH:MM:SS.ffffff` to microseconds since 1970. */
const time = (ours: string): ColumnView => ({
  ours,
  theirs: ours,
  as: `ifnull(unixepoch(substr(@, 1, 19)), 0) * 1000000 + ifnull(CAST(substr(@ || '000000', 21, 6) AS INTEGER), 0)`,
  missing: '0',
});

const views: Readonly<Record<string, { readonly table: string; readonly columns: readonly ColumnView[] }>> = {
  users: {
    table: 'db_dbuser',
    columns: [plain('id'), text('email'), text('first_name'), text('last_name'), text('institution')],
  },
  computers: {
    table: 'db_dbcomputer',
    columns: [
      plain('id'),
      plain('uuid'),
      text('label'),
      text('hostname'),
      text('description'),
      text('scheduler_type'),
      text('transport_type'),
      json('metadata'),
    ],
  },
  node_rows: {
    table: 'db_dbnode',
    columns: [
      plain('id'),
      plain('uuid'),
      plain('node_type', 'node_type', `''`),
      plain('process_type'),
      text('label'),
      text('description'),
      time('ctime'),
      // as it stands there, so that the archive's index serves; for the order alone
      plain('ctime_key', 'ctime'),
      time('mtime'),
      json('attributes'),
      json('extras'),
      json('repository_metadata'),
      plain('computer_id', 'dbcomputer_id'),
      plain('user_id'),
    ],
  },
  links: {
    table: 'db_dblink',
    columns: [
      plain('id'),
      plain('source_id', 'input_id'),
      plain('target_id', 'output_id'),
      plain('type'),
      text('label'),
    ],
  },
  groups: {
    table: 'db_dbgroup',
    columns: [
      plain('id'),
      plain('uuid'),
      text('label'),
      text('type_string'),
      time('time'),
      text('description'),
      json('extras'),
      plain('user_id'),
    ],
  },
  group_nodes: {
    table: 'db_dbgroup_dbnodes',
    columns: [plain('group_id', 'dbgroup_id'), plain('node_id', 'dbnode_id')],
  },
  comments: {
    table: 'db_dbcomment',
    columns: [
      plain('id'),
      plain('uuid'),
      plain('node_id', 'dbnode_id'),
      time('ctime'),
      time('mtime'),
      plain('user_id'),
      text('content'),
    ],
  },
  logs: {
    table: 'db_dblog',
    columns: [
      plain('id'),
      plain('uuid'),
      time('time'),
      text('logger', 'loggername'),
      text('level', 'levelname'),
      plain('node_id', 'dbnode_id'),
      text('message'),
      json('metadata'),
    ],
  },
};

/** What the engine and we ourselves keep in a profile; an archive has none of it. */
const emptyTables: Readonly<Record<string, string>> = {
  authinfos: 'NULL AS id, NULL AS user_id, NULL AS computer_id, NULL AS enabled',
  runs: 'NULL AS process_id, NULL AS state',
  effects: 'NULL AS key, NULL AS process_id',
  journal: 'NULL AS id, NULL AS process_id, NULL AS time, NULL AS event',
  workflow_steps: 'NULL AS process_id, NULL AS label, NULL AS record',
};

const process = (expression: string): string => `CASE WHEN ${isProcess} THEN ${expression} END`;

/**
 * Shows the database of an archive under the names of our tables, by views of this connection alone: the file stays as
 * it is, and one set of queries serves both. Keys keep their columns, so that the archive's indexes are used.
 */
export function showAsProfile(db: Database.Database): void {
  for (const [name, { table, columns }] of Object.entries(views)) {
    const there = new Set(
      db
        .prepare<[string], { readonly name: string }>('SELECT name FROM pragma_table_info(?)')
        .all(table)
        .map((column) => column.name.toLowerCase()),
    );
    const selected = columns.map(({ ours, theirs, as = '@', missing = 'NULL' }) => {
      const expression = there.has(theirs) ? as.replaceAll('@', `t."${theirs}"`) : missing;
      return `${expression} AS ${ours}`;
    });
    db.exec(`CREATE TEMP VIEW ${name} AS SELECT ${selected.join(', ')} FROM ${table} AS t`);
  }
  db.exec(`CREATE TEMP VIEW nodes AS SELECT *,
    ${isProcess} AS is_process,
    ${process(`json_extract(attributes, '$.process_state')`)} AS process_state,
    ${process(`json_extract(attributes, '$.process_label')`)} AS process_label,
    ${process(exitStatus)} AS exit_status,
    ${process(displayState)} AS display_state,
    ${isProcess} = 0 OR json_extract(attributes, '$.sealed') IS 1 AS sealed
    FROM node_rows`);
  for (const [name, columns] of Object.entries(emptyTables)) {
    db.exec(`CREATE TEMP VIEW ${name} AS SELECT ${columns} WHERE 0`);
  }
  db.exec(`CREATE TEMP VIEW counters AS SELECT 'deletions' AS name, 0 AS value`);
}
