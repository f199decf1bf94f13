import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '#main/provenance/migrate.ts';
import { migrations } from '#main/provenance/migrations/all.ts';
import { caching } from '#main/provenance/migrations/0002-caching.ts';
import { openStore } from '#main/provenance/store.ts';
import { cacheExtras } from '#shared/provenance/cache-extras.ts';
import { dataHash } from '#shared/provenance/hash/node-hash.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { treeOf } from '#shared/provenance/repository-tree.ts';
import { build, GraphWriter, temporaryStore } from '../../support/profile-database.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const hash = 'c'.repeat(64);
const type = 'aiida.calculations:core.arithmetic.add';
const before = migrations.filter(({ number }) => number < caching.number);

const finished = (graph: GraphWriter, extras: Record<string, unknown>, exitStatus = 0): NodeId => {
  const calc = graph.calculation({ extras: extras as never });
  graph.end(calc, exitStatus);
  return calc;
};

test('calculations of an earlier version are found by their hash after the update', () => {
  const file = `${temporaryFolder()}/stemma.sqlite`;
  const old = openStore({ file, migrate: { migrations: before } });
  const calc = build(old, (graph) => finished(graph, { [cacheExtras.hash]: hash }));
  old.close();
  const store = openStore({ file });
  onTestFinished(() => store.close());
  expect(store.engine.read((tx) => tx.equalCalculations(hash, type, [0])).map(({ id }) => id)).toEqual([
    calc,
  ]);
});

test('the update leaves nothing behind when any of its statements fails', () => {
  const file = `${temporaryFolder()}/stemma.sqlite`;
  openStore({ file, migrate: { migrations: before } }).close();
  const db = new Database(file);
  onTestFinished(() => void db.close());
  for (let at = 0; at <= caching.statements.length; at++) {
    const onStatement = (migration: { readonly number: number }, statement: number): void => {
      if (migration.number === caching.number && statement === at) throw new Error(`statement ${at}`);
    };
    expect(() => migrate(db, file, { migrations: [...before, caching], onStatement })).toThrow(
      `statement ${at}`,
    );
    expect(db.pragma('user_version', { simple: true })).toBe(caching.number - 1);
  }
});

test('equal calculations are those of the type that are sealed, finished, and not taken out; the oldest first', () => {
  const store = temporaryStore();
  const extras = { [cacheExtras.hash]: hash };
  const [first, , , again] = build(store, (graph) => [
    finished(graph, extras),
    // runs
    graph.calculation({ extras }),
    finished(graph, { ...extras, [cacheExtras.valid]: false }),
    finished(graph, { ...extras, [cacheExtras.valid]: true }),
    finished(graph, { [cacheExtras.hash]: 'd'.repeat(64) }),
    finished(graph, { [cacheExtras.hash]: null }),
  ]);
  store.engine.read((tx) => {
    expect(tx.equalCalculations(hash, type, [0]).map(({ id }) => id)).toEqual([first, again]);
    expect(tx.equalCalculations(hash, 'aiida.calculations:core.shell', [0])).toEqual([]);
  });
});

test('the wanted ones come first, however many failures are older', () => {
  const store = temporaryStore();
  const extras = { [cacheExtras.hash]: hash };
  const good = build(store, (graph) => {
    for (let i = 0; i < 60; i++) finished(graph, extras, 120);
    return [finished(graph, extras), finished(graph, extras, 303), finished(graph, extras)];
  });
  const first = (wanted: readonly number[]) =>
    store.engine.read((tx) =>
      tx
        .equalCalculations(hash, type, wanted)
        .slice(0, 3)
        .map(({ id }) => id),
    );
  expect(first([0, 303])).toEqual(good);
  expect(first([0]).slice(0, 2)).toEqual([good[0], good[2]]);
});

test('they are looked up by the index', () => {
  const store = temporaryStore();
  const db = new Database(store.file, { readonly: true });
  onTestFinished(() => void db.close());
  const plan = db
    .prepare(
      `EXPLAIN QUERY PLAN SELECT id FROM nodes WHERE json_extract(extras, '$._aiida_hash') = ?
       AND (node_type >= 'process.calculation.' AND node_type < 'process.calculation/') AND process_type = ?
       ORDER BY id LIMIT 50`,
    )
    .all('', '');
  expect(JSON.stringify(plan)).toContain('calculations_by_hash');
});

test('the hash of data is that of what is stored, also after a transaction that was taken back', () => {
  const store = temporaryStore();
  const node = (value: number) => ({
    nodeType: NodeType.int,
    attributes: { value },
    repository: treeOf([]),
    computer: null,
  });
  expect(() =>
    store.write((tx) => {
      new GraphWriter(tx).data({ attributes: { value: 1 } });
      throw new Error('taken back');
    }),
  ).toThrow('taken back');
  // gets the id of the one before
  const id = build(store, (graph) => graph.data({ attributes: { value: 2 } }));
  expect(store.engine.read((tx) => tx.dataHash(id))).toBe(dataHash(node(2)));
  store.close();
  const again = openStore({ file: store.file });
  onTestFinished(() => again.close());
  expect(again.engine.read((tx) => tx.dataHash(id))).toBe(dataHash(node(2)));
});

test('a class that only its own AiiDA knows is hashed as that has hashed it', () => {
  const store = temporaryStore();
  const insert = (extras: Record<string, string>): NodeId => {
    const id = build(store, (graph) => graph.data({ nodeType: 'data.pseudo.upf.UpfData.' }));
    store.write((tx) => tx.setExtras(id, JSON.stringify(extras), 1));
    return id;
  };
  const [known, unknown] = [insert({ [cacheExtras.hash]: hash }), insert({})];
  store.close();
  const again = openStore({ file: store.file });
  onTestFinished(() => again.close());
  again.engine.read((tx) => {
    expect(tx.dataHash(known)).toBe(hash);
    expect(tx.dataHash(unknown)).toMatch(/^[0-9a-f]{64}$/);
  });
});
