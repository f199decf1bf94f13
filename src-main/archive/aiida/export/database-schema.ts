/**
 * The database of an archive as AiiDA 2.x makes it (aiida-core 2.9, `storage/sqlite_zip/models.py`, version main_0001):
 * same tables, columns, types, names of constraints and of indexes.
 */
const later = 'DEFERRABLE INITIALLY DEFERRED';

const reference = (table: string, column: string, to: string, onDelete = ''): string =>
  `CONSTRAINT fk_${table}_${column}_${to} FOREIGN KEY (${column}) REFERENCES ${to} (id)${onDelete} ${later}`;

const cascade = ' ON DELETE CASCADE';
const restrict = ' ON DELETE RESTRICT';

const table = (name: string, ...items: readonly string[]): string =>
  `CREATE TABLE ${name} (\n  id INTEGER NOT NULL,\n  ${[...items, `CONSTRAINT ${name}_pkey PRIMARY KEY (id)`].join(',\n  ')}\n)`;

const unique = (name: string, ...columns: readonly string[]): string =>
  `CONSTRAINT uq_${name}_${columns.join('_')} UNIQUE (${columns.join(', ')})`;

export const tables: readonly string[] = [
  table(
    'db_dbuser',
    'email VARCHAR(254) NOT NULL',
    'first_name VARCHAR(254) NOT NULL',
    'last_name VARCHAR(254) NOT NULL',
    'institution VARCHAR(254) NOT NULL',
    unique('db_dbuser', 'email'),
  ),
  table(
    'db_dbcomputer',
    'uuid VARCHAR(32) NOT NULL',
    'label VARCHAR(255) NOT NULL',
    'hostname VARCHAR(255) NOT NULL',
    'description TEXT NOT NULL',
    'scheduler_type VARCHAR(255) NOT NULL',
    'transport_type VARCHAR(255) NOT NULL',
    'metadata JSON NOT NULL',
    unique('db_dbcomputer', 'uuid'),
    unique('db_dbcomputer', 'label'),
  ),
  table(
    'db_dbauthinfo',
    'aiidauser_id INTEGER NOT NULL',
    'dbcomputer_id INTEGER NOT NULL',
    'metadata JSON NOT NULL',
    'auth_params JSON NOT NULL',
    'enabled BOOLEAN NOT NULL',
    reference('db_dbauthinfo', 'aiidauser_id', 'db_dbuser', cascade),
    reference('db_dbauthinfo', 'dbcomputer_id', 'db_dbcomputer', cascade),
    unique('db_dbauthinfo', 'aiidauser_id', 'dbcomputer_id'),
  ),
  table(
    'db_dbgroup',
    'uuid VARCHAR(32) NOT NULL',
    'label VARCHAR(255) NOT NULL',
    'type_string VARCHAR(255) NOT NULL',
    'time DATETIME NOT NULL',
    'description TEXT NOT NULL',
    'extras JSON NOT NULL',
    'user_id INTEGER NOT NULL',
    reference('db_dbgroup', 'user_id', 'db_dbuser', cascade),
    unique('db_dbgroup', 'label', 'type_string'),
    unique('db_dbgroup', 'uuid'),
  ),
  table(
    'db_dbnode',
    'uuid VARCHAR(32) NOT NULL',
    'node_type VARCHAR(255) NOT NULL',
    'process_type VARCHAR(255)',
    'label VARCHAR(255) NOT NULL',
    'description TEXT NOT NULL',
    'ctime DATETIME NOT NULL',
    'mtime DATETIME NOT NULL',
    'attributes JSON',
    'extras JSON',
    'repository_metadata JSON NOT NULL',
    'dbcomputer_id INTEGER',
    'user_id INTEGER NOT NULL',
    reference('db_dbnode', 'dbcomputer_id', 'db_dbcomputer', restrict),
    reference('db_dbnode', 'user_id', 'db_dbuser', restrict),
    unique('db_dbnode', 'uuid'),
  ),
  table(
    'db_dbcomment',
    'uuid VARCHAR(32) NOT NULL',
    'dbnode_id INTEGER NOT NULL',
    'ctime DATETIME NOT NULL',
    'mtime DATETIME NOT NULL',
    'user_id INTEGER NOT NULL',
    'content TEXT NOT NULL',
    reference('db_dbcomment', 'dbnode_id', 'db_dbnode', cascade),
    reference('db_dbcomment', 'user_id', 'db_dbuser', cascade),
    unique('db_dbcomment', 'uuid'),
  ),
  table(
    'db_dblog',
    'uuid VARCHAR(32) NOT NULL',
    'time DATETIME NOT NULL',
    'loggername VARCHAR(255) NOT NULL',
    'levelname VARCHAR(50) NOT NULL',
    'dbnode_id INTEGER NOT NULL',
    'message TEXT NOT NULL',
    'metadata JSON NOT NULL',
    reference('db_dblog', 'dbnode_id', 'db_dbnode', cascade),
    unique('db_dblog', 'uuid'),
  ),
  table(
    'db_dblink',
    'input_id INTEGER NOT NULL',
    'output_id INTEGER NOT NULL',
    'label VARCHAR(255) NOT NULL',
    'type VARCHAR(255) NOT NULL',
    reference('db_dblink', 'input_id', 'db_dbnode'),
    reference('db_dblink', 'output_id', 'db_dbnode', cascade),
  ),
  table(
    'db_dbgroup_dbnodes',
    'dbnode_id INTEGER NOT NULL',
    'dbgroup_id INTEGER NOT NULL',
    reference('db_dbgroup_dbnodes', 'dbnode_id', 'db_dbnode'),
    reference('db_dbgroup_dbnodes', 'dbgroup_id', 'db_dbgroup'),
    unique('db_dbgroup_dbnodes', 'dbgroup_id', 'dbnode_id'),
  ),
  table(
    'db_dbsetting',
    '"key" VARCHAR(1024) NOT NULL',
    'val JSON',
    'description TEXT NOT NULL',
    'time DATETIME NOT NULL',
    unique('db_dbsetting', 'key'),
  ),
];

const indexed: readonly (readonly [table: string, ...columns: string[]])[] = [
  ['db_dbauthinfo', 'aiidauser_id', 'dbcomputer_id'],
  ['db_dbgroup', 'label', 'type_string', 'user_id'],
  ['db_dbnode', 'node_type', 'process_type', 'label', 'ctime', 'mtime', 'dbcomputer_id', 'user_id'],
  ['db_dbcomment', 'dbnode_id', 'user_id'],
  ['db_dbgroup_dbnodes', 'dbnode_id', 'dbgroup_id'],
  ['db_dblink', 'input_id', 'output_id', 'label', 'type'],
  ['db_dblog', 'loggername', 'levelname', 'dbnode_id'],
];

/** Made after the rows, which is faster. */
export const indexes: readonly string[] = indexed.flatMap(([name, ...columns]) =>
  columns.map((column) => `CREATE INDEX ix_${name}_${name}_${column} ON ${name} (${column})`),
);
