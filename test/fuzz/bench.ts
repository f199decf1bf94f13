import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Route } from './mutant.ts';
import type { Plant } from './plant.ts';
import { processTree } from './process-tree.ts';
import type { FromVictim, ToVictim, VictimTask } from './victim.ts';

type Report = Extract<FromVictim, { readonly kind: 'report' }>;

/** What came of one file, seen from outside. */
export interface Outcome {
  readonly report: Report | null;
  /** What must not happen, in words; empty where all is well. */
  readonly findings: readonly { readonly kind: Finding; readonly words: string }[];
  /** Bytes, of the main process and all that it has started, together. */
  readonly peak: number;
  readonly ms: number;
}

export type Finding = 'crash' | 'hang' | 'memory' | 'write' | 'words' | 'unclean' | 'left';

export interface Shot {
  readonly bytes: Buffer;
  readonly prime: Buffer | null;
  readonly route: Route;
  readonly plant?: Plant | null;
}

export interface BenchOptions {
  /** The built victim. */
  readonly victim: string;
  /** What counts as a hang. */
  readonly stepMs?: number;
  /** How long what it has started, and it itself, may take to end. */
  readonly leftMs?: number;
  /** So many mutants meet the same main process. */
  readonly mutantsEach?: number;
}

const mostMemory = 1e9;
const lookEveryMs = 80;

/** Where names that lead out of everything lead to. */
const beyond = ['/evil', '/etc/evil', '/tmp/evil', '/tmp/metadata.json', '/metadata.json', '/db.sqlite3'];

/**
 * A place of its own for the victim: everything around its profiles is a canary (home, working directory, temporary
 * folder, the folders above), and so is the file that it reads.
 */
export class Bench {
  readonly root = mkdtempSync(join(tmpdir(), 'stemma-fuzz-'));
  /** For whoever makes files. */
  readonly scratch = join(this.root, 'scratch');
  readonly #canary = join(this.root, 'canary');
  readonly #profiles = join(this.#canary, 'up', 'higher', 'profiles');
  readonly #options: Required<BenchOptions>;
  #child: ChildProcess | null = null;
  #done = 0;
  #stderr = '';

  constructor(options: BenchOptions) {
    this.#options = { stepMs: 60_000, leftMs: 60_000, mutantsEach: 100, ...options };
    for (const folder of ['home', 'cwd', 'tmp', 'inbox', 'up/higher/profiles']) {
      mkdirSync(join(this.#canary, folder), { recursive: true });
    }
    mkdirSync(this.scratch);
    writeFileSync(join(this.#canary, 'home', 'precious.txt'), 'precious');
    writeFileSync(join(this.#canary, 'cwd', 'metadata.json'), 'precious');
  }

  /** How many files this main process has met before. */
  get met(): number {
    return this.#done;
  }

  async run({ bytes, prime, route, plant = null }: Shot): Promise<Outcome> {
    const file = join(this.#canary, 'inbox', 'mutant.aiida');
    const sound = join(this.#canary, 'inbox', 'sound.aiida');
    writeFileSync(file, bytes);
    if (prime !== null) writeFileSync(sound, prime);
    const child = await this.#ready();
    const before = this.#look();
    const since = performance.now();
    const task: VictimTask = { file, prime: prime === null ? null : sound, route, plant };
    const { report, findings, peak } = await this.#watch(child, task);
    this.#done++;
    const all = [...findings, ...(report === null ? [] : judge(report)), ...(await this.#left(child))];
    const temporary = join(this.#canary, 'tmp');
    for (const { path, words } of differences(before, this.#look())) {
      // a victim that was killed has left what it was working on, inside of the temporary folder
      if (report === null && path.startsWith(temporary)) continue;
      all.push({ kind: 'write', words });
    }
    rmSync(sound, { force: true });
    if (all.length > 0) this.#kill();
    else if (this.#done >= this.#options.mutantsEach) all.push(...(await this.#end(child)));
    return { report, findings: all, peak, ms: performance.now() - since };
  }

  /** Lets the main process end by itself, and says where it does not. */
  async finish(): Promise<Outcome['findings']> {
    return this.#child === null ? [] : this.#end(this.#child);
  }

  dispose(): void {
    this.#kill();
    rmSync(this.root, { recursive: true, force: true });
  }

  #kill(): void {
    const { pid } = this.#child ?? {};
    // what it has started would go on without it
    if (pid !== undefined) for (const { pid: one } of processTree(pid).toReversed()) endProcess(one);
    this.#child = null;
  }

  /** The start of a victim takes away what the one before it has left where it may write. */
  async #ready(): Promise<ChildProcess> {
    if (this.#child !== null) return this.#child;
    for (const folder of ['tmp', 'up/higher/profiles']) {
      rmSync(join(this.#canary, folder), { recursive: true, force: true });
      mkdirSync(join(this.#canary, folder), { recursive: true });
    }
    const child = fork(this.#options.victim, [this.#profiles], {
      cwd: join(this.#canary, 'cwd'),
      env: {
        PATH: process.env['PATH'],
        HOME: join(this.#canary, 'home'),
        TMPDIR: join(this.#canary, 'tmp'),
        STEMMA_DISK_WATCH: 'off',
      },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#stderr = '';
    this.#done = 0;
    child.stderr?.on(
      'data',
      (piece: Buffer) => (this.#stderr = (this.#stderr + piece.toString()).slice(-4000)),
    );
    child.once('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', () => reject(new Error(`The product does not start: ${this.#stderr}`)));
    });
    return child;
  }

  #watch(child: ChildProcess, task: VictimTask): Promise<Pick<Outcome, 'report' | 'findings' | 'peak'>> {
    return new Promise((resolve) => {
      let step = 'start';
      let peak = 0;
      let began = performance.now();
      const findings: Outcome['findings'][number][] = [];
      const end = (report: Report | null): void => {
        clearInterval(timer);
        child.removeAllListeners('message');
        child.off('exit', onExit);
        resolve({ report, findings, peak });
      };
      const give = (kind: Finding, words: string): void => {
        findings.push({ kind, words: `${words}, at “${step}”` });
        child.off('exit', onExit);
        child.once('exit', () => end(null));
        this.#kill();
      };
      const onExit = (code: number | null, signal: string | null): void => {
        findings.push({
          kind: 'crash',
          words: `it ended with ${code ?? signal} at “${step}”: ${this.#stderr.trim()}`,
        });
        end(null);
      };
      const timer = setInterval(() => {
        if (findings.length > 0 || child.pid === undefined) return;
        const tree = processTree(child.pid);
        const used = tree.reduce((sum, { bytes }) => sum + bytes, 0);
        peak = Math.max(peak, used);
        const each = tree.map(({ bytes }) => Math.round(bytes / 1e6)).join(' + ');
        if (used > mostMemory) give('memory', `${Math.round(used / 1e6)} MB (${each})`);
        else if (performance.now() - began > this.#options.stepMs)
          give('hang', `${this.#options.stepMs / 1000} s`);
      }, lookEveryMs);
      child.on('message', (message: FromVictim) => {
        if (message.kind === 'step') {
          step = message.step;
          began = performance.now();
        } else if (message.kind === 'report') end(message);
      });
      child.once('exit', onExit);
      child.send({ kind: 'task', task } satisfies ToVictim);
    });
  }

  /** Processes that are alive although all is done; of a process that has ended they cannot be told any more. */
  async #left({ pid }: ChildProcess): Promise<Outcome['findings']> {
    if (pid === undefined) return [];
    const until = performance.now() + this.#options.leftMs;
    for (;;) {
      const tree = processTree(pid);
      if (tree.length <= 1) return [];
      if (performance.now() > until)
        return [{ kind: 'left', words: `${tree.length - 1} processes go on after it` }];
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #end(child: ChildProcess): Promise<Outcome['findings']> {
    const ended = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(code === 0 ? '' : `it ends with ${code ?? signal}`));
    });
    child.send({ kind: 'end' } satisfies ToVictim);
    const wait = Promise.withResolvers<string>();
    const timer = setTimeout(() => wait.resolve('it does not end by itself'), this.#options.leftMs);
    const words = await Promise.race([ended, wait.promise]);
    clearTimeout(timer);
    this.#kill();
    if (words === '') return [];
    return [
      { kind: 'left', words: `after ${this.#done} files and closing ${words}: ${this.#stderr.trim()}` },
    ];
  }

  /** Everything outside of the profiles, with what would show a change. */
  #look(): ReadonlyMap<string, string> {
    const seen = new Map<string, string>();
    const visit = (folder: string): void => {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (path === this.#profiles) continue;
        const { mode, size, mtimeMs } = lstatSync(path);
        const isFolder = (mode & 0o170000) === 0o040000;
        // the time of the temporary folder changes when something comes and goes
        seen.set(path, isFolder ? 'folder' : `${mode} ${size} ${mtimeMs}`);
        if (isFolder) visit(path);
      }
    };
    visit(this.#canary);
    for (const path of beyond) {
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found !== undefined) seen.set(path, `${found.mode} ${found.size} ${found.mtimeMs}`);
    }
    const inbox = join(this.#canary, 'inbox', 'mutant.aiida');
    seen.set(inbox, createHash('sha256').update(readFileSync(inbox)).digest('hex'));
    return seen;
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // it has ended in the meantime
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly { readonly path: string; readonly words: string }[] {
  const changed = [...before.keys()].filter((path) => after.get(path) !== before.get(path));
  const written = [...after.keys()].filter((path) => !before.has(path));
  return [
    ...changed.map((path) => ({ path, words: `${path} was changed or taken away` })),
    ...written.map((path) => ({ path, words: `${path} was written` })),
  ];
}

const notWords =
  /TypeError|RangeError|ReferenceError|\bundefined\b|\[object |Cannot read prop|is not a function|is not iterable|\bNaN\b/;

function judge({ steps, problems, leftovers, changed }: Report): Outcome['findings'][number][] {
  const findings: Outcome['findings'][number][] = [];
  for (const { step, error } of steps) {
    if (error === null) continue;
    if (error.family === 'unexpected' || error.message === '' || notWords.test(error.message)) {
      findings.push({
        kind: 'words',
        words: `“${step}” says ${error.code}: ${error.message} ${error.details ?? ''}`,
      });
    }
  }
  for (const problem of problems) findings.push({ kind: 'unclean', words: `the check finds ${problem}` });
  for (const name of leftovers) findings.push({ kind: 'unclean', words: `the cache still has ${name}` });
  if (changed !== null) findings.push({ kind: 'unclean', words: `a refused import has changed ${changed}` });
  return findings;
}
