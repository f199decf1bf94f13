/** What must be found when it happens: done on purpose, to see that the fuzzer can fail. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { CommandCore } from '#main/cli/world.ts';

export const plants = [
  'crash',
  'hang',
  'memory',
  'memory of a child',
  'write outside',
  'write in the temporary folder',
  'original changed',
  'no words',
  'lost file',
  'row in the profile',
  'process left',
  'never ends',
] as const;
export type Plant = (typeof plants)[number];

interface Surroundings {
  readonly file: string;
  readonly client: CommandCore['client'];
  /** Of the profile. */
  readonly directory: string;
}

const tooMuch = 1_100_000_000;
const held: unknown[] = [];

/** A process that waits, with so much memory. */
async function startChild(bytes: number): Promise<void> {
  const script = `globalThis.held = Buffer.alloc(${bytes}, 1); process.send('full'); setInterval(() => {}, 1e6)`;
  const child = fork('-e', [script], { execArgv: [], stdio: 'ignore' });
  child.unref();
  child.channel?.unref();
  await once(child, 'message');
}

export async function plant(what: Plant, { file, client, directory }: Surroundings): Promise<void> {
  switch (what) {
    case 'crash':
      process.kill(process.pid, 'SIGSEGV');
      return;
    case 'hang':
      for (;;);
    case 'memory':
      held.push(Buffer.alloc(tooMuch, 1));
      await new Promise(() => {});
      return;
    case 'memory of a child':
      await startChild(tooMuch);
      await new Promise(() => {});
      return;
    case 'write outside':
      writeFileSync(join(dirname(dirname(directory)), 'evil'), 'evil');
      writeFileSync(join(homedir(), 'precious.txt'), 'evil');
      return;
    case 'write in the temporary folder':
      writeFileSync(join(tmpdir(), 'forgotten'), '');
      return;
    case 'original changed':
      appendFileSync(file, 'x');
      return;
    case 'no words':
      throw new TypeError(`Cannot read properties of ${String(undefined)} (reading 'x')`);
    case 'lost file': {
      const index = new Database(join(directory, 'repository', 'objects.sqlite'));
      index.exec('DELETE FROM objects');
      index.close();
      return;
    }
    case 'row in the profile':
      await client.call('groups.create', { label: 'not asked for', description: '' });
      return;
    case 'process left':
      await startChild(1);
      return;
    case 'never ends':
      held.push(setInterval(() => {}, 1e6));
      return;
  }
}
