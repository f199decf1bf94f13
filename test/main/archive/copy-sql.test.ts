import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseAll, chosenRows, gatherRows } from '#main/archive/aiida/export/chosen-rows.ts';
import { addCheckpointsFunction, copySql } from '#main/archive/aiida/export/copy-sql.ts';
import { tables } from '#main/archive/aiida/export/database-schema.ts';
import { timestampSql } from '#main/archive/aiida/export/timestamp-sql.ts';
import { withoutCheckpoints } from '#main/archive/aiida/export/without-checkpoints.ts';
import { migrate } from '#main/provenance/migrate.ts';
import { writeTimestamp } from '#shared/provenance/timestamps.ts';

test('a time leaves within SQLite as it does outside of it, also before 1970', () => {
  const db = new Database(':memory:');
  const write = db.prepare<[bigint], string>(`SELECT ${timestampSql('t')} FROM (SELECT ? AS t)`).pluck();
  const year = (at: number): number => Date.UTC(at, 0, 1) * 1000;
  for (const time of [0, -1, 1, -1_000_000, 999_999, -999_999, 1_000_000, year(2026) + 30]) {
    expect(write.get(BigInt(time))).toBe(writeTimestamp(time));
  }
  fc.assert(
    fc.property(fc.integer({ min: year(1700), max: year(2255) }), (time) => {
      expect(write.get(BigInt(time))).toBe(writeTimestamp(time));
    }),
  );
});

test('rows are copied from one id to the next, without going through others or sorting', () => {
  const db = new Database(':memory:');
  migrate(db, ':memory:');
  db.pragma('foreign_keys = OFF');
  db.exec("ATTACH ':memory:' AS archive");
  for (const sql of tables) db.exec(sql.replace('CREATE TABLE ', 'CREATE TABLE archive.'));
  addCheckpointsFunction(db);
  const selection = { what: { kind: 'all' }, rules: {}, logs: true, comments: true } as const;
  chooseAll(db, 'chosen', 'nodes');
  chooseAll(db, 'chosen_groups', 'groups');
  gatherRows(db, selection);
  for (const rows of chosenRows) {
    const plan = db.prepare<[number, number], { detail: string }>(`EXPLAIN QUERY PLAN ${copySql(rows)}`);
    const [outer, inner, ...more] = plan.all(1, 2).map(({ detail }) => detail);
    expect(outer).toMatch(/^SEARCH [\w.]+ USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)$/);
    expect(inner).toBe('SEARCH x USING INTEGER PRIMARY KEY (rowid=?)');
    expect(more).toEqual([]);
  }
});

test('checkpoints stay here, and the text of everything else leaves as it is', () => {
  const text = '{"a": 1.0,  "checkpoints": "{\\"b\\": [1, 2]}", "c" : {"checkpoints": 2}}';
  expect(withoutCheckpoints(text)).not.toContain('[1, 2]');
  expect(withoutCheckpoints(text)).toContain('{"checkpoints": 2}');
  expect(withoutCheckpoints('{"a":   1e5}')).toBe('{"a":   1e5}');
});
