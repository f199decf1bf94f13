import { expect, test } from 'vitest';
import { purgeSelection, type PurgeSelectionInput } from '#shared/contract/areas/purges.ts';
import { newUuid } from '#shared/provenance/ids.ts';
import { archiveProfile } from '../../support/archive-profile.ts';
import { addNode, previewOf, problemsOf, purgeNow, putAndGo, sha256 } from './purge-bench.ts';

const small = (text: string): Buffer => Buffer.from(text);
const large = (text: string): Buffer => Buffer.alloc(200_000, text);
const nodes = (...uuids: readonly string[]): PurgeSelectionInput => ({ kind: 'nodes', uuids: [...uuids] });

test('the preview says what is truly freed, what stays because others have it, and what cannot run again', async () => {
  const profile = await archiveProfile();
  const [own, ours, theirs] = [large('own'), small('ours'), small('theirs')];
  await putAndGo(profile, [own, ours, theirs]);
  const first = addNode(profile, [own, ours, theirs], { label: 'first' });
  const second = addNode(profile, [ours], { label: 'second' });
  const third = addNode(profile, [theirs], { label: 'third' });
  profile.write(`
    INSERT INTO nodes (id, uuid, node_type, ctime, mtime, user_id, sealed, attributes)
      VALUES (50, '${newUuid()}', 'process.calculation.calcjob.CalcJobNode.', 1, 1, 1, 0, '{"sealed": true}');
    INSERT INTO links (source_id, target_id, type, label) VALUES (1, 50, 'input_calc', 'x'), (2, 50, 'input_calc', 'y');
    UPDATE nodes SET sealed = 1 WHERE id = 50`);
  expect(await previewOf(profile, nodes(first, second))).toMatchObject({
    nodes: 2,
    files: 2,
    bytes: 200_004,
    shared: { files: 1, bytes: 6, holders: [{ uuid: third, name: 'third' }] },
    held: { files: 0, bytes: 0 },
    active: 0,
    runs: 1,
    byType: [{ nodeType: 'data.core.folder.FolderData.', nodes: 2, bytes: 200_004 }],
    largest: [
      { name: 'first', files: 2, bytes: 200_004 },
      { name: 'second', files: 0, bytes: 0 },
    ],
  });
  // a file of a node that is not chosen stays, whoever else has it
  expect(await previewOf(profile, nodes(second))).toMatchObject({ files: 0, shared: { files: 1, bytes: 4 } });
});

test('purged content can be restored until it is removed for good, and its room is free after that', async () => {
  const profile = await archiveProfile();
  const contents = [small('small'), large('large')];
  await putAndGo(profile, contents);
  const node = addNode(profile, contents, { label: 'bulky' });
  const rows = profile.rows('SELECT * FROM nodes');
  const selection = purgeSelection.parse(nodes(node));
  const { digest } = await profile.storage.previewPurge(selection);
  const first = await profile.storage.purge({ selection, digest });
  expect(first).toMatchObject({
    state: 'restorable',
    words: 'of one node',
    nodes: 1,
    files: 2,
    bytes: 200_005,
    examples: ['bulky'],
  });
  expect(await profile.readers.profile.purges(null)).toEqual([first]);
  // the node is as it was, with names and hashes
  expect(profile.rows('SELECT * FROM nodes')).toEqual(rows);
  expect(await problemsOf(profile)).toEqual([]);
  await expect(profile.repository.bytes(sha256('small'))).rejects.toMatchObject({ code: 'object-purged' });
  expect(await previewOf(profile, nodes(node))).toMatchObject({ files: 0, purgedBefore: 2 });
  // nothing is free before it is removed for good
  expect(await profile.storage.report()).toMatchObject({
    files: 2,
    bytes: 200_005,
    unnamed: { files: 0, bytes: 0 },
    purged: { files: 2, bytes: 200_005, purges: [{ uuid: first.uuid, files: 0, bytes: 0 }] },
  });
  expect(await profile.storage.free()).toMatchObject({ files: 0, bytes: 0 });
  expect(await profile.storage.restorePurge(first.uuid)).toEqual({ files: 2, bytes: 200_005, there: 0 });
  expect(Buffer.from(await profile.repository.bytes(sha256(large('large'))))).toEqual(large('large'));
  expect(await profile.readers.profile.purges(null)).toEqual([]);
  await expect(profile.storage.restorePurge(first.uuid)).rejects.toMatchObject({ code: 'purge-missing' });

  const second = await purgeNow(profile, nodes(node));
  expect(await profile.storage.forgetPurges([second.uuid, second.uuid])).toEqual({
    files: 2,
    bytes: 200_005,
  });
  await expect(profile.storage.restorePurge(second.uuid)).rejects.toMatchObject({ code: 'purge-missing' });
  expect((await profile.storage.report()).unnamed).toEqual({ files: 2, bytes: 200_005 });
  expect(await profile.storage.free()).toMatchObject({ files: 2, bytes: 200_005, held: 0 });
  expect(await profile.repository.purged([sha256('small')])).toMatchObject([{ size: 5, kept: false }]);
  expect(await profile.readers.profile.purges(null)).toEqual([{ ...second, state: 'final' }]);
  expect(await problemsOf(profile)).toEqual([]);

  // the same content comes again, by whatever way, and the record says so
  await putAndGo(profile, [small('small')]);
  expect((await profile.repository.bytes(sha256('small'))).length).toBe(5);
  expect((await profile.storage.report()).purged).toEqual({
    files: 0,
    bytes: 0,
    purges: [{ uuid: second.uuid, files: 1, bytes: 5 }],
  });
  expect(await profile.storage.free()).toMatchObject({ files: 0, held: 0 });
});

test('a rule chooses by type, link, age, group and size of file', async () => {
  const profile = await archiveProfile();
  const now = Date.now();
  const days = (ago: number): number => Math.round((now - ago * 86_400_000) * 1000);
  const contents = ['one', 'two two', 'three', 'four'].map(small);
  await putAndGo(profile, [...contents, large('big')]);
  const [one, two, three, four] = contents as [Buffer, Buffer, Buffer, Buffer];
  addNode(profile, [one, large('big')], { label: 'one', ctime: days(40) });
  addNode(profile, [two], { label: 'two', ctime: days(3) });
  addNode(profile, [three], {
    label: 'three',
    type: 'data.core.singlefile.SinglefileData.',
    ctime: days(90),
  });
  addNode(profile, [four], { label: 'four', ctime: days(90) });
  const group = newUuid();
  const ended = '{"sealed": true}';
  profile.write(`
    INSERT INTO groups (id, uuid, label, time, user_id) VALUES (1, '${group}', 'keep', 1, 1);
    INSERT INTO group_nodes SELECT 1, id FROM nodes WHERE label IN ('four', 'two');
    INSERT INTO nodes (id, uuid, node_type, ctime, mtime, user_id, sealed, attributes)
      VALUES (50, '${newUuid()}', 'process.calculation.calcjob.CalcJobNode.', 1, 1, 1, 0, '${ended}');
    INSERT INTO links (source_id, target_id, type, label) SELECT 50, id, 'create', CASE label WHEN 'one' THEN 'retrieved' ELSE label END
      FROM nodes WHERE label IN ('one', 'two');
    UPDATE nodes SET sealed = 1 WHERE id = 50`);
  const named = async (rule: object): Promise<readonly string[]> =>
    (await previewOf(profile, { kind: 'rule', ...rule })).largest.map(({ name }) => name).toSorted();
  expect(await named({ nodeType: 'data.core.folder.' })).toEqual(['four', 'one', 'two']);
  expect(await named({ createdAs: 'retrieved' })).toEqual(['one']);
  expect(await named({ olderThanDays: 30 })).toEqual(['four', 'one', 'three']);
  expect(await named({ olderThanDays: 30, group: { kind: 'in', uuid: group } })).toEqual(['four']);
  expect(await named({ group: { kind: 'not-in', uuid: group } })).toEqual(['one', 'three']);
  expect(await named({ group: { kind: 'in-none' } })).toEqual(['one', 'three']);
  expect(await previewOf(profile, { kind: 'rule', largerThan: 1000 })).toMatchObject({
    files: 1,
    bytes: 200_000,
  });
  await expect(previewOf(profile, { kind: 'rule' })).rejects.toMatchObject({ code: 'purge-without-rule' });
  await expect(
    previewOf(profile, { kind: 'rule', group: { kind: 'in', uuid: newUuid() } }),
  ).rejects.toMatchObject({
    code: 'group-missing',
  });
  await expect(previewOf(profile, nodes(newUuid()))).rejects.toMatchObject({ code: 'node-missing' });
  const purge = await purgeNow(profile, {
    kind: 'rule',
    nodeType: 'data.core.folder.',
    olderThanDays: 30,
    group: { kind: 'not-in', uuid: group },
    largerThan: 1000,
  });
  expect(purge).toMatchObject({
    words:
      'of type data.core.folder., older than 30 days, not in the group “keep”, files larger than 1.00 kB',
    files: 1,
  });
});

test('a process that has not ended, what it called, and what they work with keep their content', async () => {
  const profile = await archiveProfile();
  const contents = ['input', 'made', 'named', 'free'].map(small);
  await putAndGo(profile, contents);
  const uuids = contents.map((bytes) => addNode(profile, [bytes], { label: bytes.toString() }));
  profile.write(`
    INSERT INTO nodes (id, uuid, node_type, ctime, mtime, user_id, sealed, attributes) VALUES
      (50, '${newUuid()}', 'process.workflow.workchain.WorkChainNode.', 1, 1, 1, 0, '{}'),
      (51, '${newUuid()}', 'process.calculation.calcjob.CalcJobNode.', 1, 1, 1, 0, '{"sealed": true}');
    INSERT INTO links (source_id, target_id, type, label) VALUES (1, 51, 'input_calc', 'x'),
      (50, 51, 'call_calc', 'step'), (51, 2, 'create', 'retrieved');
    UPDATE nodes SET sealed = 1 WHERE id = 51;
    INSERT INTO runs VALUES (50, '{"next": "${uuids[2]}"}')`);
  expect(await previewOf(profile, nodes(...uuids))).toMatchObject({ active: 3, files: 1, bytes: 4 });
  await purgeNow(profile, nodes(...uuids));
  expect(await profile.repository.sizes(contents.map(sha256))).toEqual([5, 4, 5, null]);
});

test('what a node that can be restored has, and what was just written, stays', async () => {
  const profile = await archiveProfile();
  await putAndGo(profile, [small('trash'), small('mine')]);
  await profile.repository.putBytes(small('fresh'));
  const node = addNode(profile, [small('trash'), small('mine'), small('fresh')]);
  profile.write(`
    INSERT INTO deletions (id, uuid, time, summary) VALUES (1, '${newUuid()}', 1, '{}');
    INSERT INTO deleted_nodes VALUES (9, 1, '${newUuid()}', 'data.x.', NULL, '', 1, 1, NULL, 1, '', '{}', '{}',
      '{"o": {"f": {"k": "${sha256('trash')}"}}}')`);
  expect(await previewOf(profile, nodes(node))).toMatchObject({
    files: 1,
    bytes: 4,
    shared: { files: 1, bytes: 5 },
    held: { files: 1, bytes: 5 },
  });
  await purgeNow(profile, nodes(node));
  expect(await profile.repository.sizes(['trash', 'mine', 'fresh'].map(sha256))).toEqual([5, null, 5]);
});

test('a purge whose preview is out of date, that would do nothing, or that is cancelled changes nothing', async () => {
  const profile = await archiveProfile();
  await putAndGo(profile, [small('a'), small('b')]);
  const node = addNode(profile, [small('a'), small('b')]);
  const selection = purgeSelection.parse(nodes(node));
  const { digest } = await profile.storage.previewPurge(selection);
  const other = addNode(profile, [small('a')]);
  await expect(profile.storage.purge({ selection, digest })).rejects.toMatchObject({
    code: 'purge-outdated',
  });
  const nothing = purgeSelection.parse(nodes(other));
  const empty = await profile.storage.previewPurge(nothing);
  await expect(profile.storage.purge({ selection: nothing, digest: empty.digest })).rejects.toMatchObject({
    code: 'purge-empty',
  });
  // in the middle: the record is there, and the content is being set aside
  const cancel = new AbortController();
  const progress = ({ words }: { readonly words: string }): void => {
    if (words === 'Purging') cancel.abort(new Error('cancelled by the test'));
  };
  const going = purgeNow(profile, nodes(node, other), { progress, signal: cancel.signal });
  await expect(going).rejects.toThrow('cancelled by the test');
  expect(profile.rows('SELECT * FROM purges')).toEqual([]);
  expect(profile.rows('SELECT * FROM purged_files')).toEqual([]);
  expect(await profile.repository.sizes([sha256('a'), sha256('b')])).toEqual([1, 1]);
});

test('content that is set aside and of which no record knows comes back', async () => {
  const profile = await archiveProfile();
  await putAndGo(profile, [small('alone')]);
  addNode(profile, [small('alone')]);
  await profile.repository.collect(() => profile.repository.setAside([sha256('alone')], 1));
  await profile.storage.free();
  expect((await profile.repository.bytes(sha256('alone'))).length).toBe(5);
});
