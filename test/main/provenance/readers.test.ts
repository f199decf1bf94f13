import { describe, expect, test } from 'vitest';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { linkTypes } from '#shared/provenance/links.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { treeOf } from '#shared/provenance/repository-tree.ts';
import { displayStates } from '#shared/process/states.ts';
import { build, temporaryStore } from '../../support/profile-database.ts';
import { noObjects, readersOf } from './read-samples.ts';

describe('the readers', () => {
  test('tell errors as the writer does, and go on', async () => {
    const { profile } = readersOf(temporaryStore());
    await expect(
      profile.findNodes({ filter: 'x:', typePrefix: '', after: null, limit: 1 }),
    ).rejects.toMatchObject({
      family: 'user',
      code: 'bad-filter',
    });
    expect(await profile.counts(null)).toMatchObject({ nodes: 0, links: 0, users: 1 });
  });

  test('drop a question that is cancelled while it waits', async () => {
    const { profile } = readersOf(temporaryStore());
    const abort = new AbortController();
    const asked = Array.from({ length: 10 }, () => profile.nodeTypes(null, abort.signal));
    abort.abort();
    for (const one of asked) await expect(one).rejects.toMatchObject({ name: 'AbortError' });
    expect(await profile.nodeTypes(null)).toEqual([]);
  });

  test('know the sources that are open', async () => {
    const readers = readersOf(temporaryStore());
    expect(readers.source('profile').reader).toBe(readers.profile);
    expect(() => readers.source('archive-1')).toThrow(/not open any more/);
    readers.addSource('archive-1', { reader: readers.profile, objects: noObjects });
    expect(readers.source('archive-1').objects).toBe(noObjects);
    readers.removeSource('archive-1');
    expect(() => readers.source('archive-1')).toThrow(/not open any more/);
  });

  test('count types, states and hashes', async () => {
    const store = temporaryStore();
    build(store, (graph) => {
      graph.data({ repository: treeOf([['f', 'c'.repeat(64) as ObjectHash]]) });
      graph.data({ repository: treeOf([['g', 'c'.repeat(64) as ObjectHash]]) });
      graph.calculation();
    });
    const { profile } = readersOf(store);
    expect(await profile.nodeTypes(null)).toEqual([
      { nodeType: NodeType.int, processType: '', count: 2 },
      { nodeType: NodeType.calcJob, processType: 'aiida.calculations:core.arithmetic.add', count: 1 },
    ]);
    expect(await profile.stateCounts(null)).toEqual({
      created: 1,
      running: 0,
      waiting: 0,
      paused: 0,
      finished: 0,
      failed: 0,
      excepted: 0,
      killed: 0,
    });
    expect(Buffer.from((await profile.objects(null)).hashes).toString('hex')).toBe('c'.repeat(64));
    expect(await profile.warmGraph(null)).toEqual({ nodes: 3, links: 0 });
  });

  test('keep slow queries for the Diagnostics page', async () => {
    const store = temporaryStore({ indexAfterMs: -1 });
    const readers = readersOf(store);
    build(store, (graph) => {
      const attributes = Object.fromEntries(
        Array.from({ length: 400 }, (_, i) => [`key${i}`, 'x'.repeat(50)]),
      );
      for (let i = 0; i < 3000; i++) graph.data({ attributes });
    });
    await readers.profile.findNodes({
      filter: 'attr.key399:~y OR attr.key398:~z',
      typePrefix: '',
      after: null,
      limit: 1,
    });
    expect(readers.slowQueries().length).toBeGreaterThan(0);
    expect(readers.slowQueries()[0]?.sql).toMatch(/^SELECT/);
    expect(readers.slowQueries()[0]?.ms).toBeGreaterThan(40);
  });
});

test('link types keep their places, because columns carry them as numbers', () => {
  expect(linkTypes).toEqual(['input_calc', 'input_work', 'create', 'return', 'call_calc', 'call_work']);
  expect(displayStates).toEqual([
    'created',
    'running',
    'waiting',
    'paused',
    'finished',
    'failed',
    'excepted',
    'killed',
  ]);
});
