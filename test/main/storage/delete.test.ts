import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Emitter } from '#shared/base/emitter.ts';
import type { Deletion, DeletionSelection } from '#shared/contract/areas/storage.ts';
import { newUuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { makeStorageHandlers } from '#main/handlers/storage.ts';
import { openSecondWriter } from '#main/provenance/database.ts';
import { deleteNodes } from '#main/storage/delete-nodes.ts';
import { rulesOf } from '#main/storage/rules.ts';
import { archiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';

/** Every row that a deletion may touch, ids of nodes included. */
const allRows = (profile: ArchiveTestProfile): unknown => ({
  nodes: profile.rows('SELECT * FROM nodes ORDER BY id'),
  links: profile.rows(
    'SELECT source_id, target_id, type, label FROM links ORDER BY source_id, target_id, type',
  ),
  members: profile.rows('SELECT * FROM group_nodes ORDER BY group_id, node_id'),
  groups: profile.rows('SELECT * FROM groups'),
  comments: profile.rows('SELECT uuid, node_id, ctime, mtime, user_id, content FROM comments ORDER BY uuid'),
  journal: profile.rows('SELECT process_id, time, event FROM journal ORDER BY id'),
  steps: profile.rows('SELECT * FROM workflow_steps'),
  logs: profile.rows('SELECT uuid, time, logger, level, node_id, message, metadata FROM logs ORDER BY uuid'),
});

const nodesOf = (...uuids: readonly string[]): DeletionSelection => ({
  what: { kind: 'nodes', uuids: [...uuids] },
  rules: {},
});

const plan = (profile: ArchiveTestProfile, selection: DeletionSelection) =>
  profile.readers.profile.deletionPlan({ what: selection.what, rules: rulesOf(selection) });

async function remove(profile: ArchiveTestProfile, selection: DeletionSelection) {
  const { digest } = await plan(profile, selection);
  return profile.storage.delete({ selection, digest });
}

const problems = async (profile: ArchiveTestProfile): Promise<unknown> =>
  (await profile.readers.profile.checkGraph(null)).problems;

/** x -> calc -> y -> second -> z, called by a workflow that returns z; with a group, a log and a comment. */
async function chain() {
  const profile = await archiveProfile();
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  await profile.repository.putMany([Buffer.from('why'), Buffer.from('zed')]);
  const ended = '{"sealed": true, "process_state": "finished", "exit_status": 0}';
  const names = ['x', 'calc', 'y', 'second', 'z', 'flow', 'alone'] as const;
  const uuid = {
    x: newUuid(),
    calc: newUuid(),
    y: newUuid(),
    second: newUuid(),
    z: newUuid(),
    flow: newUuid(),
    alone: newUuid(),
  };
  const files: Partial<Record<string, Record<string, string>>> = {
    y: { 'y.txt': 'why' },
    z: { 'z.txt': 'zed', 'same.txt': 'why' },
  };
  const types: Partial<Record<string, string>> = {
    calc: NodeType.calcFunction,
    second: NodeType.calcFunction,
    flow: NodeType.workChain,
  };
  for (const [i, name] of names.entries()) {
    const tree = Object.entries(files[name] ?? {}).map(([file, text]) => [file, { k: hash(text) }]);
    profile.write(
      `INSERT INTO nodes (id, uuid, node_type, label, ctime, mtime, user_id, sealed, attributes, repository_metadata)
       VALUES (${i + 1}, '${uuid[name]}', '${types[name] ?? NodeType.int}', '${name}', ${i}, ${i}, 1,
         ${name in types ? 0 : 1}, '${name in types ? ended : '{"value": 1}'}',
         '${tree.length === 0 ? '{}' : JSON.stringify({ o: Object.fromEntries(tree) })}')`,
    );
  }
  const links = [
    ['x', 'calc', 'input_calc'],
    ['calc', 'y', 'create'],
    ['y', 'second', 'input_calc'],
    ['second', 'z', 'create'],
    ['x', 'flow', 'input_work'],
    ['flow', 'calc', 'call_calc'],
    ['flow', 'second', 'call_calc'],
    ['flow', 'z', 'return'],
  ] as const;
  const id = (name: (typeof names)[number]): number => names.indexOf(name) + 1;
  for (const [from, to, type] of links) {
    profile.write(
      `INSERT INTO links (source_id, target_id, type, label) VALUES (${id(from)}, ${id(to)}, '${type}', '${from}_${to}')`,
    );
  }
  profile.write(`UPDATE nodes SET sealed = 1 WHERE sealed = 0;
    INSERT INTO groups (uuid, label, time, user_id) VALUES ('${newUuid()}', 'all', 1, 1);
    INSERT INTO group_nodes SELECT 1, id FROM nodes;
    INSERT INTO journal (process_id, time, event) VALUES (${id('second')}, 1, '{}'), (${id('second')}, 2, '{"a": 1}');
    INSERT INTO workflow_steps VALUES (${id('flow')}, 'one', '{}');
    INSERT INTO logs (uuid, time, logger, level, node_id, message) VALUES ('${newUuid()}', 1, 'x', 'REPORT', ${id('second')}, 'well');
    INSERT INTO comments (uuid, node_id, ctime, mtime, user_id, content) VALUES ('${newUuid()}', ${id('z')}, 1, 1, 1, 'mine')`);
  return { profile, ...uuid };
}

test('the preview says what goes, by which rule, and what hangs on it', async () => {
  const { profile, z } = await chain();
  const found = await plan(profile, nodesOf(z));
  expect(
    found.byRule.map(({ rule, nodes, examples }) => [rule, nodes, examples.map(({ name }) => name)]),
  ).toEqual([
    ['chosen', 1, ['z']],
    ['create_forward', 1, ['y']],
    ['create_backward', 1, ['second']],
    ['return_backward', 1, ['flow']],
    ['call_calc_forward', 1, ['calc']],
  ]);
  expect([found.links, found.memberships, found.logs, found.comments]).toEqual([8, 5, 1, 1]);
  expect(found.onlyTheirs.length / 32).toBe(2);
});

test('a deletion takes along what AiiDA takes along, leaves no link with one end, and can be taken back', async () => {
  const { profile, x, z, alone } = await chain();
  const before = allRows(profile);
  const deletion = await remove(profile, nodesOf(z));
  expect(deletion).toMatchObject({
    nodes: 5,
    links: 8,
    logs: 1,
    comments: 1,
    files: 2,
    bytes: 6,
    examples: ['z'],
  });
  expect(profile.rows('SELECT uuid FROM nodes ORDER BY id')).toEqual([{ uuid: x }, { uuid: alone }]);
  expect(profile.rows('SELECT * FROM links')).toEqual([]);
  expect(await problems(profile)).toEqual([]);
  expect(await profile.readers.profile.deletions({ skip: 0, limit: 10 })).toMatchObject({
    rows: [deletion],
    total: 1,
    nodes: 5,
  });
  expect(
    await profile.readers.profile.graphAround({ uuid: z, up: 1, down: 1, linkTypes: [], limit: 9 }),
  ).toBeNull();

  expect(await profile.storage.restore(deletion.uuid)).toEqual({ nodes: 5, there: 0, links: 8 });
  expect(allRows(profile)).toEqual(before);
  expect(await problems(profile)).toEqual([]);
  expect(await profile.readers.profile.deletions({ skip: 0, limit: 10 })).toMatchObject({
    rows: [],
    total: 0,
  });
  expect(profile.rows('SELECT count(*) AS kept FROM deleted_nodes')).toEqual([{ kept: 0 }]);
  await expect(profile.storage.restore(deletion.uuid)).rejects.toMatchObject({ code: 'deletion-missing' });
});

test('what fits a filter is chosen as a table would show it, words and called processes included', async () => {
  const { profile, y } = await chain();
  const chosenBy = async (filter: string, typePrefix = '', roots = false): Promise<readonly unknown[]> => {
    const what = { kind: 'fitting', filter, typePrefix, roots } as const;
    const { chosen } = await plan(profile, { what, rules: {} });
    return profile.rows(`SELECT label FROM nodes WHERE id IN (${[...chosen].join(', ')}) ORDER BY id`);
  };
  const labels = (...names: readonly string[]) => names.map((label) => ({ label }));
  expect(await chosenBy('label:x OR label:alone')).toEqual(labels('x', 'alone'));
  expect(await chosenBy('alone')).toEqual(labels('alone'));
  expect(await chosenBy(`uuid:${y}`, 'data.')).toEqual(labels('y'));
  expect(await chosenBy(`uuid:${y}`, 'process.')).toEqual([]);
  expect(await chosenBy('', 'process.')).toEqual(labels('calc', 'second', 'flow'));
  expect(await chosenBy('', 'process.', true)).toEqual(labels('flow'));
  expect(await chosenBy('')).toHaveLength(7);
  await expect(chosenBy('nonsense:1')).rejects.toMatchObject({ code: 'bad-filter' });
});

test('a window deletes by the digest of what it saw, and only what it saw', async () => {
  const { profile, y, z, alone } = await chain();
  const handlers = makeStorageHandlers({ ...profile, changes: new Emitter() });
  const signal = new AbortController().signal;
  const look = (filter: string) =>
    handlers['storage.previewDeletion'](
      { what: { kind: 'fitting', filter, typePrefix: '', roots: false }, rules: {} },
      { signal },
    );
  const remove = async (digest: string): Promise<Deletion> => {
    for await (const item of handlers['storage.delete']({ digest }, { signal }))
      if (item.kind === 'done') return item.deletion;
    throw new Error('it ended without a deletion');
  };
  const seen = await look('label:alone');
  expect(seen.nodes).toBe(1);
  await expect(remove('f'.repeat(64))).rejects.toMatchObject({ code: 'deletion-outdated' });
  // another node that fits came since: it was not seen, and stays
  profile.write(`INSERT INTO nodes (uuid, node_type, label, ctime, mtime, user_id, sealed, attributes)
    VALUES ('${newUuid()}', '${NodeType.int}', 'alone', 9, 9, 1, 1, '{}')`);
  expect(await remove(seen.digest)).toMatchObject({ nodes: 1, examples: ['alone'] });
  expect(profile.rows(`SELECT count(*) AS left FROM nodes WHERE label = 'alone'`)).toEqual([{ left: 1 }]);
  expect(profile.rows('SELECT 1 FROM nodes WHERE uuid = ?', alone)).toEqual([]);
  // what hangs on it has changed since: refused
  const outdated = await look('label:z');
  profile.write(`INSERT INTO comments (uuid, node_id, ctime, mtime, user_id, content)
    SELECT '${newUuid()}', id, 1, 1, 1, 'keep' FROM nodes WHERE uuid = '${z}'`);
  await expect(remove(outdated.digest)).rejects.toMatchObject({ code: 'deletion-outdated' });
  expect(profile.rows('SELECT 1 FROM nodes WHERE uuid = ?', y)).toHaveLength(1);
});

test('with its switches off, a workflow goes alone', async () => {
  const { profile, flow } = await chain();
  const before = allRows(profile);
  const selection = { ...nodesOf(flow), rules: { call_calc_forward: false, create_forward: false } };
  const deletion = await remove(profile, selection);
  expect(deletion).toMatchObject({ nodes: 1, links: 4 });
  expect(await problems(profile)).toEqual([]);
  await profile.storage.restore(deletion.uuid);
  expect(allRows(profile)).toEqual(before);
});

test('what was deleted later must come back first, and the refusal says so', async () => {
  const { profile, x, flow } = await chain();
  const before = allRows(profile);
  const first = await remove(profile, { ...nodesOf(flow), rules: { call_calc_forward: false } });
  const second = await remove(profile, nodesOf(x));
  await expect(profile.storage.restore(first.uuid)).rejects.toMatchObject({
    code: 'restore-refused',
    hint: expect.stringContaining('Restore the deletion of'),
  });
  await profile.storage.restore(second.uuid);
  await profile.storage.restore(first.uuid);
  expect(allRows(profile)).toEqual(before);
});

test('what came back with an archive is left as it is', async () => {
  const { profile, z } = await chain();
  const file = join(profile.folder, 'all.aiida');
  await profile.archives.export({
    selection: { what: { kind: 'all' }, rules: {}, logs: true, comments: true },
    file,
    compression: 1,
  });
  const deletion = await remove(profile, nodesOf(z));
  await profile.archives.import(file, null);
  expect(await profile.storage.restore(deletion.uuid)).toEqual({ nodes: 0, there: 5, links: 0 });
  expect(profile.rows('SELECT count(*) AS n FROM links')).toEqual([{ n: 8 }]);
  expect(profile.rows('SELECT count(*) AS n FROM logs')).toEqual([{ n: 1 }]);
  expect(await problems(profile)).toEqual([]);
});

test('a deletion whose preview is out of date is refused, and nothing is gone', async () => {
  const { profile, z } = await chain();
  const { digest } = await plan(profile, nodesOf(z));
  profile.write(
    `INSERT INTO comments (uuid, node_id, ctime, mtime, user_id, content)
     SELECT 'c', id, 1, 1, 1, 'wait' FROM nodes WHERE label = 'y'`,
  );
  const before = allRows(profile);
  await expect(profile.storage.delete({ selection: nodesOf(z), digest })).rejects.toMatchObject({
    code: 'deletion-outdated',
  });
  expect(allRows(profile)).toEqual(before);
});

test('a process that has not ended keeps everything that would take it along', async () => {
  const { profile, x, alone } = await chain();
  profile.write(
    `INSERT INTO nodes (id, uuid, node_type, ctime, mtime, user_id, sealed, attributes)
       VALUES (100, '11111111-1111-4111-8111-111111111111', 'process.calculation.calcjob.CalcJobNode.', 1, 1, 1, 0,
         '{"process_label": "Slow", "process_state": "waiting"}');
     INSERT INTO runs (process_id, state) VALUES (100, '{}');
     INSERT INTO links (source_id, target_id, type, label)
       SELECT id, 100, 'input_calc', 'x' FROM nodes WHERE label = 'x'`,
  );
  await expect(remove(profile, nodesOf(x))).rejects.toMatchObject({
    code: 'deletion-refused',
    message: 'Processes that have not ended cannot be deleted: Slow (11111111).',
  });
  // no link names it yet, but the engine does
  profile.write(`UPDATE runs SET state = '{"next": "${alone}"}'`);
  await expect(remove(profile, nodesOf(alone))).rejects.toMatchObject({
    message: expect.stringContaining('still works with these nodes: alone') as string,
  });
  expect(profile.rows('SELECT count(*) AS n FROM deletions')).toEqual([{ n: 0 }]);
});

test('a deletion that is cancelled changes nothing', async () => {
  const { profile, z } = await chain();
  const before = allRows(profile);
  const { digest } = await plan(profile, nodesOf(z));
  const cancel = new AbortController();
  const db = openSecondWriter(profile.database);
  onTestFinished(() => void db.close());
  const request = { selection: nodesOf(z), digest, now: Date.now, sizeOf: () => Promise.resolve(0) };
  const work = {
    signal: cancel.signal,
    // when the first nodes are gone
    progress: ({ words }: { readonly words: string }) => {
      if (words === 'Deleting') cancel.abort(new Error('cancelled by the test'));
    },
  };
  await expect(deleteNodes(db, request, work)).rejects.toThrow('cancelled by the test');
  expect(allRows(profile)).toEqual(before);
});

test('deletions are told page by page, and all of them are removed for good at once', async () => {
  const { profile, z, alone } = await chain();
  const first = await remove(profile, nodesOf(z));
  const second = await remove(profile, nodesOf(alone));
  const page = (skip: number) => profile.readers.profile.deletions({ skip, limit: 1 });
  expect(await page(0)).toEqual({ rows: [second], skip: 0, total: 2, nodes: 6 });
  expect(await page(1)).toEqual({ rows: [first], skip: 1, total: 2, nodes: 6 });
  expect(await page(2)).toMatchObject({ rows: [], total: 2 });
  expect(await profile.storage.forget(null)).toBe(6);
  expect(await page(0)).toEqual({ rows: [], skip: 0, total: 0, nodes: 0 });
});

test('what is removed for good is gone, and its computer may go', async () => {
  const { profile, z } = await chain();
  const deletion = await remove(profile, nodesOf(z));
  expect(await profile.storage.forget([deletion.uuid, deletion.uuid])).toBe(5);
  for (const table of ['nodes', 'links', 'members', 'comments', 'logs', 'journal', 'steps']) {
    expect(profile.rows(`SELECT * FROM deleted_${table}`)).toEqual([]);
  }
  await expect(profile.storage.restore(deletion.uuid)).rejects.toMatchObject({ code: 'deletion-missing' });
});
