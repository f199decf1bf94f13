import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NewProcess } from '#main/engine/create-process.ts';
import { Engine } from '#main/engine/engine.ts';
import type { ObjectStore } from '#main/engine/ports.ts';
import { openPluginHost, type OpenPluginHost } from '#main/plugins/host.ts';
import { openReader } from '#main/provenance/database.ts';
import { openStore } from '#main/provenance/store.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';
import { openRepository, type SharedRepository } from '#main/repository/repository.ts';
import { operationalError } from '#shared/base/errors.ts';
import { seededRandom } from '#shared/base/random.ts';
import { newUuid, type ComputerId, type NodeId, type Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { FakeCluster, newCluster } from './fake-cluster.ts';
import { JumpingClock } from './jumping-clock.ts';

/** Thousands of commits: a disk would be the measure of these tests. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** What is dear to start, and can be shared: threads with plugins, and a repository. */
export class Shared {
  readonly folder: string;
  readonly repository: SharedRepository;
  readonly plugins: OpenPluginHost;

  private constructor(folder: string, repository: SharedRepository, plugins: OpenPluginHost) {
    this.folder = folder;
    this.repository = repository;
    this.plugins = plugins;
  }

  static async open(...modules: readonly string[]): Promise<Shared> {
    const folder = mkdtempSync(path.join(memory, 'stemma-workflows-'));
    const repository = await openRepository(path.join(folder, 'repository'));
    const plugins = await openPluginHost({ objects: repository, modules, threads: 1 });
    if (plugins.problems.length > 0) throw new Error(plugins.problems.join('\n'));
    return new Shared(folder, repository, plugins);
  }

  async close(): Promise<void> {
    await this.plugins.close();
    await this.repository.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A power cut right after a commit: nothing that would follow it happens. */
class PowerCut extends Error {}

/** One profile with the real store and real plugin threads, whose engine can die after any commit. */
export class WorkflowWorld {
  readonly clock = new JumpingClock();
  readonly cluster = newCluster();
  readonly #shared: Shared;
  plugins: OpenPluginHost;
  readonly #folder: string;
  readonly #computer = newUuid();
  readonly code = newUuid();
  readonly #random = seededRandom(7);
  store: ProvenanceStore;
  jobs: FakeCluster;
  engine: Engine;
  commits = 0;
  /** The engine dies after these commits, counted from 1. */
  cuts: ReadonlySet<number> = new Set();
  /** Called after each commit, before anything follows it. */
  onCommit: (number: number) => void = () => {};
  /** So many of the next puts into the repository find a full disk. */
  fullDisk = 0;
  /** How long nothing runs after a cut. */
  offMs = 0;
  #dead = false;
  #restarting: Promise<void> | null = null;
  readonly errors: unknown[] = [];

  constructor(shared: Shared, plugins = shared.plugins) {
    this.#shared = shared;
    this.plugins = plugins;
    this.#folder = mkdtempSync(path.join(shared.folder, 'profile-'));
    this.store = this.#open();
    this.store.write((tx) => {
      const id = tx.insertComputer({
        uuid: this.#computer,
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
    this.jobs = new FakeCluster(this.cluster, shared.repository);
    this.engine = this.#start();
  }

  #open(): ProvenanceStore {
    return openStore({ file: path.join(this.#folder, 'stemma.sqlite'), indexAfterMs: -1 });
  }

  #start(): Engine {
    const { store } = this;
    const engine = new Engine({
      store: {
        transaction: (work) => {
          if (this.#dead) throw new PowerCut();
          const result = store.engine.transaction(work);
          if (this.cuts.has(++this.commits)) this.#cut();
          this.onCommit(this.commits);
          return result;
        },
        read: (work) => store.engine.read(work),
        runs: () => store.engine.runs(),
        effects: () => store.engine.effects(),
        inbox: () => store.engine.inbox(),
        journal: (process) => store.engine.journal(process),
      },
      objects: this.#objects(),
      jobs: this.jobs,
      computers: {
        uuidOf: (id) => store.computers().find((record) => record.id === id)?.uuid ?? null,
        idOf: (uuid): ComputerId | null => store.computer(uuid)?.id ?? null,
        script: () => '#!/bin/bash\n',
      },
      plugins: this.plugins,
      clock: this.clock,
      random: this.#random,
      coreVersion: '0.0.0',
    });
    engine.errors.on((error) => {
      if (!this.#dead) this.errors.push(error);
    });
    engine.start();
    return engine;
  }

  #objects(): ObjectStore {
    const { repository } = this.#shared;
    const room = (): void => {
      if (this.fullDisk === 0) return;
      this.fullDisk--;
      throw operationalError({ code: 'disk-full', message: 'The disk is full.' });
    };
    return {
      putBytes: async (bytes) => {
        room();
        return repository.putBytes(bytes);
      },
      putMany: async (items) => {
        room();
        return repository.putMany(items);
      },
      sizes: (hashes) => repository.sizes(hashes),
      bytes: (hash) => repository.bytes(hash),
    };
  }

  #cut(): never {
    this.#dead = true;
    this.#restarting = this.restart();
    throw new PowerCut();
  }

  /** The engine ends as a killed process would, and another one begins over what was stored. */
  async restart(change: () => Promise<void> = async () => {}): Promise<void> {
    this.#dead = true;
    await this.engine.stop();
    await change();
    this.store.close();
    this.clock.skip(this.offMs);
    this.store = this.#open();
    this.jobs = new FakeCluster(this.cluster, this.#shared.repository);
    this.#dead = false;
    this.engine = this.#start();
  }

  async launch(plugin: string, inputs: NewProcess['inputs'], more: Partial<NewProcess> = {}): Promise<Uuid> {
    const uuid = newUuid();
    const spec = this.engine.spec(plugin);
    const request = { spec, uuid, label: '', description: '', inputs, job: null, caller: null, ...more };
    // a cut after the commit of the launch itself answers nobody
    await this.engine.launch(request).catch((error: unknown) => {
      if (!(error instanceof PowerCut) && this.#restarting === null) throw error;
    });
    return uuid;
  }

  /** Processes that have not ended, of those that were ever stored. */
  unsealed(): readonly string[] {
    return this.store.engine.read((reads) => {
      const found: string[] = [];
      for (let id = 1, node = reads.node(1 as NodeId); node !== null; node = reads.node(++id as NodeId)) {
        if (node.nodeType.startsWith('process.') && !node.sealed) found.push(node.uuid);
      }
      return found;
    });
  }

  /** Until the process has ended, through every restart. @throws where the workflow was taken for changed */
  async ended(uuid: Uuid): Promise<void> {
    for (;;) {
      await this.#restarting;
      this.#restarting = null;
      if (this.store.nodeId(uuid) === null) throw new Error('It was never stored');
      const { engine } = this;
      const ended = engine.ended(uuid).then(
        () => true,
        () => false,
      );
      while (!(await Promise.race([ended, this.pause(5).then(() => null)]))) {
        if (this.engine !== engine || this.#dead) break;
        const state = engine.state(uuid);
        if (state?.kind === 'workflow' && state.changed !== null) {
          throw new Error(`taken for changed: ${JSON.stringify(state.changed)}`);
        }
      }
      if (this.#restarting === null && !this.#dead && this.engine === engine && (await ended)) return;
      await this.pause(1);
    }
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.pause(2);
  }

  async close(): Promise<void> {
    await this.#restarting;
    await this.engine.stop();
    this.store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  node(uuid: Uuid): NodeId {
    const id = this.store.nodeId(uuid);
    if (id === null) throw new Error(`No node ${uuid}`);
    return id;
  }

  attributes(uuid: Uuid): Record<string, unknown> {
    const node = this.store.engine.read((reads) => reads.nodeByUuid(uuid));
    return JSON.parse(node?.attributes ?? '{}') as Record<string, unknown>;
  }

  /** Labels of what it called, in their order. */
  called(uuid: Uuid): readonly string[] {
    return this.store.engine.read((reads) =>
      reads
        .outgoing(this.node(uuid))
        .filter(({ type }) => type.startsWith('call'))
        .map(({ label }) => label),
    );
  }

  /** Attributes of what it called, in their order. */
  calledAttributes(uuid: Uuid): readonly unknown[] {
    return this.store.engine.read((reads) =>
      reads
        .outgoing(this.node(uuid))
        .filter(({ type }) => type.startsWith('call'))
        .map(({ target }) => JSON.parse(reads.node(target)?.attributes ?? '{}') as unknown),
    );
  }

  counts(): { readonly nodes: number; readonly links: number } {
    return this.store.engine.read((reads) => {
      let nodes = 0;
      let links = 0;
      for (let id = 1; reads.node(id as NodeId) !== null; id++) {
        nodes++;
        links += reads.outgoing(id as NodeId).length;
      }
      return { nodes, links };
    });
  }

  /** Lines of the report of a process, in their order. */
  reports(process: NodeId): readonly string[] {
    const db = openReader(path.join(this.#folder, 'stemma.sqlite'));
    try {
      return db
        .prepare<[number], string>(
          "SELECT message FROM logs WHERE node_id = ? AND level = 'REPORT' ORDER BY id",
        )
        .pluck()
        .all(process);
    } finally {
      db.close();
    }
  }

  /** The process with all that it called, as far as it is the same in every run of the same program. */
  summary(uuid: Uuid): unknown {
    return this.store.engine.read((reads) => {
      const valueOf = (id: NodeId): unknown => {
        const node = reads.node(id);
        const attributes = JSON.parse(node?.attributes ?? '{}') as Record<string, unknown>;
        return [node?.nodeType, attributes['value'] ?? Object.keys(attributes)];
      };
      const of = (id: NodeId): unknown => {
        const node = reads.node(id);
        const attributes = JSON.parse(node?.attributes ?? '{}') as Record<string, unknown>;
        const outgoing = reads.outgoing(id);
        const called = outgoing.filter(({ type }) => type === 'call_calc' || type === 'call_work');
        const made = outgoing.filter(({ type }) => type === 'create' || type === 'return');
        return {
          type: node?.processType,
          label: node?.label,
          state: ['process_state', 'exit_status', 'exit_message', 'exception', 'sealed', 'paused'].map(
            (key) => attributes[key] ?? null,
          ),
          inputs: reads
            .incoming(id)
            .filter(({ type }) => type.startsWith('input'))
            // what is drawn by chance differs from run to run
            .map(({ label, source }) => [label, label === 'noise' ? null : valueOf(source)])
            .toSorted(byText),
          outputs: made.map(({ label, target }) => [label, valueOf(target)]).toSorted(byText),
          reports: [...this.reports(id)].toSorted(),
          called: called.map(({ label, target }) => [label, of(target)]).toSorted(byText),
        };
      };
      return of(this.node(uuid));
    });
  }
}

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
