import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { residentMemory } from '#main/isolate/resident-memory.ts';
import type { FromVictim, VictimTask } from './victim.ts';

type Report = Extract<FromVictim, { readonly kind: 'report' }>;

/** What came of one file, seen from outside. */
export interface Outcome {
  readonly report: Report | null;
  /** What must not happen, in words; empty where all is well. */
  readonly findings: readonly { readonly kind: Finding; readonly words: string }[];
  /** Bytes, of the main process. */
  readonly peak: number;
  readonly ms: number;
}

export type Finding = 'crash' | 'hang' | 'memory' | 'write' | 'words' | 'unclean';

const mostMemory = 1e9;
const lookEveryMs = 25;

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
  #child: ChildProcess | null = null;
  #stderr = '';

  readonly #stepMs: number;

  /** @param stepMs what counts as a hang */
  constructor(stepMs = 60_000) {
    this.#stepMs = stepMs;
    for (const folder of ['home', 'cwd', 'tmp', 'inbox', 'up/higher/profiles']) {
      mkdirSync(join(this.#canary, folder), { recursive: true });
    }
    mkdirSync(this.scratch);
    writeFileSync(join(this.#canary, 'home', 'precious.txt'), 'precious');
    writeFileSync(join(this.#canary, 'cwd', 'metadata.json'), 'precious');
  }

  async run(bytes: Buffer, prime: Buffer | null): Promise<Outcome> {
    const file = join(this.#canary, 'inbox', 'mutant.aiida');
    const sound = join(this.#canary, 'inbox', 'sound.aiida');
    writeFileSync(file, bytes);
    if (prime !== null) writeFileSync(sound, prime);
    const child = await this.#ready();
    const before = this.#look();
    const since = performance.now();
    const { report, findings, peak } = await this.#watch(child, {
      file,
      prime: prime === null ? null : sound,
    });
    const all = [...findings, ...(report === null ? [] : judge(report))];
    // a victim that was killed has left what it was working on, inside of the temporary folder too
    if (report !== null)
      for (const words of differences(before, this.#look())) all.push({ kind: 'write', words });
    rmSync(sound, { force: true });
    return { report, findings: all, peak, ms: performance.now() - since };
  }

  dispose(): void {
    this.#child?.kill('SIGKILL');
    rmSync(this.root, { recursive: true, force: true });
  }

  async #ready(): Promise<ChildProcess> {
    if (this.#child !== null) return this.#child;
    for (const folder of ['tmp', 'up/higher/profiles']) {
      rmSync(join(this.#canary, folder), { recursive: true, force: true });
      mkdirSync(join(this.#canary, folder), { recursive: true });
    }
    const child = fork(fileURLToPath(new URL('./victim.ts', import.meta.url)), [this.#profiles], {
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
        this.#child = null;
        child.off('exit', onExit);
        child.once('exit', () => end(null));
        child.kill('SIGKILL');
      };
      const onExit = (code: number | null, signal: string | null): void => {
        findings.push({
          kind: 'crash',
          words: `it ended with ${code ?? signal} at “${step}”: ${this.#stderr.trim()}`,
        });
        end(null);
      };
      const timer = setInterval(() => {
        const used = child.pid === undefined ? null : residentMemory(child.pid);
        peak = Math.max(peak, used ?? 0);
        if (findings.length > 0) return;
        if (peak > mostMemory) give('memory', `${Math.round(peak / 1e6)} MB`);
        else if (performance.now() - began > this.#stepMs) give('hang', `${this.#stepMs / 1000} s`);
      }, lookEveryMs);
      child.on('message', (message: FromVictim) => {
        if (message.kind === 'step') {
          step = message.step;
          began = performance.now();
        } else if (message.kind === 'report') end(message);
      });
      child.once('exit', onExit);
      child.send(task);
    });
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
    const inbox = join(this.#canary, 'inbox', 'mutant.aiida');
    seen.set(inbox, createHash('sha256').update(readFileSync(inbox)).digest('hex'));
    return seen;
  }
}

function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const words: string[] = [];
  for (const [path, was] of before)
    if (after.get(path) !== was) words.push(`${path} was changed or taken away`);
  for (const path of after.keys()) if (!before.has(path)) words.push(`${path} was written`);
  return words;
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
  if (changed !== null) findings.push({ kind: 'unclean', words: `the profile had ${changed}` });
  return findings;
}
