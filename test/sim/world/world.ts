import type { EngineDeps } from '#main/engine/deps.ts';
import { Engine } from '#main/engine/engine.ts';
import type { NewProcess } from '#main/engine/create-process.ts';
import { newToken } from '#main/engine/token.ts';
import { StoredComputers } from '#main/computers/computer-book.ts';
import { Computers } from '#main/computers/computers.ts';
import { Jobs } from '#main/computers/job-host.ts';
import { usualPatience } from '#main/computers/patience.ts';
import { HostTrust } from '#main/computers/trust/host-trust.ts';
import { SecretBook } from '#main/computers/trust/secrets.ts';
import type { Transport } from '#main/computers/transport.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';
import { StemmaError } from '#shared/base/errors.ts';
import { isTransportCause, transportCauses } from '#shared/process/causes.ts';
import { computerConfig } from '#shared/contract/areas/computers.ts';
import { newUuid, type NodeId, type Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { noFaults, VirtualCluster } from '../cluster/virtual-cluster.ts';
import { virtualPlugins } from '../plugins/host.ts';
import type { Scenario } from '../scenario.ts';
import { Dice, uuidFrom } from '../time/dice.ts';
import { VirtualTime } from '../time/virtual-time.ts';
import type { Chronicle } from './chronicle.ts';
import { Killed, Life } from './life.ts';
import { linkedTransport } from './linked-transport.ts';
import { repositoryOf, VirtualDisk } from './objects.ts';
import type { ProfileDisk } from './profile.ts';
import { requestOf, type Launched, type NewLaunch } from './launch-request.ts';
import { Programs } from './programs.ts';
import { watchedStore, type Committed } from './watched-store.ts';
import { Recollection } from './recollection.ts';

/** One running core: everything that `core.ts` puts together, on virtual ground. */
export interface RunningCore {
  readonly life: Life;
  readonly store: ProvenanceStore;
  readonly engine: Engine;
  readonly computers: Computers;
}

/** A laptop with a profile and a person, and clusters far away. */
export class World {
  readonly scenario: Scenario;
  readonly time = new VirtualTime();
  readonly chronicle: Chronicle;
  readonly disk: ProfileDisk;
  readonly files = new VirtualDisk();
  readonly clusters: readonly VirtualCluster[];
  readonly programs: Programs;
  readonly recollection: Recollection;
  computers: readonly Uuid[] = [];
  codes: readonly Uuid[] = [];
  core: RunningCore | null = null;
  /** Launches of which the person was told that they are stored. */
  readonly acknowledged = new Set<Uuid>();
  /** Every launch, until its process was judged and forgotten. */
  readonly asked = new Map<Uuid, Launched>();
  pluginVersion = 1;
  fair = true;
  lives = 0;
  readonly kills: number[] = [];
  /** Clusters that let nobody in until the person has signed in. */
  readonly locked = new Set<number>();
  /** How many processes have ended. */
  progress = 0;
  #wallOffsetMs = 0;
  wallMoved = false;
  readonly #dice: { readonly core: Dice; readonly files: Dice; readonly plugins: Dice; readonly store: Dice };
  readonly #uuids: Dice;
  #onCommit: (committed: Committed) => void = () => {};
  /** The core dies at so many points from now. */
  killSoon: (core: RunningCore, points: number) => void = () => {};
  /** The profile is closed, and may be looked at. */
  onStopped: () => void = () => {};

  constructor(scenario: Scenario, chronicle: (time: VirtualTime) => Chronicle, disk: ProfileDisk) {
    const { seed } = scenario;
    this.scenario = scenario;
    this.chronicle = chronicle(this.time);
    this.disk = disk;
    this.#dice = {
      core: new Dice(seed, 'core'),
      files: new Dice(seed, 'files'),
      plugins: new Dice(seed, 'plugins'),
      store: new Dice(seed, 'store'),
    };
    this.#uuids = new Dice(seed, 'uuids');
    this.recollection = new Recollection(this.chronicle, this.time, () => this.wallMoved);
    this.programs = new Programs(this.chronicle, this.time);
    this.clusters = scenario.places.map(
      ({ name, site }) =>
        new VirtualCluster({
          clock: this.time,
          random: new Dice(seed, name).random,
          name,
          site,
          faults: noFaults,
          program: (run) => this.programs.run(run),
          progress: (run) => this.programs.progress(run),
          onStrike: (fault) => this.chronicle.count(`fault: ${fault}`),
          onDefect: (error) => this.chronicle.broken('simulator', `${name}: ${error.stack ?? error.message}`),
        }),
    );
    disk.reset();
    // ids of nodes come from the seed, too
    Object.defineProperty(globalThis.crypto, 'randomUUID', {
      configurable: true,
      value: () => uuidFrom(this.#uuids.random),
    });
  }

  /** The world looks at each commit before anybody else. */
  onCommit(listener: (committed: Committed) => void): void {
    this.#onCommit = listener;
  }

  // -------------------------------------------------------------------------------------------- the core

  start(): RunningCore {
    const { time, chronicle, disk } = this;
    this.lives++;
    chronicle.note('laptop', `the core starts (${this.lives})`);
    const life = new Life(time);
    life.wallOffsetMs = this.#wallOffsetMs;
    const onError = (error: unknown): void => this.#defect('the store', error);
    const real = disk.open(onError);
    const store = watchedStore(
      real,
      life,
      chronicle,
      { refuse: () => this.#refusal(), refuseCommit: () => this.#refusalOfCommit() },
      (committed) => {
        disk.noteCommit();
        this.#onCommit(committed);
      },
    );
    const { clock } = life;
    const { random } = this.#dice.core;
    const repository = repositoryOf(this.files, life, time, this.#dice.files);
    const computers = new Computers({
      store,
      reader: { computerRows: () => Promise.resolve([]) },
      profileDirectory: disk.folder,
      clock,
      random,
      trust: new HostTrust(`${disk.folder}/none`, []),
      secrets: new SecretBook(clock),
      environment: {},
      patience: usualPatience,
      log: (level, message, thrown) => {
        if (!life.isDead && level !== 'debug') chronicle.note('  log', `${message}${said(thrown)}`);
      },
      nameOf: () => '',
      openTransport: async (computer, signal) => {
        const cluster = this.clusters[this.computers.indexOf(computer)];
        if (cluster === undefined) throw new Error('A computer without a cluster');
        await life.pass('before a login');
        const transport = await this.#logIn(cluster, signal);
        await life.pass('after a login');
        return linkedTransport(transport, life);
      },
    });
    if (this.computers.length === 0) this.#furnish(store, computers);
    const deps: EngineDeps = {
      store: store.engine,
      objects: repository,
      jobs: new Jobs({ runtime: (uuid) => computers.runtime(uuid), repository, clock }),
      computers: new StoredComputers(store),
      plugins: virtualPlugins({
        life,
        time,
        dice: this.#dice.plugins,
        bytes: (hash) => repository.bytes(hash),
        codes: this.codes,
        version: this.pluginVersion,
        witness: this.recollection,
      }),
      clock,
      random,
      coreVersion: '0.0.0',
      cachingRules: () => ({
        enabled: this.scenario.uses.caching === 'always',
        enabledFor: [],
        disabledFor: [],
      }),
    };
    const engine = new Engine(deps);
    engine.errors.on((error) => {
      if (!life.isDead) this.#defect('the engine', error);
    });
    computers.available.on((uuid) => engine.retryComputer(uuid));
    computers.reached.on((uuid) => engine.computerReached(uuid));
    this.core = { life, store: real, engine, computers };
    engine.start();
    return this.core;
  }

  /** The process is gone, whatever it was doing. The database is closed later, because its code may be on the stack. */
  bury(core: RunningCore): void {
    core.life.end();
    for (const cluster of this.clusters) cluster.cut();
    if (this.core === core) this.core = null;
  }

  /** Once nothing of the dead core is on the stack any more. */
  closeStore(core: RunningCore): void {
    core.store.close();
  }

  // --------------------------------------------------------------------------------------- for invariants

  processId(uuid: Uuid): NodeId | null {
    return this.core?.store.nodeId(uuid) ?? null;
  }

  /** What was logged of a process. */
  saidOf(process: NodeId): readonly string[] {
    return this.disk.logOf(process);
  }

  /** How often a person has wished a process away since then: each makes the queue be looked at. */
  killsSince(time: number): number {
    return this.kills.filter((at) => at >= time).length;
  }

  set wallOffsetMs(offset: number) {
    this.#wallOffsetMs = offset;
    this.wallMoved = true;
    if (this.core !== null) this.core.life.wallOffsetMs = offset;
  }

  // ------------------------------------------------------------------------------------------- launches

  launch(launched: NewLaunch, label: string): void {
    const { core } = this;
    if (core === null) return;
    const uuid = newUuid();
    const { engine, life } = core;
    const known = { uuid, ...launched };
    this.asked.set(uuid, known);
    this.chronicle.note('person', `launches ${label} as ${uuid}`);
    engine.launch(this.#request(known, label)).then(
      () => {
        if (life.isDead) return;
        this.acknowledged.add(uuid);
        this.chronicle.note('laptop', `has stored ${label}`);
      },
      (error: unknown) => {
        if (!life.isDead && !(error instanceof Killed))
          this.chronicle.note('laptop', `refused ${label}: ${String(error)}`);
      },
    );
  }

  #request(launched: Launched, label: string): NewProcess {
    const { computers, codes } = this;
    return requestOf(launched, label, { computers, codes, token: () => newToken(this.#dice.core.random) });
  }

  // ------------------------------------------------------------------------------------------- insides

  /** What only a person can mend stays so until that person does. */
  async #logIn(cluster: VirtualCluster, signal: AbortSignal): Promise<Transport> {
    const index = this.clusters.indexOf(cluster);
    const { faults } = cluster;
    if (this.locked.has(index)) cluster.faults = { ...faults, dialNeedsPerson: 1 };
    try {
      return await cluster.open(signal);
    } catch (error) {
      if (
        error instanceof StemmaError &&
        isTransportCause(error.code) &&
        transportCauses[error.code].needsPerson
      ) {
        this.locked.add(index);
      }
      throw error;
    } finally {
      if (this.locked.has(index) && cluster.faults.dialNeedsPerson === 1)
        cluster.faults = { ...cluster.faults, dialNeedsPerson: faults.dialNeedsPerson };
    }
  }

  #furnish(store: ProvenanceStore, computers: Computers): void {
    this.computers = this.scenario.places.map(({ name, site, pollSeconds }) =>
      computers.create(
        computerConfig.parse({
          label: name,
          transport: { type: 'core.ssh', host: name, user: 'someone', auth: { kind: 'agent' } },
          scheduler: site.scheduler,
          workDirectory: '/scratch/{username}/stemma',
          minimumPollInterval: pollSeconds,
        }),
      ),
    );
    const book = new StoredComputers(store);
    this.codes = this.computers.map((computer, index) => {
      const uuid = newUuid();
      store.write((tx) =>
        tx.insertNode({
          uuid,
          nodeType: NodeType.installedCode,
          processType: null,
          label: `program${index}`,
          description: '',
          ctime: this.time.now() * 1000,
          attributes: { filepath_executable: '/opt/program' },
          computer: book.idOf(computer),
        }),
      );
      return uuid;
    });
  }

  /** A commit may find the disk full although everything before it found room. */
  #refusalOfCommit(): boolean {
    return this.files.full && this.#dice.store.chance(0.3);
  }

  #refusal(): 'disk-full' | 'database-busy' | null {
    const dice = this.#dice.store;
    if (this.files.full && dice.chance(0.7)) return 'disk-full';
    return !this.fair && dice.chance(0.01) ? 'database-busy' : null;
  }

  #defect(where: string, error: unknown): void {
    if (error instanceof Killed) return;
    this.chronicle.broken(
      'defect',
      `${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}

const said = (thrown: unknown): string =>
  thrown === undefined ? '' : `: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
