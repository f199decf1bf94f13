import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { seed } from '../../support/seed.ts';

const faults = new URL('../../support/faults/install.ts', import.meta.url).href;
const sweep = fileURLToPath(new URL('../../faults/sweep.ts', import.meta.url));

interface Sum {
  readonly failed: number;
  readonly problems: readonly string[];
}

/** In a process of its own, in which files, SQLite and programs can be made to fail. */
const swept = (...args: readonly string[]): Promise<Sum> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, ['--import', faults, sweep, ...args], (error, stdout, stderr) => {
      const last = stdout.trim().split('\n').at(-1) ?? '';
      if (last.includes('"seconds"')) resolve(JSON.parse(last) as Sum);
      else reject(new Error(`${String(error)}\n${stdout}\n${stderr}`));
    });
  });

const stride = 67;

// every call in turn: `npm run test:faults`
it('a workflow ends right, and runs its job once, whichever call fails in it', async () => {
  const offset = seed % stride;
  const { failed, problems } = await swept('--offset', String(offset), '--stride', String(stride));
  expect(problems, `--offset ${offset} --stride ${stride}`).toEqual([]);
  expect(failed).toBeGreaterThan(2);
});
