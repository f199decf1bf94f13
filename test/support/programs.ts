import { randomInt } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

/** Absolute path of a program, also where only root's PATH has it; null where it is not installed. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  for (const folder of folders) {
    if (folder === '') continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this folder
    }
  }
  return null;
}

/** Which of the programs are missing, in words; null where all are there. */
export function missingPrograms(names: readonly string[]): string | null {
  const missing = names.filter((name) => findProgram(name) === null);
  return missing.length === 0 ? null : `${missing.join(', ')} not installed`;
}

/**
 * A port of the loopback interface that nobody listens on now, below those that the system gives to connections: one of
 * them may take any port from there at any moment.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_240, 32_768);
    if (!given.has(port) && (await canListen(port))) {
      given.add(port);
      return port;
    }
  }
}

const given = new Set<number>();

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/**
 * Asks `probe` every 50 ms until it says yes. The time is for what never comes: it is no measure of how fast anything is.
 * @throws after `ms`, with `what` and what `details` adds
 */
export async function until(
  what: string,
  probe: () => boolean | Promise<boolean>,
  ms = 120_000,
  details: () => string = () => '',
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await probe())) {
    if (performance.now() > end) throw new Error(`Not within ${ms} ms: ${what}\n${details()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
