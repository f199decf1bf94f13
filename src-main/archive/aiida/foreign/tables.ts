/**
 * The tables of an archive's database (aiida-core 2.0 and later, `storage/sqlite_zip/models.py`) and the columns that
 * are read, always by name: early files have them in other orders, and without constraints.
 */
export const foreignTables = {
  users: { name: 'db_dbuser', columns: ['id', 'email', 'first_name', 'last_name', 'institution'] },
  computers: {
    name: 'db_dbcomputer',
    columns: [
      'id',
      'uuid',
      'label',
      'hostname',
      'description',
      'scheduler_type',
      'transport_type',
      'metadata',
    ],
  },
  groups: {
    name: 'db_dbgroup',
    columns: ['id', 'uuid', 'label', 'type_string', 'time', 'description', 'extras', 'user_id'],
  },
  nodes: {
    name: 'db_dbnode',
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
  },
  /** The nodes again, without what is large: to see which files they name. */
  nodeFiles: { name: 'db_dbnode', columns: ['id', 'uuid', 'repository_metadata'] },
  links: { name: 'db_dblink', columns: ['id', 'input_id', 'output_id', 'label', 'type'] },
  groupNodes: { name: 'db_dbgroup_dbnodes', columns: ['id', 'dbgroup_id', 'dbnode_id'] },
  comments: {
    name: 'db_dbcomment',
    columns: ['id', 'uuid', 'dbnode_id', 'ctime', 'mtime', 'user_id', 'content'],
  },
  logs: {
    name: 'db_dblog',
    columns: ['id', 'uuid', 'time', 'loggername', 'levelname', 'dbnode_id', 'message', 'metadata'],
  },
  authInfos: {
    name: 'db_dbauthinfo',
    columns: ['id', 'aiidauser_id', 'dbcomputer_id', 'metadata', 'auth_params', 'enabled'],
  },
} as const;

export type ForeignTable = keyof typeof foreignTables;

export const foreignTableNames = Object.keys(foreignTables) as readonly ForeignTable[];

export type ForeignCounts = Readonly<Record<ForeignTable, number>>;

/** A cell as SQLite gives it. */
export type Cell = string | number | null | Uint8Array;
