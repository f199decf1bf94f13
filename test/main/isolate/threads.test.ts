import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '#main/provenance/store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('threads that are stopped at any moment while SQLite is loaded or at work in them leave the process alive', async () => {
  const file = join(temporaryFolder(), 'stemma.sqlite');
  await openStore({ file }).close();
  const seed = 1 + Math.floor(Math.random() * 1e9);
  console.log(`seed ${seed}`);
  const program = join(import.meta.dirname, 'stop-while-reading.ts');
  // more runs: the same command by hand
  const said = execFileSync(process.execPath, [program, file, '25', String(seed)], { encoding: 'utf8' });
  expect(said).toBe('25 threads were stopped\n');
});
