import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

export interface Weight {
  readonly ms: number;
  /** Seconds of all its processes on the processor, also where others took their turns. */
  readonly cpuSeconds: number;
  /**
   * Bytes that the program and all that it started held at once, at most: the memory of its own of each process, and once
   * what comes from files (the program and its libraries), which processes of one program share.
   */
  readonly peakBytes: number;
}

const sampleMs = 25;
/** Of the times in `/proc/<pid>/stat`, on every system that we know (sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100;

/**
 * Runs a whole program and weighs it: its time, and the memory of its tree of processes, looked at every 25 ms (Linux,
 * proc(5)). What it prints is thrown away.
 *
 * The resident sizes of processes must not be added: pages that two of them share would count twice. Nor would the
 * proportional size of pages from files be fair (`Pss_File`): another program that happens to run, with the same libraries,
 * would make it smaller.
 * @throws where it does not end with exit code 0, with the end of what it said
 */
export async function weigh(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Weight> {
  const start = performance.now();
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said = `${said}${text.toString()}`.slice(-4000);
  });
  let peakBytes = 0;
  const ticks = new Map<number, number>();
  const look = (): void => {
    if (child.pid === undefined) return;
    const tree = treeOf(child.pid);
    for (const { pid, used } of tree) ticks.set(pid, used);
    peakBytes = Math.max(peakBytes, heldBy(tree.map(({ pid }) => pid)));
  };
  const timer = setInterval(look, sampleMs);
  look();
  const [status] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${said}`);
  const cpuSeconds = [...ticks.values()].reduce((sum, used) => sum + used, 0) / ticksPerSecond;
  return { ms: performance.now() - start, cpuSeconds, peakBytes };
}

/** The processes that descend from one, and it, with the ticks that each has used. */
function treeOf(root: number): readonly { readonly pid: number; readonly used: number }[] {
  const parents = new Map<number, number>();
  const ticks = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      // after the name, which may hold anything: state, parent, … and the times in user and system mode as 12th and 13th
      const fields = (readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1) ?? '').split(' ');
      parents.set(pid, Number(fields[1]));
      ticks.set(pid, Number(fields[11]) + Number(fields[12]));
    } catch {
      // it has ended meanwhile
    }
  }
  return [...ticks].flatMap(([pid, used]) => (descendsFrom(pid, root, parents) ? [{ pid, used }] : []));
}

function descendsFrom(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  let at: number | undefined = pid;
  while (at !== undefined && at > 0 && at !== root) at = parents.get(at);
  return at === root;
}

function heldBy(pids: readonly number[]): number {
  let own = 0;
  let files = 0;
  for (const pid of pids) {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      own += kilobytes(rollup, 'Pss_Anon') + kilobytes(rollup, 'Pss_Shmem');
      files = Math.max(files, kilobytes(status, 'RssFile'));
    } catch {
      // it has ended meanwhile
    }
  }
  return own + files;
}

/** In bytes; 0 where the text does not say it. */
const kilobytes = (text: string, name: string): number =>
  Number(new RegExp(String.raw`^${name}:\s+(\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
