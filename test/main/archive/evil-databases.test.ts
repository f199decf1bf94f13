import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { asDamage } from '#main/archive/aiida/foreign/as-damage.ts';
import { ForeignDatabase } from '#main/archive/aiida/foreign/foreign-database.ts';
import { checkForeignDatabase } from '#main/archive/aiida/foreign/open-foreign-database.ts';
import { foreignTableNames } from '#main/archive/aiida/foreign/tables.ts';
import { hasTimeKey, openArchiveAsProfile } from '#main/provenance/open-foreign-database.ts';
import { ReadSession } from '#main/provenance/read/session.ts';
import { createReadApi } from '#main/provenance/read/create-read-api.ts';
import { errorInfo } from '#shared/base/errors.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** What both readers say: the one for an import, which takes every row, and the one that shows a page. */
function readBoth(bytes: Buffer): { readonly importing: string; readonly looking: string } {
  const place = (): string => {
    const file = join(temporaryFolder(), 'db.sqlite3');
    writeFileSync(file, bytes);
    return file;
  };
  const verdict = (work: () => void): string => {
    try {
      work();
      return 'read';
    } catch (error) {
      const info = errorInfo(asDamage(error));
      expect(info.family).toBe('user');
      return info.code;
    }
  };
  // while the look at the whole file goes on: rows or a sentence, nothing else
  verdict(() => look(place(), false));
  return {
    importing: verdict(() => {
      const db = new ForeignDatabase(place());
      db.counts();
      for (const table of foreignTableNames) {
        for (let after: number | null = Number.MIN_SAFE_INTEGER; after !== null;)
          after = db.page(table, after).last;
      }
    }),
    looking: verdict(() => look(place(), true)),
  };
}

/** What a window asks for, after the look at the whole file or while that goes on. */
function look(file: string, isChecked: boolean): void {
  const db = openArchiveAsProfile(file);
  try {
    if (isChecked) checkForeignDatabase(db);
    const traits = { hasSearchIndex: false, hasTimeKey: hasTimeKey(db), now: () => 0 };
    const api = createReadApi(new ReadSession(db, traits));
    const { rows } = api.findNodes({ filter: '', typePrefix: '', group: null, after: null, limit: 100 });
    for (const { uuid } of rows) api.node({ uuid });
    api.nodeTypes(null);
    api.groups(null);
  } finally {
    db.close();
  }
}

const both = (code: string) => ({ importing: code, looking: code });
const unsafe = both('archive-unsafe');
const damaged = both('archive-damaged');
const large = both('archive-too-large');
const read = both('read');

/** Rewrites what SQLite keeps as its schema, behind its back. */
function schema(db: Database.Database, set: string, where: string): void {
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  db.exec(`UPDATE sqlite_schema SET ${set} WHERE ${where}`);
}

const recursive = 'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS id FROM r';

/** What each does by SQL, and what becomes of it. */
const bySql: Readonly<
  Record<string, readonly [verdict: ReturnType<typeof both>, change: (db: Database.Database) => void]>
> = {
  'nothing wrong': [read, () => undefined],
  'a trigger': [
    unsafe,
    (db) => db.exec('CREATE TRIGGER evil AFTER INSERT ON db_dbnode BEGIN DELETE FROM db_dbnode; END'),
  ],
  'a view': [unsafe, (db) => db.exec('CREATE VIEW evil AS SELECT 1')],
  'a view without end in place of the links': [
    unsafe,
    (db) => db.exec(`DROP TABLE db_dblink; CREATE VIEW db_dblink AS ${recursive}`),
  ],
  'a table for full text': [unsafe, (db) => db.exec('CREATE VIRTUAL TABLE evil USING fts5(x)')],
  'a table for places': [unsafe, (db) => db.exec('CREATE VIRTUAL TABLE evil USING rtree(a, b, c)')],
  'a column that computes': [
    unsafe,
    (db) => db.exec('ALTER TABLE db_dbnode ADD COLUMN evil AS (label || label)'),
  ],
  'an index that computes': [unsafe, (db) => db.exec('CREATE INDEX evil ON db_dbnode (lower(label))')],
  'a default that computes': [
    unsafe,
    (db) => db.exec('CREATE TABLE evil (a TEXT DEFAULT (hex(randomblob(9))))'),
  ],
  'a check that computes': [unsafe, (db) => db.exec('CREATE TABLE evil (a INTEGER CHECK (abs(a) > 0))')],
  'six hundred tables': [
    unsafe,
    (db) => {
      for (let i = 0; i < 600; i++) db.exec(`CREATE TABLE t${i} (a INTEGER)`);
    },
  ],
  'a table of ours missing': [unsafe, (db) => db.exec('DROP TABLE db_dblog')],
  'a schema that says something else': [
    damaged,
    (db) =>
      schema(db, `sql = 'CREATE TABLE db_dblog (id INTEGER PRIMARY KEY, x AS (1))'`, `name = 'db_dblog'`),
  ],
  'a schema without text': [damaged, (db) => schema(db, 'sql = NULL', `name = 'db_dblog'`)],
  'a schema of another type': [damaged, (db) => schema(db, `type = 'view'`, `name = 'db_dblog'`)],
  'two tables on one page': [
    damaged,
    (db) =>
      schema(
        db,
        `rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'db_dbnode')`,
        `name = 'db_dblog'`,
      ),
  ],
  'a table on no page': [damaged, (db) => schema(db, 'rootpage = 999999', `name = 'db_dblog'`)],
  'a schema that attaches': [
    damaged,
    (db) => schema(db, `sql = 'ATTACH DATABASE ''evil'' AS evil'`, `name = 'db_dblog'`),
  ],
  'a statistics table': [unsafe, (db) => db.exec('ANALYZE')],
  'a label of 20 MB': [
    large,
    (db) => db.exec(`UPDATE db_dbnode SET label = replace(hex(zeroblob(10000000)), '0', 'x') WHERE id = 1`),
  ],
  'a type of 20 kB': [
    large,
    (db) => db.exec(`UPDATE db_dbnode SET node_type = replace(hex(zeroblob(10000)), '0', 'x') WHERE id = 1`),
  ],
  'attributes of 70 MB': [
    large,
    (db) => db.exec('UPDATE db_dbnode SET attributes = zeroblob(70000000) WHERE id = 1'),
  ],
  'a row of 80 MB in pieces': [
    large,
    (db) =>
      db.exec(
        'UPDATE db_dbnode SET attributes = zeroblob(40000000), extras = zeroblob(40000000) WHERE id = 1',
      ),
  ],
  'NUL in a label': [read, (db) => db.exec(`UPDATE db_dbnode SET label = 'a' || char(0) || 'b'`)],
  'half a character': [read, (db) => db.exec(`UPDATE db_dbnode SET label = CAST(x'ff' AS TEXT)`)],
  'attributes that are no JSON': [read, (db) => db.exec(`UPDATE db_dbnode SET attributes = '{"a": '`)],
  'a blob for attributes': [read, (db) => db.exec(`UPDATE db_dbnode SET attributes = x'00ff00ff'`)],
  'an id beyond 2^53': [
    { importing: 'archive-damaged', looking: 'archive-damaged' },
    (db) => db.exec('UPDATE db_dbnode SET id = 9007199254740993 WHERE id = 3'),
  ],
  'an id below 0': [
    { importing: 'read', looking: 'archive-damaged' },
    (db) => db.exec('UPDATE db_dbnode SET id = -5 WHERE id = 3'),
  ],
};

/** What each does to the bytes of the file. */
const byBytes: Readonly<
  Record<string, readonly [verdict: ReturnType<typeof both>, change: (bytes: Buffer) => Buffer]>
> = {
  'no database': [damaged, () => Buffer.from('a letter to a colleague'.repeat(10))],
  'only a head': [damaged, (bytes) => bytes.subarray(0, 100)],
  'half of its pages': [damaged, (bytes) => bytes.subarray(0, bytes.length / 2)],
  'a page size of 3': [
    damaged,
    (bytes) => {
      bytes.writeUInt16BE(3, 16);
      return bytes;
    },
  ],
  'text in UTF-16': [
    unsafe,
    (bytes) => {
      bytes.writeUInt32BE(2, 56);
      return bytes;
    },
  ],
  'a log that is not there': [
    read,
    (bytes) => {
      bytes[18] = 2;
      bytes[19] = 2;
      return bytes;
    },
  ],
  'a format of the future': [
    damaged,
    (bytes) => {
      bytes.writeUInt32BE(99, 44);
      return bytes;
    },
  ],
  'a page of noise': [
    damaged,
    (bytes) => {
      bytes.fill(0xa5, 4096 * 2, 4096 * 3);
      return bytes;
    },
  ],
};

function database(): ArchiveBuilder {
  const builder = new ArchiveBuilder();
  for (let i = 0; i < 3; i++) builder.calculation();
  builder.group('all', [1, 2, 3]);
  builder.log(2, 'a line');
  return builder;
}

describe('of an evil database', () => {
  for (const [what, [verdict, change]] of Object.entries(bySql)) {
    test(`with ${what}: ${verdict.importing}`, () => {
      const builder = database();
      change(builder.db);
      expect(readBoth(builder.databaseBytes())).toEqual(verdict);
    });
  }
  for (const [what, [verdict, change]] of Object.entries(byBytes)) {
    test(`with ${what}: ${verdict.importing}`, () => {
      const bytes = database().databaseBytes();
      expect(readBoth(change(Buffer.from(bytes)))).toEqual(verdict);
    });
  }

  test('nothing beside it is read: neither a log nor another database', () => {
    const file = join(temporaryFolder(), 'db.sqlite3');
    writeFileSync(file, database().databaseBytes());
    writeFileSync(`${file}-wal`, Buffer.from('a log that belongs to nothing'));
    const db = new ForeignDatabase(file);
    expect(db.counts().nodes).toBe(9);
    expect(readFileSync(`${file}-wal`, 'utf8')).toBe('a log that belongs to nothing');
  });
});
