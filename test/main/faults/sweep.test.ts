import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const faults = new URL('../../support/faults/install.ts', import.meta.url).href;
const sweep = fileURLToPath(new URL('../../faults/sweep.ts', import.meta.url));

interface Sum {
  readonly runs: number;
  readonly hits: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

/** In a process of its own, in which files, SQLite and programs can be made to fail. */
const swept = (...args: readonly string[]): Promise<Sum> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, ['--import', faults, sweep, ...args], (error, stdout, stderr) => {
      const last = stdout.trim().split('\n').at(-1) ?? '';
      if (last.includes('"hits"')) resolve(JSON.parse(last) as Sum);
      else reject(new Error(`${String(error)}\n${stdout}\n${stderr}`));
    });
  });

// every call in turn: `npm run test:faults`
it('a workflow ends right, and runs its job once, whichever call fails in it', async () => {
  const offset = 1 + (Date.now() % 24);
  const { runs, hits, problems } = await swept('--from', String(offset), '--stride', '24');
  expect(problems, `--from ${offset} --stride 24`).toEqual([]);
  expect(runs).toBeGreaterThan(5);
  expect(Object.values(hits).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(5);
});
