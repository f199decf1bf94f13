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

/** A port of the loopback interface that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}

/** Asks `probe` every 50 ms until it says yes. @throws after `ms`, with `what` and what `details` adds */
export async function until(
  what: string,
  probe: () => boolean | Promise<boolean>,
  ms = 30_000,
  details: () => string = () => '',
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await probe())) {
    if (performance.now() > end) throw new Error(`Not within ${ms} ms: ${what}\n${details()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
