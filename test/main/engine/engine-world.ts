import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { NewProcess } from '#main/engine/create-process.ts';
import type { EngineDeps } from '#main/engine/deps.ts';
import { Engine } from '#main/engine/engine.ts';
import { newToken } from '#main/engine/token.ts';
import { openPluginHost, type OpenPluginHost } from '#main/plugins/host.ts';
import { openStore } from '#main/provenance/store.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';
import { openRepository, type SharedRepository } from '#main/repository/repository.ts';
import { operationalError } from '#shared/base/errors.ts';
import { seededRandom } from '#shared/base/random.ts';
import { systemClock } from '#shared/base/system-clock.ts';
import { jobOptions } from '#shared/process/job-options.ts';
import { newUuid, type ComputerId, type NodeId, type Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { FakeCluster, newCluster } from './fake-cluster.ts';

export const computer = newUuid();
export const random = seededRandom(20_261_122);

const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'stemma-engine-'));
const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** What takes long to open and holds nothing of one test: plugin threads and a repository. */
export interface SharedRooms {
  readonly plugins: OpenPluginHost;
  readonly repository: SharedRepository;
  close(): Promise<void>;
}

/** @param modules URLs of plugin modules beyond the built-in ones */
export async function openSharedRooms(modules: readonly string[]): Promise<SharedRooms> {
  const folder = newFolder();
  const repository = await openRepository(path.join(folder, 'repository'));
  const plugins = await openPluginHost({ objects: repository, modules, threads: 2 });
  return {
    plugins,
    repository,
    async close() {
      await plugins.close();
      await repository.close();
      removeFolder(folder);
    },
  };
}

/** One profile, and engines over it that come and go as processes of the operating system would. */
export class EngineWorld {
  readonly folder = newFolder();
  readonly #shared: SharedRooms;
  readonly cluster = newCluster();
  store: ProvenanceStore;
  jobs: FakeCluster;
  engine: Engine;
  code: Uuid = newUuid();
  /** Of the transactions that follow: whether another connection is writing then. */
  busy: (boolean | 'disk-error')[] = [];
  /** Nothing new may be taken in. */
  diskIsShort = false;

  constructor(shared: SharedRooms) {
    this.#shared = shared;
    this.store = openStore({ file: path.join(this.folder, 'stemma.sqlite'), indexAfterMs: -1 });
    this.store.write((tx) => {
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
        uuid: this.code,
        nodeType: NodeType.installedCode,
        processType: null,
        label: 'bash',
        description: '',
        ctime: 0,
        attributes: { filepath_executable: '/bin/bash' },
        computer: id,
      });
    });
    this.jobs = new FakeCluster(this.cluster, this.#shared.repository);
    this.engine = this.start();
  }

  start(): Engine {
    const { store } = this;
    const deps: EngineDeps = {
      store: {
        transaction: (work) => {
          const fate = this.busy.shift();
          if (fate === true) {
            throw operationalError({ code: 'database-busy', message: 'Another connection writes.' });
          }
          if (fate === 'disk-error') {
            throw operationalError({ code: 'disk-error', message: 'The disk failed to write.' });
          }
          return store.engine.transaction(work);
        },
        read: (work) => store.engine.read(work),
        runs: () => store.engine.runs(),
        effects: () => store.engine.effects(),
        inbox: () => store.engine.inbox(),
        journal: (process) => store.engine.journal(process),
      },
      objects: this.#shared.repository,
      jobs: this.jobs,
      computers: {
        uuidOf: (id) => store.computers().find((record) => record.id === id)?.uuid ?? null,
        idOf: (uuid): ComputerId | null => store.computer(uuid)?.id ?? null,
        script: () => '#!/bin/bash\n',
      },
      plugins: this.#shared.plugins,
      clock: systemClock,
      random,
      coreVersion: '0.0.0',
      noRoom: () =>
        this.diskIsShort
          ? operationalError({ code: 'local-disk-short', message: 'The disk has little room.' })
          : null,
    };
    const engine = new Engine(deps);
    engine.errors.on((error) => {
      throw error;
    });
    engine.start();
    return engine;
  }

  /** As a kill would: nothing is stopped in order, the database is opened anew. */
  async kill(): Promise<void> {
    await this.engine.stop();
    this.store.close();
    this.store = openStore({ file: path.join(this.folder, 'stemma.sqlite'), indexAfterMs: -1 });
    this.jobs = new FakeCluster(this.cluster, this.#shared.repository);
    this.engine = this.start();
  }

  async launch(plugin: string, inputs: NewProcess['inputs']): Promise<Uuid> {
    const spec = this.engine.spec(plugin);
    const uuid = newUuid();
    const options = jobOptions.parse({});
    await this.engine.launch({
      spec,
      uuid,
      label: '',
      description: '',
      inputs,
      job: spec.kind === 'calculation-job' ? { computer, options, token: newToken(random) } : null,
      caller: null,
    });
    return uuid;
  }

  /** What the plugin has against a launch, by flat label. */
  validate(plugin: string, inputs: NewProcess['inputs']): Promise<Readonly<Record<string, string>>> {
    const values = this.store.engine.read((reads) =>
      Object.fromEntries(
        Object.entries(inputs).map(([label, input]) => {
          const node = 'uuid' in input ? reads.nodeByUuid(input.uuid) : null;
          const { nodeType, attributes } = node ?? (input as Exclude<typeof input, { uuid: Uuid }>);
          return [label, { uuid: newUuid(), nodeType, attributes, label: '', files: [], computer }];
        }),
      ),
    );
    return this.#shared.plugins.validate(plugin, values, new AbortController().signal);
  }

  /** The report of a process. */
  reports(process: NodeId): readonly { readonly level: string; readonly message: string }[] {
    const db = new Database(path.join(this.folder, 'stemma.sqlite'), { readonly: true });
    try {
      return db
        .prepare<[number], { level: string; message: string }>(
          "SELECT level, message FROM logs WHERE node_id = ? AND level = 'REPORT' ORDER BY id",
        )
        .all(process);
    } finally {
      db.close();
    }
  }

  async close(): Promise<void> {
    await this.engine.stop();
    this.store.close();
    removeFolder(this.folder);
  }

  attributes(uuid: Uuid): Record<string, unknown> {
    const node = this.store.engine.transaction((tx) => tx.nodeByUuid(uuid));
    return JSON.parse(node?.attributes ?? '{}') as Record<string, unknown>;
  }

  outputs(uuid: Uuid): Record<string, unknown> {
    return this.store.engine.transaction((tx) => {
      const node = tx.nodeByUuid(uuid);
      const links = node === null ? [] : tx.outgoing(node.id);
      return Object.fromEntries(
        links.map(({ label, target }) => {
          const attributes = JSON.parse(tx.node(target)?.attributes ?? '{}') as Record<string, unknown>;
          return [label, attributes['value'] ?? attributes['process_label'] ?? null];
        }),
      );
    });
  }

  nodes(): number {
    return this.store.engine.transaction((tx) => {
      let count = 0;
      for (let id = 1; tx.node(id as NodeId) !== null; id++) count++;
      return count;
    });
  }
}

export const int = (value: number) => ({
  nodeType: NodeType.int,
  attributes: `{"value": ${value}}`,
  label: '',
  files: [],
});

export const text = (value: string) => ({
  nodeType: NodeType.str,
  attributes: JSON.stringify({ value }),
  label: '',
  files: [],
});
export const list = (...items: readonly unknown[]) => ({
  nodeType: NodeType.list,
  attributes: JSON.stringify({ list: items }),
  label: '',
  files: [],
});
/** What a form fills in. */
export const shellDefaults = { arguments: text(''), stdin: text(''), outputs: list() };

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
