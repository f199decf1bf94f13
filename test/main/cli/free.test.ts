import { expect, test } from 'vitest';
import type { FreeReport } from '#shared/contract/areas/storage.ts';
import { ran } from './fake-world.ts';

const report: FreeReport = {
  files: 3,
  bytes: 2_000_000,
  held: 0,
  compacted: 0,
  database: { before: 9_000_000, after: 4_000_000 },
  stopped: false,
  unfinished: [],
};

const freed = async (change: Partial<FreeReport>): Promise<string> => {
  const handlers = {
    'storage.free': async function* () {
      await Promise.resolve();
      yield { kind: 'done', report: { ...report, ...change } } as const;
    },
  };
  return (await ran(['free', '--profile', '/p'], handlers)).stdout;
};

test('freeing space says what went and how large the database was and is', async () => {
  expect(await freed({})).toBe(
    'Let go of 3 files (2.00 MB).\nThe database has 4.00 MB now; before, it had 9.00 MB.\n',
  );
});

test('one that was stopped, or that found no room, says what it has done and what is left', async () => {
  const why = 'To make the database smaller, the disk of /p needs 8.00 MB for a while, and has 1.00 MB.';
  const database = { before: 9_000_000, after: 9_000_000 };
  expect(await freed({ database, stopped: true, unfinished: [why] })).toBe(
    `Let go of 3 files (2.00 MB).\n${why}\nIt was stopped: the rest is found the next time.\n`,
  );
});
