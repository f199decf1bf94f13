import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { seededRandom } from '#shared/base/random.ts';
import { systemClock } from '#shared/base/system-clock.ts';
import type { ComputerConfig } from '#shared/contract/areas/computers.ts';
import { shellQuote } from '#main/computers/shell/quote.ts';
import type { ExecAnswer, ExecRequest, Transport } from '#main/computers/transport.ts';
import { LocalTransport } from '#main/computers/transports/local/local-transport.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';
import type { RemoteFolder } from '../files/nodes.ts';
import type { Viewer } from '../files/remote-files.ts';
import type { Tools } from '../tools/tool.ts';
import { noFaults, usualSite, VirtualCluster } from '../virtual-cluster.ts';

export const never = new AbortController().signal;

/** What a command of the scheduler says, on both sides. */
export interface Canned {
  readonly out: string;
  readonly err: string;
  readonly rc: number;
}

/** One side: where scripts run and where files are. */
export interface Side {
  readonly host: string;
  exec(request: ExecRequest): Promise<ExecAnswer>;
  write(path: string, text: string): void;
  makeFolder(path: string): void;
  /** Contents by path below the folder; `null` for a folder. */
  tree(path: string): ReadonlyMap<string, string | null>;
  can(command: string, canned: Canned): void;
}

const fakeCommands = ['sbatch', 'squeue', 'sacct', 'scontrol', 'scancel', 'sacctmgr'] as const;

/** Real shells and real files, and for Slurm programs that say what they are told to. */
class RealSide implements Side {
  readonly host = hostname();
  readonly #transport: Transport;
  readonly #canned: string;

  constructor(root: string) {
    const programs = join(root, 'bin');
    this.#canned = join(root, 'canned');
    mkdirSync(programs, { recursive: true });
    mkdirSync(this.#canned, { recursive: true });
    for (const name of fakeCommands) {
      const said = join(this.#canned, name);
      writeFileSync(
        join(programs, name),
        `#!/bin/sh\ncat ${shellQuote(`${said}.out`)}\ncat ${shellQuote(`${said}.err`)} >&2\nexit "$(cat ${shellQuote(`${said}.rc`)})"\n`,
      );
      chmodSync(join(programs, name), 0o755);
    }
    const environment = { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}` };
    this.#transport = new LocalTransport(environment, systemClock);
  }

  exec(request: ExecRequest): Promise<ExecAnswer> {
    return this.#transport.exec(request);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  makeFolder(path: string): void {
    mkdirSync(path, { recursive: true });
  }

  tree(path: string): ReadonlyMap<string, string | null> {
    const found = new Map<string, string | null>();
    const walk = (folder: string, below: string): void => {
      for (const name of readdirSync(folder)) {
        const isFolder = statSync(join(folder, name)).isDirectory();
        found.set(`${below}${name}`, isFolder ? null : readFileSync(join(folder, name), 'utf8'));
        if (isFolder) walk(join(folder, name), `${below}${name}/`);
      }
    };
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) walk(path, '');
    return found;
  }

  can(command: string, { out, err, rc }: Canned): void {
    writeFileSync(join(this.#canned, `${command}.out`), out);
    writeFileSync(join(this.#canned, `${command}.err`), err);
    writeFileSync(join(this.#canned, `${command}.rc`), `${rc}\n`);
  }
}

/** The virtual cluster, with the same commands. */
class VirtualSide implements Side {
  readonly host = 'login1';
  readonly clock = new VirtualClock(Date.now());
  readonly cluster: VirtualCluster;
  readonly #transport: Promise<Transport>;
  readonly #canned = new Map<string, Canned>();

  constructor(scheduler: ComputerConfig['scheduler'], seed: number) {
    const canned: Tools = Object.fromEntries(
      fakeCommands.map((name) => [
        name,
        ({ io }) => {
          const { out, err, rc } = this.#canned.get(name) ?? { out: '', err: '', rc: 0 };
          io.output.write(out);
          io.errors.write(err);
          return rc;
        },
      ]),
    );
    this.cluster = new VirtualCluster({
      clock: this.clock,
      random: seededRandom(seed),
      name: 'twin',
      site: { ...usualSite, scheduler, firstJobId: 1000, jobMs: [20, 40] },
      faults: noFaults,
      ...(scheduler === 'core.slurm' ? { commands: canned } : {}),
    });
    this.#transport = this.#until(this.cluster.open(never));
  }

  async exec(request: ExecRequest): Promise<ExecAnswer> {
    const answer = await this.#until((await this.#transport).exec(request));
    if (this.cluster.defects[0] !== undefined) throw this.cluster.defects[0];
    return answer;
  }

  get #viewer(): Viewer {
    return { machine: this.host, cwd: this.cluster.files.root };
  }

  write(path: string, text: string): void {
    this.cluster.files.makeFolders(this.#viewer, dirname(path));
    this.cluster.files.write(this.#viewer, path, text);
  }

  makeFolder(path: string): void {
    this.cluster.files.makeFolders(this.#viewer, path);
  }

  tree(path: string): ReadonlyMap<string, string | null> {
    const found = new Map<string, string | null>();
    const walk = (folder: RemoteFolder, below: string): void => {
      for (const [name, { node }] of folder.entries) {
        found.set(`${below}${name}`, node.kind === 'file' ? node.text : null);
        if (node.kind === 'folder') walk(node, `${below}${name}/`);
      }
    };
    const folder = this.cluster.files.folder(this.#viewer, path);
    if (folder !== null) walk(folder, '');
    return found;
  }

  can(command: string, canned: Canned): void {
    this.#canned.set(command, canned);
  }

  async #until<T>(wanted: Promise<T>): Promise<T> {
    const over = new AbortController();
    const settled = (): void => over.abort();
    wanted.then(settled, settled);
    for (let round = 0; round < 10_000 && !over.signal.aborted; round++) await this.clock.advance(20);
    return await wanted;
  }
}

/** The same scripts on the same paths, in a real folder and in memory. */
export class BothSides {
  readonly root = mkdtempSync(join(tmpdir(), "stemma twin's-"));
  readonly real: Side;
  readonly virtual: Side;

  constructor(scheduler: ComputerConfig['scheduler'], seed: number) {
    this.real = new RealSide(this.root);
    this.virtual = new VirtualSide(scheduler, seed);
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** On one after the other. */
  async each<T>(work: (side: Side) => Promise<T>): Promise<readonly [real: T, virtual: T]> {
    return [await work(this.real), await work(this.virtual)];
  }
}
