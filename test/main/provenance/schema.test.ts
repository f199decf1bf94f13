import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { expect, onTestFinished, test } from 'vitest';
import { openReader } from '#main/provenance/database.ts';
import * as schema from '#main/provenance/schema.ts';
import { displayStates } from '#shared/process/states.ts';
import { build, temporaryStore } from '../../support/profile-database.ts';

const tables: readonly (readonly [string, SQLiteTable])[] = Object.entries(schema);

test.each(tables)('drizzle knows the table %s as the database has it', (_name, table) => {
  const db = openReader(temporaryStore().file);
  onTestFinished(() => void db.close());
  const config = getTableConfig(table);
  const there = db
    .prepare<
      [string],
      { name: string; type: string; notnull: number; dflt_value: string | null; pk: number; hidden: number }
    >('SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)')
    .all(config.name)
    .filter(({ hidden }) => hidden === 0);
  const composite = new Set(config.primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
  const isKey = (name: string, primary: boolean): boolean => primary || composite.has(name);
  expect(
    config.columns.map((column) => ({
      name: column.name,
      type: column.getSQLType().toUpperCase(),
      // what is the whole key is never null, whether the table says so or not
      required: column.notNull || isKey(column.name, column.primary),
      hasDefault: column.hasDefault && column.default !== undefined,
      key: isKey(column.name, column.primary),
    })),
  ).toEqual(
    there.map((column) => ({
      name: column.name,
      type: column.type,
      required: column.notnull === 1 || column.pk > 0,
      hasDefault: column.dflt_value !== null,
      key: column.pk > 0,
    })),
  );
  const uniques = (
    db
      .prepare(`SELECT name FROM pragma_index_list(?) WHERE "unique" AND origin = 'u'`)
      .pluck()
      .all(config.name) as string[]
  ).map((index) => db.prepare('SELECT name FROM pragma_index_info(?)').pluck().all(index));
  const declared = [
    ...config.columns.filter((column) => column.isUnique).map((column) => [column.name]),
    ...config.uniqueConstraints.map((unique) => unique.columns.map((column) => column.name)),
  ];
  expect(uniques.map(String).toSorted()).toEqual(declared.map(String).toSorted());
  const references = db
    .prepare('SELECT "table", "from" FROM pragma_foreign_key_list(?)')
    .raw()
    .all(config.name)
    .map(String);
  expect(references.toSorted()).toEqual(
    config.foreignKeys
      .map((key) => key.reference())
      .map(({ foreignTable, columns }) => `${getTableConfig(foreignTable).name},${columns[0]?.name}`)
      .toSorted(),
  );
});

test('the state that the database works out is the one that people see', () => {
  const store = temporaryStore();
  const cases: readonly (readonly [{ [key: string]: string | number | boolean }, string, number | null])[] = [
    [{ process_state: 'created' }, 'created', null],
    [{ process_state: 'running' }, 'running', null],
    [{ process_state: 'waiting' }, 'waiting', null],
    [{ process_state: 'waiting', paused: true }, 'paused', null],
    [{ process_state: 'waiting', paused: false }, 'waiting', null],
    [{ process_state: 'finished', exit_status: 0 }, 'finished', 0],
    [{ process_state: 'finished', exit_status: 11 }, 'failed', 11],
    [{ process_state: 'finished', exit_status: 11, paused: true }, 'failed', 11],
    [{ process_state: 'finished' }, 'finished', null],
    [{ process_state: 'excepted', exit_status: 0 }, 'excepted', 0],
    [{ process_state: 'killed' }, 'killed', null],
    [{}, 'finished', null],
    [{ process_state: 'finished', exit_status: 'odd' }, 'failed', null],
  ];
  const ids = build(store, (graph) => cases.map(([attributes]) => graph.calculation({ attributes })));
  const db = openReader(store.file);
  onTestFinished(() => void db.close());
  const found = ids.map((id) =>
    db.prepare('SELECT display_state, exit_status FROM nodes WHERE id = ?').raw().get(id),
  ) as (readonly [number, number | null])[];
  expect(found.map(([state, exit]) => [displayStates[state], exit])).toEqual(
    cases.map(([, state, exit]) => [state, exit]),
  );
});

test('every index that a query names is there', () => {
  const db = openReader(temporaryStore().file);
  onTestFinished(() => void db.close());
  const indexes = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'index'`).pluck().all();
  expect(indexes).toEqual(
    expect.arrayContaining([
      'nodes_by_ctime',
      'processes_by_ctime',
      'processes_by_mtime',
      'processes_by_name',
      'processes_by_state',
    ]),
  );
});
