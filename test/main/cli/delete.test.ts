import { expect, test } from 'vitest';
import { parseArguments } from '#main/cli/arguments.ts';
import type { Deletion, DeletionPreview } from '#shared/contract/areas/storage.ts';
import { ran } from './fake-world.ts';

const uuid = '01234567-0123-4123-8123-0123456789ab';
const node = { uuid, name: 'relax', nodeType: 'process.workflow.workchain.WorkChainNode.' };
const preview: DeletionPreview = {
  digest: 'd',
  nodes: 3,
  links: 2,
  memberships: 1,
  logs: 0,
  comments: 0,
  files: 2,
  bytes: 2048,
  byRule: [{ rule: 'chosen', words: 'chosen', nodes: 3, examples: [node] }],
  byType: [{ nodeType: node.nodeType, nodes: 3 }],
  obstacles: [],
};
const { digest: _digest, byRule: _byRule, obstacles: _obstacles, ...counts } = preview;
const deletion: Deletion = { ...counts, uuid, time: 0, examples: ['relax'] };

test('the switches have the names of AiiDA', () => {
  expect(
    parseArguments(['delete', '--node', 'a', 'b', '--no-create-forward', '--call-calc-forward']),
  ).toMatchObject({
    what: { kind: 'nodes', uuids: ['a', 'b'] },
    rules: { create_forward: false, call_calc_forward: true },
    yes: false,
  });
  expect(() => parseArguments(['delete'])).toThrow('exactly one of');
  expect(parseArguments(['delete', '--filter', 'type:Dict ctime<2025'])).toMatchObject({
    what: { kind: 'fitting', filter: 'type:Dict ctime<2025' },
  });
  expect(() => parseArguments(['delete', '--group', 'g', '--filter', 'f'])).toThrow('exactly one of');
  // an empty filter fits everything, which a slip of the hand must not mean
  expect(() => parseArguments(['delete', '--filter', ' '])).toThrow('--filter TEXT');
  expect(() => parseArguments(['delete', '--group', 'g', '--yes', '--dry-run'])).toThrow('not both');
  expect(() => parseArguments(['delete', '--group', 'g', '--create-forward', '--no-create-forward'])).toThrow(
    'not both',
  );
});

test('nothing is deleted without --yes, and what would go is told', async () => {
  const handlers = { 'storage.previewDeletion': () => preview };
  const dry = await ran(['delete', '--node', uuid, '--dry-run'], handlers);
  expect(dry.status).toBe(0);
  expect(dry.stdout).toContain('files that no other node has  2 (2.05 kB)');
  const bare = await ran(['delete', '--node', uuid], handlers);
  expect([bare.status, bare.stdout]).toEqual([1, dry.stdout]);
  expect(bare.stderr.join()).toContain('Nothing was deleted.');
  expect(JSON.parse((await ran(['delete', '--node', uuid, '--dry-run', '--json'], handlers)).stdout)).toEqual(
    preview,
  );
});

test('a deletion says how it is taken back', async () => {
  const asked: unknown[] = [];
  const done = await ran(['delete', '--node', uuid, '--yes'], {
    'storage.previewDeletion': () => preview,
    async *'storage.delete'(input) {
      asked.push(input);
      await Promise.resolve();
      yield { kind: 'done', deletion };
    },
  });
  expect(asked).toEqual([{ digest: 'd' }]);
  expect(done.stdout).toContain(`stemma restore ${uuid}`);
});

test('what keeps a deletion from being done is one line', async () => {
  const message = 'Processes that have not ended cannot be deleted:';
  const refused = await ran(['delete', '--node', uuid, '--yes'], {
    'storage.previewDeletion': () => ({ ...preview, obstacles: [{ message, count: 1, nodes: [node] }] }),
  });
  expect([refused.status, refused.stderr]).toEqual([
    1,
    [expect.stringContaining(`${message} relax (01234567).`)],
  ]);
});

test('restore lists what can be taken back, and takes it back', async () => {
  const none = {
    async *'purges.list'() {
      await Promise.resolve();
      yield [];
    },
  };
  const list = await ran(['restore'], {
    ...none,
    async *'storage.deletions'({ skip }) {
      await Promise.resolve();
      yield { rows: [{ ...deletion, examples: [`page from ${skip}`] }], skip, total: 2, nodes: 6 };
    },
  });
  expect(list.stdout).toContain(uuid);
  // a second page, which one answer did not hold
  expect(list.stdout).toContain('page from 1');
  const back = await ran(['restore', uuid], {
    ...none,
    async *'storage.restore'() {
      await Promise.resolve();
      yield { kind: 'done', nodes: 2, there: 1, links: 2 };
    },
  });
  expect(back.stdout).toBe('Restored 2 nodes and 2 links; 1 nodes were here again already.\n');
});
