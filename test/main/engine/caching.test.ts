import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NewProcess } from '#main/engine/create-process.ts';
import { Engine } from '#main/engine/engine.ts';
import type { ProcessSource } from '#main/engine/ports.ts';
import { newToken } from '#main/engine/token.ts';
import { openPluginHost, type OpenPluginHost } from '#main/plugins/host.ts';
import { openStore } from '#main/provenance/store.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';
import { openRepository, type SharedRepository } from '#main/repository/repository.ts';
import { seededRandom } from '#shared/base/random.ts';
import { systemClock } from '#shared/base/system-clock.ts';
import type { CacheChoice, CachingRules } from '#shared/process/caching-rules.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import { cacheExtras } from '#shared/provenance/cache-extras.ts';
import { newUuid, type ComputerId, type NodeId, type Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { FakeCluster, newCluster } from './fake-cluster.ts';

const computer = newUuid();
const random = seededRandom(20_261_122);
const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stemma-caching-'));
  folders.push(folder);
  return folder;
};
let plugins: OpenPluginHost;
let repository: SharedRepository;
let cluster = newCluster();
let store: ProvenanceStore;
let engine: Engine;
let code: Uuid;
let rules: CachingRules;
/** Texts that differ from those that are installed, as after an edit. */
const edited = new Map<string, ProcessSource>();

beforeAll(async () => {
  repository = await openRepository(path.join(newFolder(), 'repository'));
  const modules = [new URL('./test-workflows.ts', import.meta.url).href];
  plugins = await openPluginHost({ objects: repository, modules, threads: 1 });
});
afterAll(async () => {
  await plugins.close();
  await repository.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function start(): Engine {
  const started = new Engine({
    store: store.engine,
    objects: repository,
    jobs: new FakeCluster(cluster, repository),
    computers: {
      uuidOf: (id) => store.computers().find((record) => record.id === id)?.uuid ?? null,
      idOf: (uuid): ComputerId | null => store.computer(uuid)?.id ?? null,
      script: () => '#!/bin/bash\n',
    },
    plugins: { ...plugins, source: (plugin) => edited.get(plugin) ?? plugins.source?.(plugin) ?? null },
    clock: systemClock,
    random,
    coreVersion: '0.0.0',
    cachingRules: () => rules,
  });
  started.errors.on((error) => {
    throw error;
  });
  started.start();
  return started;
}

beforeEach(() => {
  cluster = newCluster();
  edited.clear();
  rules = { enabled: false, enabledFor: [], disabledFor: [] };
  store = openStore({ file: path.join(newFolder(), 'stemma.sqlite'), indexAfterMs: -1 });
  code = newUuid();
  store.write((tx) => {
    const id = tx.insertComputer({
      uuid: computer,
      label: 'fake',
      hostname: 'fake',
      description: '',
      schedulerType: 'core.direct',
      transportType: 'core.local',
      metadata: {},
    });
    tx.insertNode({
      uuid: code,
      nodeType: NodeType.installedCode,
      processType: null,
      label: 'bash',
      description: '',
      ctime: 0,
      attributes: { filepath_executable: '/bin/bash' },
      computer: id,
    });
  });
  engine = start();
});
afterEach(async () => {
  await engine.stop();
  store.close();
});

const int = (value: number) => ({
  nodeType: NodeType.int,
  attributes: `{"value": ${value}}`,
  label: '',
  files: [],
});

async function run(
  plugin: string,
  inputs: NewProcess['inputs'],
  caching: CacheChoice = 'profile',
  more: { label?: string; options?: object } = {},
): Promise<Uuid> {
  const spec = engine.spec(plugin);
  const uuid = newUuid();
  const options = jobOptions.parse(more.options ?? {});
  await engine.launch({
    spec,
    uuid,
    label: more.label ?? '',
    description: '',
    inputs,
    job: spec.kind === 'calculation-job' ? { computer, options, token: newToken(random) } : null,
    caller: null,
    caching,
  });
  await engine.ended(uuid);
  return uuid;
}

const multiply = (x: number, y: number, caching?: CacheChoice): Promise<Uuid> =>
  run('core.arithmetic.multiply', { x: int(x), y: int(y) }, caching);
const add = (x: number, y: number, caching?: CacheChoice, options: object = {}): Promise<Uuid> =>
  run('core.arithmetic.add', { code: { uuid: code }, x: int(x), y: int(y) }, caching, { options });

interface Seen {
  readonly id: NodeId;
  readonly attributes: Record<string, unknown>;
  readonly extras: Record<string, unknown>;
  readonly outputs: Record<string, { readonly uuid: Uuid; readonly text: string }>;
}

function see(uuid: Uuid): Seen {
  const texts = new Map(readExtras());
  return store.engine.read((tx) => {
    const node = tx.nodeByUuid(uuid);
    if (node === null) throw new Error(`no node ${uuid}`);
    const outputs = tx.outgoing(node.id).flatMap(({ label, target, type }) => {
      const output = tx.node(target);
      return type !== 'create' || output === null
        ? []
        : [
            [
              label,
              { uuid: output.uuid, text: `${output.nodeType} ${output.attributes} ${output.computer}` },
            ] as const,
          ];
    });
    return {
      id: node.id,
      attributes: JSON.parse(node.attributes) as Record<string, unknown>,
      extras: JSON.parse(texts.get(node.id) ?? '{}') as Record<string, unknown>,
      outputs: Object.fromEntries(outputs),
    };
  });
}

function readExtras(): readonly (readonly [NodeId, string])[] {
  const db = new Database(store.file, { readonly: true });
  try {
    return db.prepare('SELECT id, extras FROM nodes').raw().all() as [NodeId, string][];
  } finally {
    db.close();
  }
}

const source = (uuid: Uuid): unknown => see(uuid).extras[cacheExtras.cachedFrom];
const outputTexts = ({ outputs }: Seen): unknown =>
  Object.fromEntries(Object.entries(outputs).map(([label, { text }]) => [label, text]));

describe('a calculation that is equal to one that has ended', () => {
  test('runs, where nobody switched the cache on', async () => {
    await multiply(6, 7);
    expect(source(await multiply(6, 7))).toBeUndefined();
  });

  test('is a copy of it: own nodes, equal outputs, sealed, and it says whose copy it is', async () => {
    const first = await multiply(6, 7);
    const second = await multiply(6, 7, 'yes');
    const [a, b] = [see(first), see(second)];
    expect(b.extras).toEqual({ ...a.extras, [cacheExtras.cachedFrom]: first });
    expect(b.attributes).toEqual(a.attributes);
    expect(b.attributes).toMatchObject({ process_state: 'finished', exit_status: 0, sealed: true });
    expect(outputTexts(b)).toEqual(outputTexts(a));
    expect(b.outputs['result']?.uuid).not.toBe(a.outputs['result']?.uuid);
    expect(store.engine.runs()).toEqual([]);
    expect(store.engine.effects()).toEqual([]);
  });

  test('of a job has its folders too, and nothing is submitted', async () => {
    const first = await add(2, 3);
    const second = await add(2, 3, 'yes');
    expect(source(second)).toBe(first);
    expect(Object.keys(see(second).outputs).toSorted()).toEqual(['remote_folder', 'retrieved', 'sum']);
    expect(outputTexts(see(second))).toEqual(outputTexts(see(first)));
    expect(cluster.jobs.size).toBe(1);
    expect(see(second).attributes).toMatchObject({ job_id: '1000', exit_status: 0 });
  });

  test('takes the same nodes as inputs for equal ones, and keeps the label that it was given', async () => {
    const first = await run('core.arithmetic.multiply', { x: int(2), y: int(3) }, 'no', { label: 'first' });
    const output = see(first).outputs['result']?.uuid as Uuid;
    await run('core.arithmetic.multiply', { x: { uuid: output }, y: int(3) });
    const again = await run('core.arithmetic.multiply', { x: int(6), y: int(3) }, 'yes', { label: 'mine' });
    expect(source(again)).toBeDefined();
    expect(store.label(again)).toBe('mine');
    const unnamed = await run('core.arithmetic.multiply', { x: int(2), y: int(3) }, 'yes');
    expect(store.label(unnamed)).toBe('first');
  });

  test('by the rules of the profile, and a launch may say otherwise', async () => {
    const first = await multiply(6, 7);
    rules = { ...rules, enabledFor: ['aiida.calculations:core.arithmetic.*'] };
    expect(source(await multiply(6, 7))).toBe(first);
    const against = await multiply(6, 7, 'no');
    expect(source(against)).toBeUndefined();
    expect(see(against).attributes['metadata_inputs']).toEqual({ metadata: { disable_cache: true } });
    rules = { ...rules, enabledFor: [], disabledFor: ['*multiply'], enabled: true };
    expect(source(await multiply(6, 7))).toBeUndefined();
    expect(source(await multiply(6, 7, 'yes'))).toBe(first);
  });

  test('is found by what it computes, not by how it waits', async () => {
    const first = await add(2, 3, 'no', { max_wallclock_seconds: 60, queue_name: 'long' });
    expect(source(await add(2, 3, 'yes', { max_wallclock_seconds: 600 }))).toBe(first);
    expect(source(await add(2, 3, 'yes', { environment_variables: { A: '1' } }))).toBeUndefined();
    expect(source(await add(2, 3, 'yes', { resources: { num_machines: 2 } }))).toBeUndefined();
  });
});

describe('a calculation runs all the same', () => {
  test('where any of its inputs differs', async () => {
    await multiply(6, 7);
    const float = { ...int(6), nodeType: NodeType.float, attributes: '{"value": 6.0}' };
    expect(source(await multiply(7, 6, 'yes'))).toBeUndefined();
    expect(source(await run('core.arithmetic.multiply', { x: float, y: int(7) }, 'yes'))).toBeUndefined();
  });

  test.each(['core.arithmetic.multiply', 'core.arithmetic.add'])(
    'where the code of %s was changed without a new version, until it is as it was',
    async (plugin) => {
      const again = (caching: CacheChoice): Promise<Uuid> =>
        plugin === 'core.arithmetic.add' ? add(2, 3, caching) : multiply(2, 3, caching);
      const first = await again('no');
      const text = 'export const changed = 1;';
      edited.set(plugin, { text, ...(await repository.putBytes(new TextEncoder().encode(text))) });
      const other = await again('yes');
      expect(source(other)).toBeUndefined();
      expect(source(await again('yes'))).toBe(other);
      edited.clear();
      expect(source(await again('yes'))).toBe(first);
    },
  );

  test('where an equal one is of another process with the same inputs', async () => {
    await run('test.sum', { a: int(1), b: int(2) });
    expect(source(await run('test.difference', { a: int(1), b: int(2) }, 'yes'))).toBeUndefined();
  });

  test('where the equal one failed, unless its exit code says that this is the answer', async () => {
    await run('test.failing', { status: int(300) });
    expect(source(await run('test.failing', { status: int(300) }, 'yes'))).toBeUndefined();
    const hopeless = await run('test.failing', { status: int(301) });
    expect(see(hopeless).attributes['exit_status']).toBe(301);
    const again = await run('test.failing', { status: int(301) }, 'yes');
    expect(source(again)).toBe(hopeless);
    expect(see(again).attributes['exit_status']).toBe(301);
  });

  test('where a person took the equal one out of the cache, until they put it back', async () => {
    const first = await multiply(6, 7);
    const id = store.nodeId(first) as NodeId;
    const say = (valid: boolean | undefined): void =>
      store.write((tx) => tx.patchExtras(id, { [cacheExtras.valid]: valid }, 1));
    say(false);
    expect(source(await multiply(6, 7, 'yes'))).toBeUndefined();
    say(undefined);
    expect(source(await multiply(6, 7, 'yes'))).toBe(first);
  });
});

describe('a workflow', () => {
  const multiplyAdd = (caching: CacheChoice): Promise<Uuid> =>
    run('core.arithmetic.multiply_add', { code: { uuid: code }, x: int(2), y: int(3), z: int(4) }, caching);

  test('runs, and its steps are taken from the cache', async () => {
    await multiplyAdd('no');
    rules = { ...rules, enabled: true };
    const again = await multiplyAdd('profile');
    expect(source(again)).toBeUndefined();
    const steps = store.engine.read((tx) =>
      tx
        .outgoing(see(again).id)
        .filter(({ type }) => type === 'call_calc')
        .map(({ target }) => tx.node(target)?.uuid as Uuid),
    );
    expect(steps.map((uuid) => typeof source(uuid))).toEqual(['string', 'string']);
    expect(see(again).attributes).toMatchObject({ process_state: 'finished', exit_status: 0 });
    expect(cluster.jobs.size).toBe(1);
  });

  test('may say of each step whether it is', async () => {
    await run('test.choosing', { number: int(1) });
    const again = await run('test.choosing', { number: int(1) });
    const called = store.engine.read((tx) =>
      tx
        .outgoing(see(again).id)
        .filter(({ type }) => type === 'call_calc')
        .map(({ target, label }) => [label, tx.node(target)?.uuid as Uuid] as const),
    );
    expect(called.map(([label, uuid]) => [label, typeof source(uuid)])).toEqual([
      ['cached', 'string'],
      ['fresh', 'undefined'],
    ]);
  });
});

test('every data node has its hash, equal for equal content', async () => {
  await multiply(6, 7);
  await multiply(6, 7);
  const hashes = readExtras().map(
    ([, text]) => (JSON.parse(text) as Record<string, string>)[cacheExtras.hash],
  );
  expect(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash ?? ''))).toBe(true);
  // the code; twice x, y, the process and the result
  expect(new Set(hashes).size).toBe(5);
});
