import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { seededRandom } from '#shared/base/random.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { seed } from '../../support/seed.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openForTest } from './open-repository.ts';

const rounds = 8;

/** Kills the writer some time after its first object is durable; gives what it said was durable. */
async function writeAndKill(root: string, seed: number, delayMs: number): Promise<readonly string[]> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), root, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  let begun = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    begun = resolve;
  });
  writer.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    begun();
  });
  const ended = new Promise((resolve) => {
    writer.on('close', resolve);
  });
  await Promise.race([first, ended]);
  await wait(delayMs);
  writer.kill('SIGKILL');
  await ended;
  return said.split('\n').slice(0, -1);
}

test('a writer that is killed at any moment loses no object that it had acknowledged, and leaves no mess', async () => {
  const random = seededRandom(seed);
  const root = join(temporaryFolder(), 'repository');
  const durable = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    for (const line of await writeAndKill(root, seed + round, random.next() * 120)) durable.add(line);
    const repository = await openForTest(root);
    const hashes = [...durable].map((line) => line.slice(0, 64) as ObjectHash);
    const { problems } = await repository.check(hashes, true);
    expect({ seed, problems }).toEqual({ seed, problems: [] });
    for (const line of durable) {
      expect((await repository.bytes(line.slice(0, 64) as ObjectHash)).length).toBe(Number(line.slice(65)));
    }
    await repository.close();
  }
  expect(durable.size).toBeGreaterThan(rounds);
});
