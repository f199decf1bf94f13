/** What this machine can do at most, so that a rate can be told as a share of it. */
import { spawn } from 'node:child_process';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { once } from 'node:events';
import { join } from 'node:path';

/** Processes that a small shell starts and waits for in a second, one loop on each core. */
export async function startsPerSecond(): Promise<number> {
  const each = 1000;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const loop = `i=0; while [ "$i" -lt ${each} ]; do /bin/true; i=$((i+1)); done`;
      await once(spawn('/bin/sh', ['-c', loop], { stdio: 'ignore' }), 'exit');
    }),
  );
  return (each * availableParallelism() * 1000) / (performance.now() - start);
}

/** Writes of one page that a disk makes durable in a second, one after the other. */
export function syncsPerSecond(folder: string): number {
  const file = openSync(join(folder, 'syncs'), 'w');
  const page = new Uint8Array(4096);
  const count = 200;
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    writeSync(file, page);
    fsyncSync(file);
  }
  const ms = performance.now() - start;
  closeSync(file);
  return (count * 1000) / ms;
}

/** Processes that were started on this machine since it began, by anybody; null where the system does not say. */
export function startedSoFar(): number | null {
  try {
    return Number(/^processes (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? Number.NaN);
  } catch {
    return null;
  }
}
