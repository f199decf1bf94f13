import { expect, test } from 'vitest';
import type { Purge, PurgePreview } from '#shared/contract/areas/purges.ts';
import { parseArguments } from '#main/cli/arguments.ts';
import { ran } from './fake-world.ts';

const uuid = '01234567-0123-4123-8123-0123456789ab';
const node = { uuid, name: 'run 7', nodeType: 'data.core.folder.FolderData.' };
const preview: PurgePreview = {
  digest: 'd',
  nodes: 1,
  files: 2,
  bytes: 2_000_000,
  shared: { files: 1, bytes: 10, holders: [node] },
  held: { files: 0, bytes: 0 },
  purgedBefore: 3,
  active: 4,
  runs: 5,
  byType: [{ nodeType: node.nodeType, nodes: 1, bytes: 2_000_000 }],
  largest: [{ ...node, files: 2, bytes: 2_000_000 }],
};
const { nodes, files, bytes, runs, byType } = preview;
const record: Purge = {
  uuid,
  time: 0,
  state: 'restorable',
  words: 'made as “retrieved”',
  nodes,
  files,
  bytes,
  runs,
  byType,
  examples: ['run 7'],
};

async function* one<T>(item: T): AsyncGenerator<T> {
  await Promise.resolve();
  yield item;
}

const handlers = {
  'purges.preview': () => one({ kind: 'done', preview } as const),
  'purges.list': () => one([record]),
  'purges.restore': () => one({ kind: 'done', files: 2, bytes: 2_000_000, there: 0 } as const),
};

test('a rule is made of conditions, and a size has a unit', () => {
  expect(
    parseArguments(['purge', '--type', 'data.core.folder.', '--older-than', '30', '--larger-than', '1.5MB']),
  ).toMatchObject({
    what: {
      kind: 'rule',
      nodeType: 'data.core.folder.',
      olderThanDays: 30,
      largerThan: 1_500_000,
      group: { kind: 'any' },
    },
    yes: false,
  });
  expect(parseArguments(['purge', '--not-in-group', 'keep'])).toMatchObject({
    what: { group: { kind: 'not-in', label: 'keep' } },
  });
  expect(parseArguments(['purge', '--node', 'a', 'b'])).toMatchObject({
    what: { kind: 'nodes', uuids: ['a', 'b'] },
  });
  for (const wrong of [
    ['purge'],
    ['purge', '--node', 'a', '--older-than', '3'],
    ['purge', '--group', 'a', '--in-no-group'],
    ['purge', '--larger-than', '3 parsecs'],
    ['purge', '--older-than', '3', '--yes', '--dry-run'],
  ]) {
    expect(() => parseArguments(wrong)).toThrow(expect.objectContaining({ code: 'bad-arguments' }) as Error);
  }
});

test('nothing is purged without --yes, and what would go is told', async () => {
  const dry = await ran(['purge', '--created-as', 'retrieved', '--dry-run'], handlers);
  expect(dry.status).toBe(0);
  expect(dry.stdout).toMatch(/files whose content goes +2 \(2\.00 MB\)/);
  expect(dry.stdout).toMatch(/processes that cannot run again from it +5/);
  expect(dry.stdout).toContain('Others that have files of these nodes: run 7 (01234567)');
  const bare = await ran(['purge', '--created-as', 'retrieved'], handlers);
  expect([bare.status, bare.stdout]).toEqual([1, dry.stdout]);
  expect(bare.stderr.join()).toContain('Nothing was purged.');
});

test('a purge says how it is taken back, and restore does', async () => {
  const asked: unknown[] = [];
  const done = await ran(['purge', '--node', uuid, '--yes'], {
    ...handlers,
    'purges.purge'(input) {
      asked.push(input);
      return one({ kind: 'done', purge: record } as const);
    },
  });
  expect(asked).toEqual([{ selection: { kind: 'nodes', uuids: [uuid] }, digest: 'd' }]);
  expect(done.stdout).toContain(`stemma restore ${uuid}`);
  const list = await ran(['restore'], {
    ...handlers,
    'storage.deletions': () => one({ rows: [], skip: 0, total: 0, nodes: 0 }),
  });
  expect(list.stdout).toContain('made as “retrieved”');
  const back = await ran(['restore', uuid], handlers);
  expect(back.stdout).toBe('Restored the content of 2 files (2.00 MB).\n');
});
