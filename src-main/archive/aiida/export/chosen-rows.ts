import type Database from 'better-sqlite3';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';

/** How the rows of one table of the archive are read from the profile. */
export interface ChosenRows {
  /** Temporary table or view with the `id` of each row to take. */
  readonly chosen: string;
  /** Table and columns of the archive; the first column is `id`, by which pages go on. */
  readonly target: string;
  readonly columns: readonly string[];
  /** Table and columns of the profile. */
  readonly source: string;
  readonly from: readonly string[];
  /** Columns of the archive with times: microseconds here, text there. */
  readonly times: readonly string[];
}

const same = (...columns: readonly string[]): Pick<ChosenRows, 'columns' | 'from'> => ({
  columns,
  from: columns,
});

/** In the order in which they refer to each other. */
export const chosenRows = [
  {
    chosen: 'chosen_users',
    target: 'db_dbuser',
    source: 'users',
    ...same('id', 'email', 'first_name', 'last_name', 'institution'),
    times: [],
  },
  {
    chosen: 'chosen_computers',
    target: 'db_dbcomputer',
    source: 'computers',
    ...same('id', 'uuid', 'label', 'hostname', 'description', 'scheduler_type', 'transport_type', 'metadata'),
    times: [],
  },
  {
    chosen: 'chosen_groups',
    target: 'db_dbgroup',
    source: 'groups',
    ...same('id', 'uuid', 'label', 'type_string', 'time', 'description', 'extras', 'user_id'),
    times: ['time'],
  },
  {
    chosen: 'chosen',
    target: 'db_dbnode',
    source: 'nodes',
    columns: [
      'id',
      'uuid',
      'node_type',
      'process_type',
      'label',
      'description',
      'ctime',
      'mtime',
      'attributes',
      'extras',
      'repository_metadata',
      'dbcomputer_id',
      'user_id',
    ],
    from: [
      'id',
      'uuid',
      'node_type',
      'process_type',
      'label',
      'description',
      'ctime',
      'mtime',
      'attributes',
      'extras',
      'repository_metadata',
      'computer_id',
      'user_id',
    ],
    times: ['ctime', 'mtime'],
  },
  {
    chosen: 'chosen_comments',
    target: 'db_dbcomment',
    source: 'comments',
    columns: ['id', 'uuid', 'dbnode_id', 'ctime', 'mtime', 'user_id', 'content'],
    from: ['id', 'uuid', 'node_id', 'ctime', 'mtime', 'user_id', 'content'],
    times: ['ctime', 'mtime'],
  },
  {
    chosen: 'chosen_logs',
    target: 'db_dblog',
    source: 'logs',
    columns: ['id', 'uuid', 'time', 'loggername', 'levelname', 'dbnode_id', 'message', 'metadata'],
    from: ['id', 'uuid', 'time', 'logger', 'level', 'node_id', 'message', 'metadata'],
    times: ['time'],
  },
  {
    chosen: 'chosen_links',
    target: 'db_dblink',
    source: 'links',
    columns: ['id', 'input_id', 'output_id', 'label', 'type'],
    from: ['id', 'source_id', 'target_id', 'label', 'type'],
    times: [],
  },
  {
    chosen: 'chosen_members',
    target: 'db_dbgroup_dbnodes',
    // a membership has no id of its own in a profile: it gets one here
    source: 'chosen_members',
    columns: ['id', 'dbgroup_id', 'dbnode_id'],
    from: ['id', 'group_id', 'node_id'],
    times: [],
  },
] as const satisfies readonly ChosenRows[];

export type ArchiveTable = (typeof chosenRows)[number]['target'];
export type ChosenTable = (typeof chosenRows)[number]['chosen'];

/** Reads the next rows after one id; takes the id, and how many. */
export const pageSql = ({ chosen, source, from }: ChosenRows): string =>
  `SELECT ${from.map((column) => `x.${column}`).join(', ')} FROM ${chosen} AS c CROSS JOIN ${source} AS x ON x.id = c.id
   WHERE c.id > ? ORDER BY c.id LIMIT ?`;

/**
 * Links between nodes that both leave. The plus keeps SQLite from the index of targets, by which it would go through all
 * of `chosen` for each of its nodes.
 */
export const takeLinks = `INSERT INTO chosen_links
  SELECT l.id FROM chosen AS c CROSS JOIN links AS l ON l.source_id = c.id
  WHERE +l.target_id IN (SELECT id FROM chosen)`;

/** Takes all rows of a table of the profile, as a view: a list of them would be as long as the table. */
export const chooseAll = (db: Database.Database, chosen: ChosenTable, table: string): void =>
  void db.exec(`CREATE TEMP VIEW ${chosen} AS SELECT id FROM main.${table}`);

/**
 * Fills the temporary tables of what belongs to the nodes in `chosen` and the groups in `chosen_groups`. A whole
 * profile takes all users and computers along; a selection only those that it refers to.
 */
export function gatherRows(db: Database.Database, selection: ExportSelection): void {
  db.exec(`
    CREATE TEMP TABLE chosen_members (id INTEGER PRIMARY KEY, group_id INTEGER, node_id INTEGER);
    INSERT INTO chosen_members (group_id, node_id)
      SELECT m.group_id, m.node_id FROM chosen_groups AS g CROSS JOIN group_nodes AS m ON m.group_id = g.id
      CROSS JOIN chosen AS c ON c.id = m.node_id ORDER BY m.group_id, m.node_id;`);
  const { comments, logs } = selection;
  const tables = { users: true, computers: true, links: true, comments, logs };
  for (const [table, wanted] of Object.entries(tables)) {
    const chosen = `chosen_${table}` as ChosenTable;
    if (wanted && selection.what.kind === 'all') chooseAll(db, chosen, table);
    else db.exec(`CREATE TEMP TABLE ${chosen} (id INTEGER PRIMARY KEY)`);
  }
  if (selection.what.kind !== 'all') gatherSome(db, { comments, logs });
}

function gatherSome(db: Database.Database, hanging: Pick<ExportSelection, 'comments' | 'logs'>): void {
  db.exec(takeLinks);
  for (const [table, wanted] of Object.entries(hanging)) {
    if (!wanted) continue;
    db.exec(
      `INSERT INTO chosen_${table} SELECT x.id FROM chosen AS c CROSS JOIN ${table} AS x ON x.node_id = c.id`,
    );
  }
  db.exec(`
    INSERT OR IGNORE INTO chosen_computers
      SELECT n.computer_id FROM chosen AS c CROSS JOIN nodes AS n ON n.id = c.id WHERE n.computer_id IS NOT NULL;
    INSERT OR IGNORE INTO chosen_users
      SELECT n.user_id FROM chosen AS c CROSS JOIN nodes AS n ON n.id = c.id
      UNION SELECT user_id FROM groups WHERE id IN (SELECT id FROM chosen_groups)
      UNION SELECT user_id FROM comments WHERE id IN (SELECT id FROM chosen_comments)`);
}

/** Rows that leave, of one table; only after `gatherRows` on the same connection. */
export function chosenCount(db: Database.Database, table: ChosenTable): number {
  return db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
}
