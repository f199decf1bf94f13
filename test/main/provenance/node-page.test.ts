import { describe, expect, test } from 'vitest';
import { newUuid, type ObjectHash, type Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { treeOf } from '#shared/provenance/repository-tree.ts';
import { build, GraphWriter, temporaryStore } from '../../support/profile-database.ts';
import { multiplyAdd, readersOf, uuidOf } from './read-samples.ts';

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
