import type Database from 'better-sqlite3';
import type { Dice } from '../dice.ts';
import type { Fault } from '../draft.ts';
import { withDatabase } from './sqlite-tools.ts';

const sql = (name: string, change: (db: Database.Database, dice: Dice) => void): Fault => ({
  name,
  apply: (draft, dice) => withDatabase(draft, (db) => change(db, dice)),
});

const tables = [
  'db_dbuser',
  'db_dbcomputer',
  'db_dbgroup',
  'db_dbnode',
  'db_dblink',
  'db_dbgroup_dbnodes',
  'db_dbcomment',
  'db_dblog',
  'db_dbauthinfo',
];

const columnsOf = (db: Database.Database, table: string): string[] =>
  db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[];

/** Rewrites the text of the schema behind SQLite's back. */
function rewrite(db: Database.Database, where: string, sqlText: string, ...values: readonly unknown[]): void {
  db.pragma('writable_schema = ON');
  db.prepare(`UPDATE sqlite_schema SET ${sqlText} WHERE ${where}`).run(...values);
  db.pragma('writable_schema = OFF');
}

const values = (dice: Dice): unknown =>
  dice.pick<unknown>([
    null,
    -1,
    0,
    1.5,
    2 ** 53,
    9_223_372_036_854_775_807n,
    -9_223_372_036_854_775_808n,
    Infinity,
    '',
    'text',
    'a\0b',
    '9'.repeat(400),
    '\ud800',
    'x'.repeat(300_000),
    Buffer.alloc(0),
    Buffer.from([0xff, 0xc0, 0x80, 0]),
    Buffer.alloc(1_000_000, 0x41),
    '2025-13-45 99:99:99.000000',
    '0000-00-00 00:00:00',
    '275761-01-01 00:00:00.000000',
    'process.calculation.job.CalcJobNode.',
    'data.core.array.ArrayData.',
    '../../evil',
    '<img src=x onerror=alert(1)>',
    '\u202e\u2028\u0007',
  ]);

export const sqlFaults: readonly Fault[] = [
  sql('trigger', (db, dice) =>
    db.exec(
      `CREATE TRIGGER evil AFTER ${dice.pick(['INSERT', 'UPDATE', 'DELETE'])} ON ${dice.pick(tables)} BEGIN SELECT 1; END`,
    ),
  ),
  sql('view', (db) => db.exec('CREATE VIEW evil AS SELECT * FROM db_dbnode')),
  sql('view in place of a table', (db, dice) => {
    const table = dice.pick(tables);
    db.exec(`ALTER TABLE ${table} RENAME TO hidden`);
    db.exec(
      `CREATE VIEW ${table} AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS id FROM r`,
    );
  }),
  sql('virtual table', (db, dice) =>
    db.exec(
      `CREATE VIRTUAL TABLE evil USING ${dice.pick(['fts5(x)', 'rtree(a, b, c)', 'fts5vocab(a, b)', 'geopoly(a)'])}`,
    ),
  ),
  sql('generated column', (db, dice) =>
    db.exec(`ALTER TABLE ${dice.pick(tables)} ADD COLUMN evil AS (hex(randomblob(1000)))`),
  ),
  sql('index on an expression', (db) => db.exec('CREATE INDEX evil ON db_dbnode (lower(label))')),
  sql('table more', (db) =>
    db.exec('CREATE TABLE more (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO more VALUES (1, 1)'),
  ),
  sql('table missing', (db, dice) => db.exec(`DROP TABLE ${dice.pick(tables)}`)),
  sql('column missing', (db, dice) => {
    const table = dice.pick(tables);
    const column = dice.pick(columnsOf(db, table));
    for (const index of db
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`)
      .pluck()
      .all(table) as string[])
      db.exec(`DROP INDEX ${index}`);
    rewrite(db, 'name = ?', 'sql = replace(sql, ?, ?)', `\t${column} `, '\tevil ', table);
    db.exec(`ALTER TABLE ${table} RENAME COLUMN ${column} TO evil`);
  }),
  sql('root page', (db, dice) =>
    rewrite(db, 'name = ?', 'rootpage = ?', dice.pick([0, 1, 2, 3, -1, 999_999]), dice.pick(tables)),
  ),
  sql('two tables on one page', (db, dice) =>
    rewrite(
      db,
      'name = ?',
      'rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = ?)',
      dice.pick(tables),
      dice.pick(tables),
    ),
  ),
  sql('text of the schema', (db, dice) =>
    rewrite(
      db,
      'name = ?',
      'sql = ?',
      dice.pick([
        '',
        'CREATE TABLE',
        'SELECT 1',
        'CREATE TABLE db_dbnode (id)',
        `CREATE TABLE x (${'a,'.repeat(3000)}b)`,
        'x'.repeat(100_000),
        null,
        'a\0b',
      ]),
      dice.pick(tables),
    ),
  ),
  sql('text of the schema, slightly', (db, dice) =>
    rewrite(
      db,
      'name = ?',
      `sql = replace(sql, ?, ?)`,
      dice.pick(['INTEGER', 'VARCHAR', 'TEXT', 'JSON', 'NOT NULL', 'PRIMARY KEY']),
      dice.pick([
        'BLOB',
        'REAL',
        'CHECK (randomblob(1e9))',
        '',
        'COLLATE evil',
        'DEFAULT (load_extension(1))',
      ]),
      dice.pick(tables),
    ),
  ),
  sql('type of the schema', (db, dice) =>
    rewrite(
      db,
      'name = ?',
      'type = ?',
      dice.pick(['view', 'index', 'trigger', 'evil', '']),
      dice.pick(tables),
    ),
  ),
  sql('very many tables', (db, dice) => {
    for (let i = dice.pick([10, 600, 2000]); i > 0; i--) db.exec(`CREATE TABLE t${i} (a INTEGER)`);
  }),
  sql('value of another kind', (db, dice) => {
    for (let n = 1 + dice.int(4); n > 0; n--) {
      const table = dice.pick(tables);
      const column = dice.pick(columnsOf(db, table));
      const rows = db.prepare(`SELECT rowid FROM ${table}`).pluck().all() as number[];
      if (rows.length === 0) continue;
      db.prepare(`UPDATE OR IGNORE ${table} SET ${column} = ? WHERE rowid = ?`).run(
        values(dice),
        dice.pick(rows),
      );
    }
  }),
  sql('huge value', (db, dice) => {
    const size = dice.pick([
      1_000_000, 1_000_000, 1_000_000, 5_000_000, 20_000_000, 63_000_000, 70_000_000, 150_000_000,
    ]);
    const [table, column] = dice.pick([
      ['db_dbnode', 'label'],
      ['db_dbnode', 'attributes'],
      ['db_dbnode', 'description'],
      ['db_dbnode', 'node_type'],
      ['db_dblog', 'message'],
      ['db_dbcomment', 'content'],
      ['db_dbgroup', 'label'],
      ['db_dblink', 'label'],
      ['db_dbuser', 'email'],
    ] as const);
    const text =
      column === 'attributes'
        ? `'{"a": "' || replace(hex(zeroblob(${size / 2})), '0', 'x') || '"}'`
        : `replace(hex(zeroblob(${size / 2})), '0', 'x')`;
    db.exec(`UPDATE ${table} SET ${column} = ${text} WHERE rowid = (SELECT min(rowid) FROM ${table})`);
  }),
  sql('cycle', (db, dice) => {
    const rows = db.prepare('SELECT input_id, output_id FROM db_dblink').raw().all() as [number, number][];
    if (rows.length === 0) return;
    const add = db.prepare('INSERT INTO db_dblink (input_id, output_id, label, type) VALUES (?, ?, ?, ?)');
    for (let n = 1 + dice.int(3); n > 0; n--) {
      const [a] = dice.pick(rows);
      const [, b] = dice.pick(rows);
      add.run(
        b,
        a,
        dice.pick(['x', 'y', '', 'z\0']),
        dice.pick(['input_calc', 'create', 'call_work', 'call_calc', 'return', 'input_work', 'evil']),
      );
    }
  }),
  sql('links to nowhere', (db, dice) => {
    const add = db.prepare('INSERT INTO db_dblink (input_id, output_id, label, type) VALUES (?, ?, ?, ?)');
    for (let n = 1 + dice.int(5); n > 0; n--)
      add.run(dice.pick([-1, 0, 1, 2, 2 ** 31, 2 ** 40]), dice.pick([-1, 0, 1, 2, 999_999]), 'x', 'create');
  }),
  sql('ids at the edge', (db, dice) => {
    const table = dice.pick(tables);
    db.exec(
      `UPDATE OR IGNORE ${table} SET id = ${dice.pick(['-1', '0', '9223372036854775807', '-9223372036854775808', '9007199254740993', '4294967296', '2147483648'])} WHERE rowid = (SELECT max(rowid) FROM ${table})`,
    );
  }),
  sql('types of nodes', (db, dice) =>
    db
      .prepare('UPDATE db_dbnode SET node_type = ? WHERE id % 3 = 0')
      .run(
        dice.pick([
          '',
          'data.',
          'process.',
          'process.workflow.workchain.WorkChainNode.',
          'data.core.int.Int.',
          'evil',
          '__proto__',
          'data..',
          'process.calculation.evil.',
        ]),
      ),
  ),
  sql('UUIDs', (db, dice) => {
    const table = dice.pick(['db_dbnode', 'db_dbgroup', 'db_dbcomputer', 'db_dblog', 'db_dbcomment']);
    const uuid = dice.pick([
      '',
      'no',
      `(SELECT uuid FROM db_dbnode LIMIT 1)`,
      '../../../../etc/passwd/xxxxxxxxxxxxxx',
      '00000000-0000-0000-0000-000000000000',
    ]);
    db.exec(
      `UPDATE OR IGNORE ${table} SET uuid = ${uuid.startsWith('(') ? uuid : `'${uuid}'`} WHERE rowid = (SELECT min(rowid) FROM ${table})`,
    );
  }),
  sql('groups', (db, dice) => {
    const add = db.prepare('INSERT OR IGNORE INTO db_dbgroup_dbnodes (dbnode_id, dbgroup_id) VALUES (?, ?)');
    for (let n = 1 + dice.int(5); n > 0; n--)
      add.run(dice.pick([-5, 0, 1, 2, 10 ** 9]), dice.pick([-5, 0, 1, 2, 10 ** 9]));
  }),
];

const bytes = (name: string, change: (bytes: Buffer, dice: Dice) => Buffer): Fault => ({
  name,
  apply(draft, dice) {
    const entry = draft.entry('db.sqlite3');
    if (entry === undefined || entry.data.length < 100) return false;
    entry.data = change(Buffer.from(entry.data), dice);
    return true;
  },
});

const pageSize = (bytes: Buffer): number => {
  const size = bytes.readUInt16BE(16);
  return size === 1 ? 65_536 : Math.max(512, size);
};

export const pageFaults: readonly Fault[] = [
  bytes('header of the database', (bytes, dice) => {
    const [at, width] = dice.pick([
      [16, 2],
      [18, 1],
      [19, 1],
      [20, 1],
      [21, 1],
      [24, 4],
      [28, 4],
      [32, 4],
      [36, 4],
      [40, 4],
      [44, 4],
      [52, 4],
      [56, 4],
      [64, 4],
      [92, 4],
    ] as const);
    const value = dice.number();
    if (width === 1) bytes.writeUInt8(value & 0xff, at);
    else if (width === 2) bytes.writeUInt16BE(value & 0xffff, at);
    else bytes.writeUInt32BE(value >>> 0, at);
    return bytes;
  }),
  bytes('first page', (bytes, dice) => {
    for (let n = 1 + dice.int(10); n > 0; n--)
      bytes[100 + dice.int(Math.min(bytes.length, pageSize(bytes)) - 100)] = dice.int(256);
    return bytes;
  }),
  bytes('head of a page', (bytes, dice) => {
    const size = pageSize(bytes);
    const page = dice.int(Math.max(1, Math.floor(bytes.length / size)));
    for (let n = 1 + dice.int(4); n > 0; n--) {
      const at = page * size + (page === 0 ? 100 : 0) + dice.int(40);
      if (at < bytes.length) bytes[at] = dice.pick([0, 0xff, 2, 5, 10, 13, dice.int(256)]);
    }
    return bytes;
  }),
  bytes('bytes of pages', (bytes, dice) => {
    for (let n = 1 + dice.int(30); n > 0; n--) bytes[dice.int(bytes.length)] = dice.int(256);
    return bytes;
  }),
  bytes('a page in the place of another', (bytes, dice) => {
    const size = pageSize(bytes);
    const pages = Math.max(1, Math.floor(bytes.length / size));
    const from = dice.int(pages) * size;
    bytes.copy(bytes, dice.int(pages) * size, from, from + size);
    return bytes;
  }),
  bytes('cut off', (bytes, dice) =>
    bytes.subarray(0, dice.pick([100, 512, dice.int(bytes.length), bytes.length - 1])),
  ),
  bytes('pages more', (bytes, dice) =>
    Buffer.concat([bytes, dice.random.bytes(pageSize(bytes) * (1 + dice.int(3)))]),
  ),
];
