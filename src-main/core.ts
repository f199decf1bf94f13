/**
 * The composition root: opens a profile, fills the ports of every room, and serves the contract. Nothing else knows
 * more than one room at a time.
 */
import { homedir } from 'node:os';
import path from 'node:path';
import type { Clock } from '#shared/base/clock.ts';
import { Lru } from '#shared/base/lru.ts';
import { formatDuration } from '#shared/base/time.ts';
import type { ChannelPort } from '#shared/channel/frames.ts';
import { serve, type Handlers } from '#shared/channel/server.ts';
import { systemClock } from '#shared/base/system-clock.ts';
import type { AppInfo } from '#shared/contract/areas/app.ts';
import { contract, type Contract } from '#shared/contract/contract.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { makeArchives } from './archive/archives.ts';
import { RecordArchives } from './archive/records/record-archives.ts';
import { demoFile } from './bundled-files.ts';
import { Codes } from './computers/codes.ts';
import { StoredComputers } from './computers/computer-book.ts';
import { Computers } from './computers/computers.ts';
import { Jobs } from './computers/job-host.ts';
import { watchForWake } from './computers/wake-watch.ts';
import { usualPatience, type Patience } from './computers/patience.ts';
import { HostTrust } from './computers/trust/host-trust.ts';
import { SecretBook } from './computers/trust/secrets.ts';
import type { EngineDeps } from './engine/deps.ts';
import { Engine } from './engine/engine.ts';
import { allHandlers } from './handlers/all-handlers.ts';
import { LoopMonitor } from './handlers/loop-monitor.ts';
import { ImportJobs } from './handlers/import-jobs.ts';
import { OpenArchives } from './handlers/open-archives.ts';
import { RecentArchives } from './handlers/recent-archives.ts';
import type { StartChild } from './isolate/peer.ts';
import { launchDeps } from './launch/over-core.ts';
import { openPluginHost, type OpenPluginHost } from './plugins/host.ts';
import type { PluginLimits } from './plugins/limits.ts';
import { DiskRoom, type AskDisk } from './profile/disk-room.ts';
import { FileHandles } from './profile/file-handles.ts';
import { openProfile, type Profile } from './profile/profile.ts';
import { fileReserve } from './profile/reserve.ts';
import { openReaders, type Readers } from './provenance/readers.ts';
import { openStore } from './provenance/store.ts';
import type { ProvenanceStore } from './provenance/types.ts';
import { openRepository, type SharedRepository } from './repository/repository.ts';
import { makeStorage, type Storage } from './storage/storage.ts';
import { systemRandom } from './system-random.ts';
import { version } from './version.ts';

export interface CoreOptions {
  /** Folder of the profile; made if it is not there. */
  readonly profileDirectory: string;
  readonly shell: AppInfo['shell'];
  /** URLs of plugin modules beyond the built-in ones. */
  readonly plugins?: readonly string[];
  readonly pluginLimits?: Partial<PluginLimits>;
  /** How to start an expendable process; Node's fork where it is not given. */
  readonly startChild?: StartChild | undefined;
  /** For commands on this machine and the SSH agent; the process's own where it is not given. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Asks how much room the disk of the profile has; without it, it is not watched. */
  readonly askDisk?: AskDisk | undefined;
  /** For tests, whose cluster is their own. */
  readonly patience?: Partial<Patience>;
}

/** Opens a profile and starts its engine. @throws StemmaError `profile-in-use`, and what its parts throw */
export async function openCore(options: CoreOptions): Promise<Core> {
  const profile = await openProfile({ directory: options.profileDirectory });
  const opened: (() => void | Promise<void>)[] = [() => profile.close()];
  try {
    const { paths, log } = profile;
    const onError = (error: unknown): void => log.thrown('core', 'in the background', error);
    const repository = await openRepository(paths.repository);
    opened.push(() => repository.close());
    const plugins = openPluginHost({
      objects: repository,
      modules: options.plugins ?? [],
      limits: options.pluginLimits ?? {},
    });
    opened.push(() => plugins.then((host) => host.close()));
    const store = openStore({ file: paths.database, onError });
    opened.push(() => store.close());
    const readers = openReaders({
      file: paths.database,
      objects: objectsOf(repository),
      ...(options.startChild !== undefined && { startChild: options.startChild }),
    });
    opened.push(() => readers.close());
    const host = await plugins;
    for (const problem of host.problems) log.warn('plugins', problem);
    const core = new Core(options, profile, repository, store, readers, host);
    await core.start();
    return core;
  } catch (error) {
    await inTurn(opened.toReversed(), (thrown) => profile.log.thrown('core', 'while closing', thrown));
    throw error;
  }
}

function objectsOf(repository: SharedRepository): Parameters<typeof openReaders>[0]['objects'] {
  return {
    sizes: (hashes) => repository.sizes(hashes),
    purged: (hashes) => repository.purged(hashes),
    async read(hash, offset, length) {
      const parts: Buffer[] = [];
      for await (const part of repository.stream(hash, { start: offset, end: offset + length })) {
        parts.push(part as Buffer);
      }
      return new Uint8Array(Buffer.concat(parts));
    },
  };
}

/** An open profile with everything running. */
export class Core {
  readonly profile: Profile;
  readonly store: ProvenanceStore;
  readonly readers: Readers;
  readonly repository: SharedRepository;
  readonly computers: Computers;
  readonly engine: Engine;
  readonly handlers: Handlers<Contract>;
  /** What people chose in dialogs, sent or dropped. */
  readonly files = new FileHandles();
  readonly #plugins: OpenPluginHost;
  readonly #loop = new LoopMonitor();
  readonly #openArchives: OpenArchives;
  readonly #storage: Storage;
  readonly #imports: ImportJobs;
  readonly #records: RecordArchives;
  readonly #stopWakeWatch: () => void;
  readonly #room: DiskRoom | null;
  #closing: Promise<void> | null = null;

  constructor(
    options: CoreOptions,
    profile: Profile,
    repository: SharedRepository,
    store: ProvenanceStore,
    readers: Readers,
    plugins: OpenPluginHost,
  ) {
    this.profile = profile;
    this.repository = repository;
    this.store = store;
    this.readers = readers;
    this.#plugins = plugins;
    const { log, paths } = profile;
    const clock = systemClock;
    const home = homedir();
    const trust = new HostTrust(paths.knownHosts, [
      path.join(home, '.ssh', 'known_hosts'),
      path.join(home, '.ssh', 'known_hosts2'),
      '/etc/ssh/ssh_known_hosts',
    ]);
    const secrets = new SecretBook(clock, (secret) => profile.redactor.learn(secret));
    const environment = options.environment ?? process.env;
    const names = new Lru<Uuid, string>(10_000);
    this.computers = new Computers({
      store,
      reader: readers.profile,
      profileDirectory: paths.directory,
      clock,
      random: systemRandom,
      trust,
      secrets,
      environment,
      patience: { ...usualPatience, ...options.patience },
      log: (level, message, thrown) =>
        thrown === undefined ? log[level]('computers', message) : log.thrown('computers', message, thrown),
      nameOf: (process) => nameOf(names, this.engine, (uuid) => store.label(uuid), process),
    });
    this.computers.ensureLocalhost();
    const book = new StoredComputers(store);
    const deps: EngineDeps = {
      store: store.engine,
      objects: repository,
      jobs: new Jobs({
        runtime: (uuid) => this.computers.runtime(uuid),
        repository,
        clock,
        noRoom: (bytes) => this.#room?.refusal(bytes) ?? null,
      }),
      computers: book,
      plugins,
      clock,
      random: systemRandom,
      coreVersion: version,
      cachingRules: () => profile.settings.current.caching,
      noRoom: () => this.#room?.refusal() ?? null,
    };
    this.#room = roomOf(options, paths, clock, (thrown) =>
      log.thrown('disk', 'while looking for room', thrown),
    );
    this.engine = new Engine(deps);
    this.engine.errors.on((error) => log.thrown('engine', 'a defect', error));
    this.engine.troubles.on((trouble) => {
      if (trouble !== null) log.warn('engine', trouble.error.message, { code: trouble.error.code });
      if (trouble?.error.code === 'disk-full') this.#room?.full();
    });
    this.#room?.changes.on(() => {
      const refusal = this.#room?.refusal() ?? null;
      if (refusal === null) this.engine.roomAgain();
      log.warn('disk', refusal?.message ?? 'There is room on the disk again.');
    });
    this.computers.available.on((uuid) => this.engine.retryComputer(uuid));
    this.computers.reached.on((uuid) => this.engine.computerReached(uuid));
    this.#stopWakeWatch = watchForWake(clock, (sleptMs) => {
      log.info('core', `This machine slept for about ${formatDuration(sleptMs)}.`);
      this.computers.wake();
    });

    const now = (): number => clock.now();
    const { engine, computers } = this;
    const archives = makeArchives({
      database: paths.database,
      repository,
      cache: paths.cache,
      startChild: options.startChild,
      user: () => store.user().id,
      onImported: () => store.noteImport(),
      keepFree: () => this.#room?.least ?? null,
    });
    this.#storage = makeStorage({
      database: paths.database,
      repository,
      onChanged: () => store.noteImport(),
    });
    this.#openArchives = new OpenArchives(readers, paths.cache, now);
    void this.#openArchives
      .clear()
      .catch((error: unknown) => log.thrown('archives', 'while clearing what a crash has left', error));
    this.#imports = new ImportJobs(now);
    this.#records = new RecordArchives(paths.cache, options.startChild);
    this.handlers = allHandlers({
      shell: options.shell,
      profile,
      store,
      readers,
      repository,
      engine,
      computers,
      codes: new Codes({ store, reader: readers.profile, computers, now: () => clock.now() }),
      test: { clock, trust, secrets, environment },
      launch: launchDeps({ engine, deps, store, readers, repository, files: this.files }),
      archives,
      storage: this.#storage,
      openArchives: this.#openArchives,
      recentArchives: new RecentArchives({
        file: paths.recentArchives,
        files: this.files,
        now,
        warn: (message) => log.warn('archives', message),
      }),
      imports: this.#imports,
      records: this.#records,
      files: this.files,
      demoFile: demoFile(),
      room: this.#room,
      loop: this.#loop,
      clock,
    });
  }

  /** Takes up what had not ended. Once, before anything is served. */
  async start(): Promise<void> {
    await this.#room?.start();
    await this.#storage.settle();
    await this.engine.load();
    this.engine.start();
  }

  /** Serves the contract on one port until it closes. */
  serve(port: ChannelPort): void {
    serve(contract, this.handlers, port, (name, thrown) => this.profile.log.thrown('contract', name, thrown));
  }

  log(doing: string, thrown: unknown): void {
    this.profile.log.thrown('shell', doing, thrown);
  }

  /** Ends everything in order. What was promised stays promised, for the next start. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { log } = this.profile;
    await inTurn(
      [
        () => this.#stopWakeWatch(),
        () => this.engine.stop(),
        () => this.#room?.close(),
        () => this.computers.close(),
        () => this.#imports.close(),
        () => this.#openArchives.closeAll(),
        () => this.#records.close(),
        () => this.#loop.close(),
        () => this.#plugins.close(),
        () => this.readers.close(),
        () => this.store.close(),
        () => this.repository.close(),
        () => this.profile.close(),
      ],
      (thrown) => log.thrown('core', 'while closing', thrown),
    );
  }
}

function roomOf(
  { askDisk }: CoreOptions,
  { directory, reserve }: Profile['paths'],
  clock: Clock,
  onError: (thrown: unknown) => void,
): DiskRoom | null {
  if (askDisk === undefined) return null;
  return new DiskRoom({ directory, ask: askDisk, reserve: fileReserve(reserve), clock, onError });
}

/** One after the other; what fails keeps nothing else open, least of all the lock of the profile. */
async function inTurn(
  closers: readonly (() => void | Promise<void>)[],
  onError: (thrown: unknown) => void,
): Promise<void> {
  for (const close of closers) {
    try {
      await close();
    } catch (thrown) {
      onError(thrown);
    }
  }
}

/** What a person called it, else its class. */
function nameOf(
  names: Lru<Uuid, string>,
  engine: Engine,
  label: (process: Uuid) => string,
  process: Uuid,
): string {
  const known = names.get(process);
  if (known !== undefined) return known;
  const state = engine.state(process);
  const name = state === null ? '' : label(process) || engine.spec(state.plugin).label;
  if (name !== '') names.set(process, name);
  return name;
}
