import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSecondWriter } from '#main/provenance/database.ts';
import { openReaders, type Readers, type SourceObjects } from '#main/provenance/readers.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';
import type { GraphPart } from '#shared/contract/areas/nodes.ts';
import { newUuid, type NodeId, type ObjectHash, type Uuid } from '#shared/provenance/ids.ts';
import { linkTypes } from '#shared/provenance/links.ts';
import { nodeKinds, NodeType } from '#shared/provenance/node-types.ts';
import { treeOf } from '#shared/provenance/repository-tree.ts';
import { exportRules } from '#shared/provenance/traversal-rules.ts';
import { displayStates } from '#shared/process/states.ts';
import { build, GraphWriter, temporaryStore } from '../../support/profile-database.ts';

const noObjects: SourceObjects = {
  sizes: (hashes) => Promise.resolve(hashes.map(() => null)),
  read: () => Promise.reject(new Error('no objects here')),
};

function readersOf(store: ProvenanceStore): Readers {
  const readers = openReaders({ file: store.file, objects: noObjects });
  onTestFinished(() => readers.close());
  return readers;
}

const uuidOf = (store: ProvenanceStore, id: NodeId): Uuid => store.write((tx) => tx.node(id))?.uuid as Uuid;

const around = { up: 1000, down: 1000, linkTypes: [...linkTypes], limit: 5000 };

/** Nodes as `pk:depth` and links as `from-label->to`, for comparing. */
const drawn = (part: GraphPart): unknown => ({
  nodes: [...part.pk].map((pk, i) => `${pk}:${part.depth[i]}`).toSorted(),
  links: [...part.from]
    .map((from, j) => `${part.pk[from]}-${part.linkLabel[j]}->${part.pk[part.to[j] ?? -1]}`)
    .toSorted(),
});

/** A multiply_add: x·y by a function, then + z by a job; and a cycle by `return`. */
function multiplyAdd(graph: GraphWriter) {
  const [x, y, z] = [graph.data({ label: 'x' }), graph.data({ label: 'y' }), graph.data({ label: 'z' })];
  const work = graph.workflow();
  const multiply = graph.node(NodeType.calcFunction, {
    attributes: { process_state: 'finished', exit_status: 0, process_label: 'multiply' },
  });
  const product = graph.data({ label: 'product' });
  const add = graph.calculation();
  const sum = graph.data({ label: 'sum' });
  for (const [node, label] of [
    [x, 'x'],
    [y, 'y'],
    [z, 'z'],
  ] as const) {
    graph.link(node, work, 'input_work', label);
  }
  graph.link(work, multiply, 'call_calc', 'multiply');
  graph.link(x, multiply, 'input_calc', 'x');
  graph.link(y, multiply, 'input_calc', 'y');
  graph.link(multiply, product, 'create', 'result');
  graph.link(work, add, 'call_calc', 'add');
  graph.link(product, add, 'input_calc', 'x');
  graph.link(z, add, 'input_calc', 'y');
  graph.link(add, sum, 'create', 'sum');
  graph.link(work, sum, 'return', 'result');
  return { x, y, z, work, multiply, product, add, sum };
}

describe('the graph around a node', () => {
  test('has its ancestors and descendants with their distances, all links between them, and what is beyond', async () => {
    const store = temporaryStore();
    const ids = build(store, multiplyAdd);
    const readers = readersOf(store);
    const part = await readers.profile.graphAround({
      ...around,
      uuid: uuidOf(store, ids.product),
      up: 1,
      down: 1,
    });
    if (part === null) throw new Error('not found');
    expect(drawn(part)).toEqual({
      nodes: [`${ids.product}:0`, `${ids.multiply}:-1`, `${ids.add}:1`].toSorted(),
      links: [`${ids.multiply}-result->${ids.product}`, `${ids.product}-x->${ids.add}`].toSorted(),
    });
    const at = (id: number): number => part.pk.indexOf(id);
    expect(part.root).toBe(at(ids.product));
    expect([part.hiddenIncoming[at(ids.multiply)], part.hiddenOutgoing[at(ids.add)]]).toEqual([3, 1]);
    expect([part.hiddenCallers[at(ids.multiply)], part.hiddenCalls[at(ids.add)]]).toEqual([1, 0]);
    expect([...part.linkInferred]).toEqual([0, 0]);
    expect([part.ancestors, part.descendants, part.truncated]).toEqual([5, 2, false]);
    expect(nodeKinds[part.kind[at(ids.multiply)] ?? -1]).toBe('calculation');
    expect(displayStates[part.state[at(ids.multiply)] ?? -1]).toBe('finished');
    expect(part.state[part.root]).toBe(255);
    expect([part.name[part.root], part.summary[part.root]]).toEqual(['product', '1']);
    expect(linkTypes[part.linkType[part.linkLabel.indexOf('result')] ?? -1]).toBe('create');
  });

  test('follows only the types that were asked for', async () => {
    const store = temporaryStore();
    const ids = build(store, multiplyAdd);
    const part = await readersOf(store).profile.graphAround({
      ...around,
      uuid: uuidOf(store, ids.sum),
      linkTypes: ['input_calc', 'create'],
    });
    expect(part === null ? null : [...part.pk].toSorted((a, b) => a - b)).toEqual(
      [ids.x, ids.y, ids.z, ids.multiply, ids.product, ids.add, ids.sum].toSorted((a, b) => a - b),
    );
  });

  test('stops at its limit, nearest first, and says so', async () => {
    const store = temporaryStore();
    const ids = build(store, multiplyAdd);
    const part = await readersOf(store).profile.graphAround({
      ...around,
      uuid: uuidOf(store, ids.product),
      limit: 4,
    });
    expect([part?.pk.length, part?.truncated, part?.ancestors]).toEqual([4, true, 5]);
    expect([...(part?.depth ?? [])].map(Math.abs)).toEqual([0, 1, 1, 2]);
  });

  test('is null for a node that is not there', async () => {
    const store = temporaryStore();
    expect(await readersOf(store).profile.graphAround({ ...around, uuid: newUuid() })).toBeNull();
  });

  test('follows what is written and what is deleted', async () => {
    const store = temporaryStore();
    const readers = readersOf(store);
    const [data, calc] = build(store, (graph) => {
      const made = [graph.data(), graph.calculation()] as const;
      graph.link(made[0], made[1], 'input_calc', 'x');
      return made;
    });
    const uuid = uuidOf(store, data);
    const size = async (): Promise<number | undefined> =>
      (await readers.profile.graphAround({ ...around, uuid }))?.pk.length;
    expect(await size()).toBe(2);
    const out = build(store, (graph) => {
      const made = graph.data();
      graph.link(calc, made, 'create', 'result');
      return made;
    });
    expect(await size()).toBe(3);
    const db = openSecondWriter(store.file);
    db.exec(`BEGIN; DELETE FROM nodes WHERE id IN (${calc}, ${out}); DELETE FROM links; COMMIT`);
    db.close();
    expect(await size()).toBe(1);
  });

  test('is what a walk over the rows of links finds, in any graph', async () => {
    const store = temporaryStore({ indexAfterMs: -1 });
    const readers = readersOf(store);
    const raw = openSecondWriter(store.file);
    onTestFinished(() => void raw.close());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(...linkTypes)), { maxLength: 25 }),
        fc.nat(),
        async (pairs, seed) => {
          const ids = build(store, (graph) => {
            const made = [
              ...Array.from({ length: 5 }, () => graph.data()),
              ...Array.from({ length: 3 }, () => graph.calculation()),
              ...Array.from({ length: 2 }, () => graph.workflow()),
            ];
            pairs.forEach(([a, b, type], i) => {
              try {
                graph.link(made[a % made.length] as NodeId, made[b % made.length] as NodeId, type, `l${i}`);
              } catch {
                // the rules of the graph refuse most of them
              }
            });
            return made;
          });
          const root = ids[seed % ids.length] as NodeId;
          const links = raw
            .prepare<[], { a: number; b: number; label: string }>(
              'SELECT source_id AS a, target_id AS b, label FROM links',
            )
            .all();
          const walk = (from: 'a' | 'b', to: 'a' | 'b'): Map<number, number> => {
            const depth = new Map<number, number>([[root, 0]]);
            for (const [node, steps] of depth) {
              for (const link of links) {
                if (link[from] === node && !depth.has(link[to])) depth.set(link[to], steps + 1);
              }
            }
            return depth;
          };
          const [up, down] = [walk('b', 'a'), walk('a', 'b')];
          const part = await readers.profile.graphAround({ ...around, uuid: uuidOf(store, root) });
          if (part === null) throw new Error('not found');
          expect([part.ancestors, part.descendants]).toEqual([up.size - 1, down.size - 1]);
          const expected = new Set([...up.keys(), ...down.keys()]);
          expect([...part.pk].toSorted((a, b) => a - b)).toEqual([...expected].toSorted((a, b) => a - b));
          part.pk.forEach((pk, i) => {
            const depth = part.depth[i] ?? 0;
            expect(depth <= 0 ? up.get(pk) : down.get(pk)).toBe(Math.abs(depth));
          });
          const inside = links.filter(({ a, b }) => expected.has(a) && expected.has(b));
          expect((drawn(part) as { links: string[] }).links).toEqual(
            inside.map(({ a, b, label }) => `${a}-${label}->${b}`).toSorted(),
          );
        },
      ),
      { numRuns: 25 },
    );
  });
});

test('two nodes joined twice keep both labels', async () => {
  const store = temporaryStore();
  const [data, work] = build(store, (graph) => {
    const made = [graph.data(), graph.workflow()] as const;
    graph.link(made[0], made[1], 'input_work', 'first');
    graph.link(made[0], made[1], 'input_work', 'second');
    graph.link(made[1], made[0], 'return', 'same');
    return made;
  });
  const part = await readersOf(store).profile.graphAround({ ...around, uuid: uuidOf(store, data) });
  expect(part === null ? null : drawn(part)).toEqual({
    nodes: [`${data}:0`, `${work}:-1`].toSorted(),
    links: [`${data}-first->${work}`, `${data}-second->${work}`, `${work}-same->${data}`].toSorted(),
  });
});

describe('the page of a node', () => {
  test('has everything that is stored of it', async () => {
    const store = temporaryStore();
    const [a, b] = ['a', 'b'].map((digit) => digit.repeat(64) as ObjectHash) as [ObjectHash, ObjectHash];
    const comment = newUuid();
    const group = newUuid();
    const { folder, calc } = store.write((tx) => {
      const graph = new GraphWriter(tx);
      const made = {
        folder: graph.node(NodeType.folder, {
          label: 'retrieved',
          extras: { tag: 'x' },
          repository: treeOf([
            ['out/log.txt', a],
            ['aiida.in', b],
          ]),
        }),
        calc: graph.calculation(),
      };
      graph.link(made.calc, made.folder, 'create', 'retrieved');
      tx.insertComment({ uuid: comment, node: made.folder, time: 2_000_000, content: 'good' });
      tx.insertGroup({ uuid: group, label: 'g', typeString: 'core', description: '', time: 1 });
      tx.addToGroup(group, [tx.node(made.folder)?.uuid as Uuid]);
      return made;
    });
    const readers = readersOf(store);
    const uuid = uuidOf(store, folder);
    expect(await readers.profile.node({ uuid })).toMatchObject({
      ref: { uuid, pk: folder, kind: 'data', name: 'retrieved', summary: '2 files', state: null },
      label: 'retrieved',
      user: 'user@localhost',
      attributes: '{}',
      extras: expect.stringMatching(/^\{"tag": "x", "_aiida_hash": "[0-9a-f]{64}"\}$/),
      files: [
        { path: 'aiida.in', kind: 'file', size: null, hash: b },
        { path: 'out', kind: 'directory', size: null, hash: '' },
        { path: 'out/log.txt', kind: 'file', size: null, hash: a },
      ],
      incoming: [{ label: 'retrieved', type: 'create', node: { pk: calc, state: 'created' } }],
      outgoing: [],
      moreIncoming: 0,
      groups: [{ uuid: group, label: 'g' }],
      comments: [{ uuid: comment, user: 'user@localhost', ctime: 2000, content: 'good' }],
    });
    expect(await readers.profile.fileHash({ uuid, path: 'out/log.txt' })).toBe(a);
    expect(await readers.profile.fileHash({ uuid, path: 'out' })).toBeNull();
    expect(await readers.profile.node({ uuid: newUuid() })).toBeNull();
  });

  test('lists 500 links and counts the rest', async () => {
    const store = temporaryStore({ indexAfterMs: -1 });
    const data = build(store, (graph) => {
      const hub = graph.data();
      for (let i = 0; i < 510; i++) graph.link(hub, graph.calculation(), 'input_calc', 'x');
      return hub;
    });
    const detail = await readersOf(store).profile.node({ uuid: uuidOf(store, data) });
    expect([detail?.outgoing.length, detail?.moreOutgoing]).toEqual([500, 10]);
  });

  test('is found by PK and by the beginning of its UUID', async () => {
    const store = temporaryStore();
    const data = build(store, (graph) => graph.data());
    const { profile } = readersOf(store);
    const uuid = uuidOf(store, data);
    const pks = async (text: string): Promise<readonly number[]> =>
      (await profile.resolveNodes({ text })).map(({ pk }) => pk);
    expect(await pks(String(data))).toEqual([data]);
    expect(await pks(uuid.slice(0, 4))).toEqual([data]);
    expect(await pks(uuid)).toEqual([data]);
    expect(await pks('zzzz')).toEqual([]);
    expect(await pks(uuid.slice(0, 3))).toEqual([]);
  });
});

test('a process comes with its links, log, journal and state', async () => {
  const store = temporaryStore();
  const ids = build(store, (graph, tx) => {
    const made = multiplyAdd(graph);
    tx.log({ process: made.add, time: 3000, level: 'REPORT', logger: 'engine', message: 'second' });
    tx.log({ process: made.add, time: 2000, level: 'REPORT', logger: 'engine', message: 'first' });
    tx.appendJournal({ process: made.add, time: 9, event: '{"kind":"x"}' });
    tx.putRun({ process: made.add, state: '{"kind":"job"}' });
    return made;
  });
  const { profile } = readersOf(store);
  const stored = await profile.process({ uuid: uuidOf(store, ids.add) });
  expect(stored).toMatchObject({
    ref: { pk: ids.add },
    row: { pk: ids.add, kind: 'calculation-job', caller: uuidOf(store, ids.work) },
    processType: 'aiida.calculations:core.arithmetic.add',
    inputs: [
      { label: 'x', node: { pk: ids.product } },
      { label: 'y', node: { pk: ids.z } },
    ],
    outputs: [{ label: 'sum', node: { pk: ids.sum } }],
    called: [],
    caller: { label: 'add', node: { pk: ids.work } },
    log: [{ message: 'first', time: 2 }, { message: 'second' }],
    journal: [{ time: 9, event: '{"kind":"x"}' }],
    run: '{"kind":"job"}',
  });
  expect(
    (await profile.process({ uuid: uuidOf(store, ids.work) }))?.called.map(({ label }) => label),
  ).toEqual(['multiply', 'add']);
  expect(await profile.process({ uuid: uuidOf(store, ids.x) })).toBeNull();
});

test('codes and computers are listed with what refers to them', async () => {
  const store = temporaryStore();
  const place = newUuid();
  store.write((tx) => {
    const graph = new GraphWriter(tx);
    const computer = tx.insertComputer({
      uuid: place,
      label: 'daint',
      hostname: 'h',
      description: '',
      schedulerType: 'core.slurm',
      transportType: 'core.ssh',
      metadata: {},
    });
    tx.putAuth(place, { enabled: true, params: {} });
    const code = graph.node(NodeType.installedCode, {
      label: 'pw',
      computer,
      attributes: { filepath_executable: '/opt/pw.x', input_plugin: 'qe.pw', with_mpi: true },
    });
    graph.node('data.core.code.Code.', {
      label: 'old',
      attributes: { remote_exec_path: '/bin/old', with_mpi: null },
      extras: { hidden: true },
    });
    graph.link(code, graph.calculation({ computer }), 'input_calc', 'code');
  });
  const { profile } = readersOf(store);
  expect(await profile.codes({ hidden: false })).toEqual([
    expect.objectContaining({
      fullLabel: 'pw@daint',
      executable: '/opt/pw.x',
      defaultPlugin: 'qe.pw',
      withMpi: true,
      hidden: false,
      calculations: 1,
      computerUuid: place,
    }),
  ]);
  expect(
    (await profile.codes({ hidden: true })).map(({ fullLabel, executable, withMpi }) => [
      fullLabel,
      executable,
      withMpi,
    ]),
  ).toEqual([
    ['old', '/bin/old', null],
    ['pw@daint', '/opt/pw.x', true],
  ]);
  expect(await profile.computerRows(null)).toEqual([
    expect.objectContaining({ label: 'daint', enabled: true, configured: true, codes: 1, calculations: 1 }),
  ]);
});

describe('what an export takes along', () => {
  test('is the closure by AiiDA’s rules, with what hangs on it', async () => {
    const store = temporaryStore();
    const [a, b] = ['a', 'b'].map((digit) => digit.repeat(64) as ObjectHash) as [ObjectHash, ObjectHash];
    const ids = build(store, (graph, tx) => {
      const made = multiplyAdd(graph);
      graph.node(NodeType.folder, { label: 'unrelated', repository: treeOf([['f', a]]) });
      tx.setRepository(
        made.add,
        treeOf([
          ['one', b],
          ['two', b],
          ['three', a],
        ]),
      );
      tx.log({ process: made.add, time: 1, level: 'REPORT', logger: 'e', message: 'm' });
      return made;
    });
    const { profile } = readersOf(store);
    const all = Object.values(ids).toSorted((x, y) => x - y);
    const closure = await profile.exportClosure({
      what: { kind: 'nodes', uuids: [uuidOf(store, ids.sum)] },
      rules: exportRules,
    });
    expect([...closure.ids]).toEqual(all);
    expect(closure.links).toBe(12);
    expect(closure.byRule.reduce((sum, { nodes }) => sum + nodes, 0)).toBe(8);
    expect(closure.byRule[0]).toMatchObject({ rule: 'chosen', nodes: 1, examples: [{}] });
    expect(closure.unsealed.map(({ name }) => name).toSorted()).toEqual([
      'ArithmeticAddCalculation',
      'MultiplyAddWorkChain',
      'multiply',
    ]);
    expect([closure.unsealedCount, closure.logs, closure.comments, closure.users, closure.computers]).toEqual(
      [3, 1, 0, 1, 0],
    );
    expect(Buffer.from(closure.objects).toString('hex')).toBe(a + b);

    const bare = await profile.exportClosure({
      what: { kind: 'nodes', uuids: [uuidOf(store, ids.product)] },
      rules: { ...exportRules, create_backward: false },
    });
    expect([...bare.ids]).toEqual([ids.product]);
    const everything = await profile.exportClosure({ what: { kind: 'all' }, rules: exportRules });
    expect(everything.ids.length).toBe(9);
    expect(everything.byRule).toMatchObject([{ rule: 'chosen', nodes: 9 }]);
    expect(everything.byRule[0]?.examples).toHaveLength(5);
  });

  test('is refused for what is not there', async () => {
    const { profile } = readersOf(temporaryStore());
    const uuid = newUuid();
    await expect(
      profile.exportClosure({ what: { kind: 'nodes', uuids: [uuid] }, rules: exportRules }),
    ).rejects.toMatchObject({
      code: 'node-missing',
      subject: uuid,
    });
    await expect(
      profile.exportClosure({ what: { kind: 'group', uuid }, rules: exportRules }),
    ).rejects.toMatchObject({
      code: 'group-missing',
    });
  });
});

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
