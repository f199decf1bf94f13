import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openReader, openSecondWriter } from '#main/provenance/database.ts';
import { findNodes } from '#main/provenance/read/find-nodes.ts';
import { searchAll } from '#main/provenance/read/search.ts';
import { ReadSession } from '#main/provenance/read/session.ts';
import { indexForSearch, SearchIndex } from '#main/provenance/search-index.ts';
import { ftsQuery, searchTokens, searchWords } from '#main/provenance/search-words.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';
import { newUuid, type NodeId } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { until } from '../../support/programs.ts';
import { build, temporaryStore } from '../../support/profile-database.ts';

function sessionOf(store: ProvenanceStore): ReadSession {
  const db = openReader(store.file);
  onTestFinished(() => void db.close());
  return new ReadSession(db, { hasSearchIndex: true, now: Date.now });
}

/** PKs of the nodes that are found, best first. */
const found = (store: ProvenanceStore, words: string): readonly number[] =>
  searchAll(sessionOf(store), words, 100).flatMap((hit) => (hit.kind === 'node' ? [hit.node.pk] : []));

function indexNow(store: ProvenanceStore): void {
  const db = openSecondWriter(store.file);
  db.exec('BEGIN IMMEDIATE');
  indexForSearch(db);
  db.exec('COMMIT');
  db.close();
}

describe.each([
  ['before the index has followed', false],
  ['from the index', true],
])('search, %s,', (_name, isIndexed) => {
  const filled = <T>(work: Parameters<typeof build<T>>[1]): readonly [ProvenanceStore, T] => {
    const store = temporaryStore({ indexAfterMs: -1 });
    const made = build(store, work);
    if (isIndexed) indexNow(store);
    return [store, made];
  };

  test('finds nodes by the beginnings of words in names, classes, plugins and short values', () => {
    const [store, ids] = filled((graph) => ({
      relax: graph.workflow({
        label: 'relax of Silicon-2',
        attributes: { process_label: 'PwBaseWorkChain' },
      }),
      energy: graph.data({
        nodeType: NodeType.dict,
        attributes: { creator_name: 'pwscf', nested: { units: 'Rydberg' } },
      }),
      text: graph.data({ nodeType: NodeType.str, attributes: { value: 'Übergang' } }),
    }));
    expect(found(store, 'relax')).toEqual([ids.relax]);
    expect(found(store, 'rel sil')).toEqual([ids.relax]);
    expect(found(store, 'relax germanium')).toEqual([]);
    expect(found(store, 'chain')).toEqual([ids.relax]);
    expect(found(store, 'multiply')).toEqual([ids.relax]);
    expect(found(store, 'pwscf')).toEqual([ids.energy]);
    expect(found(store, 'rydberg')).toEqual([ids.energy]);
    expect(found(store, 'UBERGANG')).toEqual([ids.text]);
    expect(found(store, 'übergang')).toEqual([ids.text]);
    expect(found(store, 'dict')).toEqual([ids.energy]);
    expect(found(store, 'ilicon')).toEqual([]);
  });

  test('puts exact names first, then the newest', () => {
    const [store, ids] = filled((graph) => ({
      old: graph.data({ label: 'silicon' }),
      begins: graph.data({ label: 'silicon bulk' }),
      inside: graph.data({ label: 'bulk silicon' }),
      newest: graph.data({ label: 'bulk silicon' }),
    }));
    expect(found(store, 'silicon')).toEqual([ids.old, ids.begins, ids.newest, ids.inside]);
  });

  test('does not mind marks that mean something to FTS5 or to LIKE', () => {
    const [store, id] = filled((graph) => graph.data({ label: '100% "odd" (label) OR x*y' }));
    for (const words of ['100%', '"odd"', '(label)', 'OR', 'x*y', "odd'", '100% odd']) {
      expect([words, found(store, words)]).toEqual([words, [id]]);
    }
    expect(found(store, '')).toEqual([]);
    expect(found(store, '%')).toEqual([id]);
    expect(found(store, '***')).toEqual([]);
  });

  test('follows a new label, a new description, and a deletion', () => {
    const [store, id] = filled((graph) => graph.data({ label: 'before' }));
    store.write((tx) => {
      tx.setLabel(id, 'after', 1);
      tx.setDescription(id, 'explained', 1);
    });
    expect([found(store, 'after'), found(store, 'explained')]).toEqual([[id], [id]]);
    if (isIndexed) {
      indexNow(store);
      expect([found(store, 'after'), found(store, 'before')]).toEqual([[id], []]);
    }
    const db = openSecondWriter(store.file);
    db.exec(`DELETE FROM nodes WHERE id = ${id}`);
    db.close();
    expect(found(store, 'after')).toEqual([]);
  });

  test('free words of a filter find the same', () => {
    const [store, ids] = filled((graph) => [
      graph.data({ label: 'relax one' }),
      graph.data({ label: 'relax two' }),
      graph.data({ label: 'other' }),
    ]);
    const page = (filter: string): readonly number[] =>
      findNodes(sessionOf(store), { filter, typePrefix: '', after: null, limit: 10 }).rows.map(
        ({ pk }) => pk,
      );
    expect(page('relax')).toEqual([ids[1], ids[0]]);
    expect(page('relax -two')).toEqual([ids[0]]);
    expect(page('"relax tw"')).toEqual([ids[1]]);
  });
});

test('search finds groups, computers, UUIDs and PKs', () => {
  const store = temporaryStore();
  const [group, place] = [newUuid(), newUuid()];
  const id = build(store, (graph) => graph.data());
  const uuid = store.write((tx) => {
    tx.insertGroup({ uuid: group, label: 'silicon study', typeString: 'core', description: '', time: 1 });
    tx.insertComputer({
      uuid: place,
      label: 'daint',
      hostname: 'daint.example.org',
      description: '',
      schedulerType: 'core.slurm',
      transportType: 'core.ssh',
      metadata: {},
    });
    return tx.node(id)?.uuid ?? '';
  });
  const hits = (words: string): unknown => searchAll(sessionOf(store), words, 10);
  expect(hits('study')).toEqual([{ kind: 'group', uuid: group, label: 'silicon study', count: 0 }]);
  expect(hits('example.org')).toEqual([
    { kind: 'computer', uuid: place, label: 'daint', hostname: 'daint.example.org' },
  ]);
  expect(hits(uuid.slice(0, 8).toUpperCase())).toMatchObject([{ kind: 'node', node: { pk: id } }]);
  expect(hits(String(id))).toMatchObject([{ kind: 'node', node: { pk: id }, matched: `PK ${id}` }]);
});

test('the index follows by itself, in slices, also for what was sealed later', async () => {
  const store = temporaryStore({ indexAfterMs: 1 });
  const calc = build(store, (graph) => {
    for (let i = 0; i < 300; i++) graph.data({ label: `number${i}` });
    return graph.calculation();
  });
  const db = openReader(store.file);
  onTestFinished(() => void db.close());
  const inIndex = (word: string): number =>
    db.prepare('SELECT count(*) FROM search WHERE search MATCH ?').pluck().get(`"${word}"*`) as number;
  await until('everything is indexed', () => inIndex('number') === 300 && inIndex('arithmetic') === 1);
  store.write((tx) => {
    tx.patchAttributes(calc, { exit_message: 'walltime exceeded', exit_status: 400 }, 1);
    tx.seal(calc);
  });
  await until('the ended process is indexed again', () => inIndex('walltime') === 1);
  expect(db.prepare('SELECT count(*) FROM search_queue').pluck().get()).toBe(0);
});

test('a node that comes in under a lower id is indexed too', () => {
  const store = temporaryStore({ indexAfterMs: -1 });
  build(store, (graph) => graph.data());
  const db = openSecondWriter(store.file);
  onTestFinished(() => void db.close());
  db.exec(`INSERT INTO nodes (id, uuid, node_type, label, ctime, mtime, user_id, sealed)
    VALUES (100, '${newUuid()}', 'data.core.int.Int.', 'high', 1, 1, 1, 1)`);
  indexNow(store);
  db.exec(`INSERT INTO nodes (id, uuid, node_type, label, ctime, mtime, user_id, sealed)
    VALUES (50, '${newUuid()}', 'data.core.int.Int.', 'low', 1, 1, 1, 1)`);
  expect(new SearchIndex(db).isBehind).toBe(true);
  expect(found(store, 'low')).toEqual([50]);
  indexNow(store);
  expect(new SearchIndex(db).isBehind).toBe(false);
  expect(found(store, 'low')).toEqual([50]);
});

describe('words', () => {
  const source = {
    label: '',
    description: '',
    nodeType: NodeType.dict,
    processType: null,
    processLabel: null,
    attributes: null,
  };

  test('are cut at everything that is no letter and no digit, without case and accents', () => {
    const cut = (text: string): readonly string[] => searchTokens(text);
    expect(cut('a_b-c.d/e 1e-07')).toEqual(['a', 'b', 'c', 'd', 'e', '1e', '07']);
    expect(cut('Größe Ångström naïve Ελλάδα')).toEqual(['große', 'angstrom', 'naive', 'ελλαδα']);
    expect(cut('日本語 テスト')).toEqual(['日本語', 'テスト'.normalize('NFD').replaceAll(/\p{M}/gu, '')]);
  });

  test('of any label find it, before and after the index has followed', () => {
    const store = temporaryStore({ indexAfterMs: -1 });
    const session = sessionOf(store);
    const label = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }).filter((one) => one.isWellFormed() && !one.includes('\0')),
    );
    fc.assert(
      fc.property(label, (text) => {
        const id = build(store, (graph) => graph.data({ label: text }));
        const finds = (word: string): boolean =>
          findNodes(session, {
            filter: JSON.stringify(word),
            typePrefix: '',
            after: null,
            limit: 500,
          }).rows.some(({ pk }) => pk === id);
        const words = searchTokens(text)
          .map((word) => word.slice(0, 20))
          .filter((word) => !word.includes('\\u'));
        for (const word of words) expect([word, finds(word)]).toEqual([word, true]);
        indexNow(store);
        for (const word of words) expect([word, finds(word)]).toEqual([word, true]);
      }),
      { numRuns: 60 },
    );
  });

  test('leave long values and deep ones out, and stay within bounds', () => {
    const long = 'x'.repeat(101);
    const words = searchWords({
      ...source,
      attributes: JSON.stringify({
        short: 'yes',
        long,
        a: { b: { c: { d: { e: 'deep' } } } },
        list: ['in', 'list'],
      }),
    });
    expect(words).toBe('Dict yes in list');
    const many = searchWords({
      ...source,
      attributes: JSON.stringify(Array.from({ length: 10_000 }, () => 'word')),
    });
    expect(many.length).toBeLessThan(3000);
  });

  test('of a query are beginnings, all of which must be there', () => {
    expect(ftsQuery('Pw-relax "2"')).toBe('"pw"* "relax"* "2"*');
    expect(ftsQuery('  -- ')).toBeNull();
  });
});

test('the index is removed with its nodes, and checks out', () => {
  const store = temporaryStore({ indexAfterMs: -1 });
  const ids = build(store, (graph) =>
    Array.from({ length: 50 }, (_, i) => graph.data({ label: `word${i}` })),
  );
  indexNow(store);
  const db = openSecondWriter(store.file);
  onTestFinished(() => void db.close());
  db.exec(`DELETE FROM nodes WHERE id % 2 = ${(ids[0] as NodeId) % 2}`);
  expect(db.prepare(`SELECT count(*) FROM search WHERE search MATCH '"word"*'`).pluck().get()).toBe(25);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
});
