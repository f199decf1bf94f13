import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexes, tables } from '#main/archive/aiida/export/database-schema.ts';
import { checkForeignSchema, type SchemaRow } from '#main/archive/aiida/foreign/schema-check.ts';

/** The schema as SQLite keeps it, after statements of somebody. */
function schemaAfter(...statements: readonly string[]): readonly SchemaRow[] {
  const db = new Database(':memory:');
  for (const sql of [...tables, ...indexes, ...statements]) db.exec(sql);
  const rows = db.prepare<[], SchemaRow>('SELECT type, name, tbl_name, sql FROM sqlite_schema').all();
  db.close();
  return rows;
}

describe('the schema of an archive', () => {
  test('is let pass as AiiDA writes it, with or without indexes, and with plain tables more', () => {
    checkForeignSchema(schemaAfter());
    checkForeignSchema(schemaAfter().filter(({ type }) => type === 'table'));
    checkForeignSchema(
      schemaAfter(
        'CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))',
        `CREATE TABLE more (id INTEGER PRIMARY KEY, x CHAR(36) DEFAULT '{}' NOT NULL, y BOOLEAN, CHECK (y IN (0, 1)))`,
        'CREATE UNIQUE INDEX more_x ON more (x, "y")',
      ),
    );
  });

  test('is refused where anything in it can run', () => {
    const attacks = [
      'CREATE VIEW v AS SELECT 1',
      'CREATE TRIGGER t AFTER INSERT ON db_dbnode BEGIN SELECT 1; END',
      'CREATE VIRTUAL TABLE v USING fts5 (x)',
      'CREATE VIRTUAL TABLE v USING rtree (a, b, c)',
      'CREATE TABLE x (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2))',
      'CREATE TABLE x (a INTEGER, b AS (a || a) STORED)',
      'CREATE TABLE x (a INTEGER CHECK (a > 0))',
      'CREATE TABLE x (a INTEGER, CHECK (length(a) > 0))',
      'CREATE TABLE x (a TEXT DEFAULT (hex(randomblob(9))))',
      'CREATE TABLE x (a TEXT DEFAULT CURRENT_TIMESTAMP)',
      'CREATE TABLE x (a TEXT COLLATE NOCASE)',
      'CREATE TABLE x (a TEXT PRIMARY KEY) WITHOUT ROWID',
      'CREATE TABLE x (a INTEGER) STRICT',
      'CREATE TABLE x AS SELECT 1 AS a',
      'CREATE INDEX i ON db_dbnode (lower(label))',
      'CREATE INDEX i ON db_dbnode (label) WHERE label > 0',
      'CREATE INDEX i ON db_dbnode (label COLLATE NOCASE)',
      'CREATE INDEX i ON db_dbnode (label DESC)',
      'CREATE TABLE "x (a INTEGER)" (a INTEGER)',
      'CREATE TABLE x (a INTEGER -- comment\n)',
      'CREATE TABLE x (a INTEGER CHECK (1))',
      'CREATE TABLE x (b INTEGER, a AS (1))',
      'CREATE TABLE x (a /* comment */ INTEGER)',
    ];
    for (const attack of attacks) {
      const rows = schemaAfter(attack);
      expect({ attack, refused: isRefused(rows) }).toEqual({ attack, refused: true });
    }
  });

  test('is refused where a table of the format is missing or is none', () => {
    expect(isRefused(schemaAfter('DROP TABLE db_dblink'))).toBe(true);
    const posing = schemaAfter('DROP TABLE db_dblink', 'CREATE VIEW db_dblink AS SELECT 1 AS id');
    expect(isRefused(posing)).toBe(true);
  });

  test('is refused where it is changed anywhere by more than layout', () => {
    const rows = schemaAfter();
    const words = [
      'CHECK (1)',
      'AS (1)',
      'COLLATE x',
      'DEFAULT (x())',
      'WHERE 1',
      ';',
      '--',
      '/*',
      'load_extension(1)',
    ];
    fc.assert(
      fc.property(fc.nat(rows.length - 1), fc.nat(), fc.constantFrom(...words), (which, where, word) => {
        const sql = rows[which]?.sql;
        fc.pre(sql !== null && sql !== undefined);
        const at = where % (sql ?? '').length;
        const changed = `${(sql ?? '').slice(0, at)} ${word} ${(sql ?? '').slice(at)}`;
        const list = rows.map((row, i) => (i === which ? { ...row, sql: changed } : row));
        expect({ changed, refused: isRefused(list) }).toEqual({ changed, refused: true });
      }),
      { numRuns: 1000 },
    );
  });
});

function isRefused(rows: readonly SchemaRow[]): boolean {
  try {
    checkForeignSchema(rows);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: 'archive-unsafe' });
    return true;
  }
}
