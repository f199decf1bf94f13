import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

export interface Weight {
  readonly ms: number;
  /** Bytes that the program and all that it started held at once, at most; shared pages count for each of them. */
  readonly peakBytes: number;
}

const sampleMs = 25;
const page = 4096;

/**
 * Runs a whole program and weighs it: its time, and the memory of its tree of processes, looked at every 25 ms (Linux:
 * `/proc/<pid>/stat`, proc(5)). What it prints is thrown away.
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
  const look = (): void => {
    if (child.pid !== undefined) peakBytes = Math.max(peakBytes, heldBy(child.pid));
  };
  const timer = setInterval(look, sampleMs);
  look();
  const [status] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${said}`);
  return { ms: performance.now() - start, peakBytes };
}

function heldBy(root: number): number {
  const parents = new Map<number, number>();
  const pages = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      // after the name, which may hold anything: state, parent, … and the resident pages as the 22nd
      const fields = (readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1) ?? '').split(' ');
      parents.set(pid, Number(fields[1]));
      pages.set(pid, Number(fields[21]));
    } catch {
      // it has ended meanwhile
    }
  }
  let held = 0;
  for (const [pid, count] of pages) if (descendsFrom(pid, root, parents)) held += count * page;
  return held;
}

function descendsFrom(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  let at: number | undefined = pid;
  while (at !== undefined && at > 0 && at !== root) at = parents.get(at);
  return at === root;
}
