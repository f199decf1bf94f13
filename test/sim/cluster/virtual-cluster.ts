import { sleep, type Clock } from '#shared/base/clock.ts';
import type { Random } from '#shared/base/random.ts';
import { transportError } from '#main/computers/transport-error.ts';
import type { Transport } from '#main/computers/transport.ts';
import { ClusterWorld } from './cluster-world.ts';
import { personCauses, type Faults } from './faults.ts';
import { openOutputs } from './files/open-outputs.ts';
import { RemoteFiles, type Viewer } from './files/remote-files.ts';
import { Link } from './link.ts';
import type { JobRun } from './machines/job-run.ts';
import { Machine } from './machines/machine.ts';
import type { Process } from './machines/process.ts';
import type { ClusterParts } from './parts.ts';
import type { ProgramProgress, ProgramResult, ProgramRun } from './program.ts';
import { Input } from './sh/streams.ts';
import type { SiteRules } from './site.ts';
import { SlurmController } from './slurm/controller.ts';
import { slurmTools } from './slurm/commands.ts';
import type { SlurmJob } from './slurm/job.ts';
import { Truth } from './truth.ts';
import type { Tools } from './tools/tool.ts';
import { VirtualTransport } from './virtual-transport.ts';

export { noFaults, type Faults } from './faults.ts';
export type { ProgramProgress, ProgramResult, ProgramRun } from './program.ts';
export { usualSite, type SiteRules } from './site.ts';
export type * from './truth.ts';

export interface ClusterDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Of the host, and of the account on it. */
  readonly name: string;
  readonly site: SiteRules;
  readonly faults: Faults;
  /** Without it shells run what they read, and any other program prints a line. */
  readonly program?: (run: ProgramRun) => ProgramResult | null;
  /** What a program writes while it runs; null, or without it: nothing, and the site says how long it runs. */
  readonly progress?: (run: ProgramRun) => ProgramProgress | null;
  /** Commands in place of those that the site has. */
  readonly commands?: Tools;
  /** Each time that a fault strikes. */
  readonly onStrike?: (fault: keyof Faults) => void;
  /** The simulator itself is wrong: a script does what the model does not know. Must end the run. */
  readonly onDefect?: (error: Error) => void;
}

/** Numbers of processes where a scheduler counts its own jobs. */
/** So many processes may be on a machine before its numbers begin anew. */
const fewestPids = 200;
const usualPids = { firstPid: 300, lastPid: 32_767 } as const;

/** A cluster in memory, on which the real scripts run. */
export class VirtualCluster {
  readonly truth = new Truth();
  /** Errors of the simulator itself. Must stay empty. */
  readonly defects: Error[] = [];
  readonly files: RemoteFiles;
  readonly #deps: ClusterDeps;
  readonly #parts: ClusterParts;
  readonly #world: ClusterWorld;
  readonly #controller: SlurmController | null;
  readonly #loginNodes: readonly Machine[];
  readonly #links = new Set<Link>();
  readonly #environment: ReadonlyMap<string, string>;
  #faults: Faults;

  constructor(deps: ClusterDeps) {
    this.#deps = deps;
    this.#faults = deps.faults;
    const { clock, random, site } = deps;
    const between = ([min, max]: readonly [number, number]): number =>
      Math.round(max > min ? min + random.next() * (max - min) : min);
    const now = (): number => clock.now() + site.clockSkewMs;
    this.files = new RemoteFiles({
      now: () => clock.monotonic(),
      delay: () => (site.nfsDelayMs > 0 ? random.next() * site.nfsDelayMs : 0),
      hasCopies: site.nfsDelayMs > 0,
      quotaBytes: site.quotaBytes,
    });
    this.#parts = {
      clock,
      random,
      site,
      truth: this.truth,
      files: this.files,
      faults: () => this.#faults,
      program: deps.program,
      progress: deps.progress,
      now,
      between,
      strikes: (fault) => this.#strikes(fault),
      wipeOne: () => this.#wipeOne(),
      fenceOf: (directory) => this.#fenceOf(directory),
      newNode: (name) => this.#machine(name, usualPids),
      startBatch: (node, job, run) => this.#startBatch(node, job, run),
    };
    const isSlurm = site.scheduler === 'core.slurm';
    this.#controller = isSlurm ? new SlurmController(this.#parts) : null;
    this.#world = new ClusterWorld(
      this.#parts,
      {
        ...(this.#controller === null ? {} : slurmTools(this.#parts, this.#controller)),
        ...deps.commands,
      },
      (process, run) => this.#directFate(process, run),
    );
    const { firstJobId: firstPid, idWrapAt } = site;
    // commands take numbers, too, not only jobs
    const lastPid = Math.max(idWrapAt ?? 4_194_303, firstPid + fewestPids);
    const pids = isSlurm ? usualPids : { firstPid, lastPid };
    this.#loginNodes = Array.from({ length: Math.max(1, site.loginNodes) }, (_, index) =>
      this.#machine(`login${index + 1}`, pids),
    );
    this.#environment = new Map([
      ['HOME', '/home/scientist'],
      ['USER', 'scientist'],
      ['LOGNAME', 'scientist'],
      ['SHELL', '/bin/bash'],
      ['PATH', '/usr/local/bin:/usr/bin:/bin'],
    ]);
  }

  get faults(): Faults {
    return this.#faults;
  }

  /** May be set at any time; what waits because of a fault that is over goes on. */
  set faults(faults: Faults) {
    this.#faults = faults;
    if (faults.jobNeverStarts === 0) this.#controller?.release();
  }

  /** In place of dialling. @throws StemmaError of the operational family; the signal's reason */
  async open(signal: AbortSignal): Promise<Transport> {
    const { clock, random, name } = this.#deps;
    const { truth, strikes, between, site } = this.#parts;
    const at = clock.now();
    try {
      // three round trips and the handshake
      await sleep(clock, between(site.latencyMs) * 4, signal);
    } catch (thrown) {
      truth.dials.push({ at, outcome: 'aborted' });
      throw thrown;
    }
    if (strikes('dialNeedsPerson')) {
      truth.dials.push({ at, outcome: 'needs-person' });
      const code = personCauses[Math.floor(random.next() * personCauses.length)] ?? 'auth-needed';
      throw transportError(code, { message: `${name} does not let us in (${code}).`, subject: name });
    }
    if (strikes('dialFails')) {
      truth.dials.push({ at, outcome: 'failed' });
      const code = random.next() < 0.1 ? 'throttled' : 'unreachable';
      throw transportError(code, { message: `${name}, port 22, does not answer.`, subject: name });
    }
    truth.dials.push({ at, outcome: 'connected' });
    const machine = this.#loginNodes[Math.floor(random.next() * this.#loginNodes.length)];
    if (machine === undefined) throw new Error('A cluster without a login node.');
    const link = new Link(this.#parts, name, machine);
    this.#links.add(link);
    void link.closed.then(() => this.#links.delete(link));
    return new VirtualTransport({
      parts: this.#parts,
      world: this.#world,
      link,
      environment: this.#environment,
    });
  }

  /** Whether the scheduler has a job of that attempt that waits or runs. */
  isActive(token: string): boolean {
    return this.#controller?.hasActive(token) ?? false;
  }

  /** Whether something of that attempt waits, runs, or is on its way into the queue. */
  isBusyWith(token: string): boolean {
    if (this.isActive(token)) return true;
    if (this.truth.executionsOf(token).some(({ ended }) => ended === null)) return true;
    for (const wrapper of this.truth.liveWrappers) if (wrapper.token === token) return true;
    return false;
  }

  /** Nobody will ask for this attempt again: what is known of it goes, and its files. What it was submitted as stays in accounting. */
  forget(token: string): void {
    for (const { directory } of this.truth.submissionsOf(token)) this.#clean(directory);
    this.truth.forget(token);
  }

  /** All links die now, without a word to the other side. What runs there goes on. */
  cut(): void {
    for (const link of this.#links) link.die(link.lost());
  }

  /** A login node boots anew: everything on it ends, and its process numbers begin again. */
  reboot(): void {
    for (const machine of this.#loginNodes) this.#reboot(machine);
  }

  /** A folder is gone, as when a site cleans up its scratch space. */
  wipe(directory: string): void {
    this.files.remove(this.#server, directory);
    this.truth.wiped.set(directory, this.#deps.clock.now());
  }

  #strikes(fault: keyof Faults): boolean {
    const chance = this.#faults[fault];
    if (chance === 0 || this.#deps.random.next() >= chance) return false;
    this.#deps.onStrike?.(fault);
    return true;
  }

  #wipeOne(): void {
    const { truth } = this;
    const there = truth.directories.filter((directory) => !truth.wiped.has(directory));
    const directory = there[Math.floor(this.#deps.random.next() * there.length)];
    if (directory !== undefined) this.wipe(directory);
  }

  /** A folder goes, and those around it that are empty then. */
  #clean(directory: string): void {
    let path = directory;
    while (path !== '' && this.files.remove(this.#server, path)) {
      path = path.slice(0, path.lastIndexOf('/'));
      const folder = this.files.folder(this.#server, path);
      if (folder === null || folder.entries.size > 0) return;
    }
  }

  /** Who sees everything at once. */
  get #server(): Viewer {
    return { machine: '', cwd: this.files.root };
  }

  #reboot(machine: Machine): void {
    machine.reboot();
    for (const link of this.#links) if (link.machine === machine) link.die(link.lost());
  }

  #machine(name: string, pids: { readonly firstPid: number; readonly lastPid: number }): Machine {
    const { clock, random, site } = this.#parts;
    return new Machine({
      clock,
      random,
      name,
      ...pids,
      stepMs: () => (random.next() < 0.5 ? 0 : Math.floor(this.#parts.between(site.stepMs))),
      onDefect: (error) => {
        this.defects.push(error);
        this.#deps.onDefect?.(error);
      },
    });
  }

  #fenceOf(directory: string): string | null {
    // the name as the server has it, not as any machine sees it
    const folder = this.files.folder(this.#server, directory);
    const node = folder?.entries.get('.run')?.node;
    return node?.kind === 'file' ? node.text : null;
  }

  #startBatch(node: Machine, job: SlurmJob, run: JobRun): Process | null {
    const viewer: Viewer = { machine: node.name, cwd: this.files.root };
    const folder = this.files.folder(viewer, job.directory);
    if (folder === null) return null;
    const inside: Viewer = { machine: node.name, cwd: folder };
    const fill = (path: string): string => path.replaceAll('%j', String(job.id));
    const opened = openOutputs(this.files, inside, fill(job.options.output), fill(job.options.error));
    if (opened === null) return null;
    const process = node.spawn('slurm_script', folder, null);
    process.job = run;
    const variables = new Map(this.#environment)
      .set('SLURM_JOB_ID', String(job.id))
      .set('SLURM_SUBMIT_DIR', job.directory)
      .set('SLURM_JOB_NAME', job.name);
    const io = { input: new Input(), ...opened };
    this.#world.start(
      process,
      {
        variables,
        exported: new Set(variables.keys()),
        functions: new Map(),
        args: [],
        io,
        viewer: inside,
        isJob: true,
      },
      job.script,
    );
    return process;
  }

  /** What befalls a job where there is no scheduler. */
  #directFate(process: Process, run: JobRun): void {
    const { fate, afterMs } = run.fate(Infinity);
    if (fate === null || fate === 'preempted' || fate === 'requeued' || fate === 'walltime') return;
    this.#deps.clock.after(afterMs, () => {
      if (process.hasEnded) return;
      run.cause = fate === 'node-failure' ? 'reboot' : fate;
      if (fate === 'node-failure') this.#reboot(process.machine);
      else process.machine.kill(-process.group, fate === 'memory' ? 'KILL' : 'TERM');
    });
  }
}
