import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newUuid, type ObjectHash } from '#shared/provenance/ids.ts';
import { RepositoryClient } from '#main/repository/repository.ts';
import { FilesClient } from '#main/repository/files-client.ts';
import {
  archiveProfile,
  makeArchiveProfile,
  type ArchiveTestProfile,
} from '../../support/archive-profile.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const sha256 = (bytes: Uint8Array): ObjectHash =>
  createHash('sha256').update(bytes).digest('hex') as ObjectHash;
const small = (text: string): Buffer => Buffer.from(text);
const large = (text: string): Buffer => Buffer.alloc(200_000, text);

const insert = (hash: string, table = 'nodes'): string =>
  table === 'nodes'
    ? `INSERT INTO nodes (uuid, node_type, ctime, mtime, user_id, sealed, repository_metadata)
       VALUES ('${newUuid()}', 'data.core.singlefile.SinglefileData.', 1, 1, 1, 1, '{"o": {"f": {"k": "${hash}"}}}')`
    : '';

/** Puts as another thread does, whose port then closes: nothing of it is held any more. */
async function putAndGo(profile: ArchiveTestProfile, items: readonly Uint8Array[]): Promise<void> {
  const client = new FilesClient(profile.repository.port());
  client.listen();
  const other = new RepositoryClient(profile.repository.root, client);
  await other.putMany(items);
  await other.close();
}

const clean = async (profile: ArchiveTestProfile): Promise<unknown> => {
  const { hashes } = await profile.readers.profile.objects(null);
  const named = Array.from({ length: hashes.length / 32 }, (_, i) =>
    Buffer.from(hashes.subarray(i * 32, i * 32 + 32)).toString('hex'),
  );
  return (await profile.repository.check(named as ObjectHash[], true)).problems;
};

test('files that nothing names are let go, small and large, and all others stay', async () => {
  const profile = await archiveProfile();
  const [kept, keptLarge] = [small('kept'), large('kept')];
  const [gone, goneLarge] = [small('gone'), large('gone')];
  const [engine, trash] = [small('engine'), small('trash')];
  await putAndGo(profile, [kept, keptLarge, gone, goneLarge, engine, trash]);
  profile.write(`${insert(sha256(kept))}; ${insert(sha256(keptLarge))};
    INSERT INTO nodes (id, uuid, node_type, ctime, mtime, user_id, sealed)
      VALUES (50, '${newUuid()}', 'process.calculation.calcjob.CalcJobNode.', 1, 1, 1, 0);
    INSERT INTO runs VALUES (50, '{"retrieved": [["a", "${sha256(engine)}"]]}');
    INSERT INTO deletions (id, uuid, time, summary) VALUES (1, '${newUuid()}', 1, '{}');
    INSERT INTO deleted_nodes VALUES (9, 1, '${newUuid()}', 'data.x.', NULL, '', 1, 1, NULL, 1, '', '{}', '{}',
      '{"o": {"f": {"k": "${sha256(trash)}"}}}')`);
  const before = await profile.storage.report();
  expect(before.unnamed).toEqual({ files: 2, bytes: 200_004 });
  expect(await profile.storage.free()).toMatchObject({ files: 2, bytes: 200_004, held: 0 });
  expect(
    await profile.repository.sizes([kept, keptLarge, gone, goneLarge, engine, trash].map(sha256)),
  ).toEqual([4, 200_000, null, null, 6, 5]);
  const hash = sha256(goneLarge);
  expect(existsSync(join(profile.repository.root, 'large', hash.slice(0, 2), hash.slice(2)))).toBe(false);
  expect(await clean(profile)).toEqual([]);
  // what comes again is there again
  expect(await profile.repository.putBytes(goneLarge)).toEqual({ hash, size: 200_000 });
  expect((await profile.repository.bytes(hash)).length).toBe(200_000);
});

test('what was put by somebody who is still at work, or found by them, is not let go', async () => {
  const profile = await archiveProfile();
  const [found, put] = [small('found'), large('put')];
  await putAndGo(profile, [found]);
  const client = new FilesClient(profile.repository.port());
  client.listen();
  const importing = new RepositoryClient(profile.repository.root, client);
  expect(await importing.sizes([sha256(found)], true)).toEqual([5]);
  await importing.putBytes(put);
  // and none of it is said to be free
  expect((await profile.storage.report()).unnamed).toEqual({ files: 0, bytes: 0 });
  expect(await profile.storage.free()).toMatchObject({ files: 0, held: 2 });
  // it ends in the middle of a collection which has read the names before: still nothing goes
  await profile.repository.collect(async () => {
    await importing.close();
    expect(await profile.repository.letGo([sha256(found), sha256(put)])).toMatchObject({
      objects: 0,
      held: 2,
    });
  });
  await expect.poll(() => profile.storage.free()).toMatchObject({ files: 2, held: 0 });
});

test('the room of small files goes back to the disk', async () => {
  const profile = await archiveProfile();
  await putAndGo(
    profile,
    Array.from({ length: 200 }, (_, i) => Buffer.alloc(50_000, `file ${i}`)),
  );
  const report = await profile.storage.free();
  expect(report).toMatchObject({ files: 200, bytes: 10_000_000 });
  expect(report.compacted).toBeGreaterThan(9_000_000);
  expect(statSync(join(profile.repository.root, 'objects.sqlite')).size).toBeLessThan(200_000);
  expect(await clean(profile)).toEqual([]);
});

test('killed in the middle of freeing, or of a deletion, a profile is whole', async () => {
  const folder = temporaryFolder();
  const first = await makeArchiveProfile(folder);
  const named = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? small(`n${i}`) : large(`n${i}`)));
  const garbage = Array.from({ length: 120 }, (_, i) => (i % 2 === 0 ? small(`g${i}`) : large(`g${i}`)));
  await putAndGo(first, [...named, ...garbage]);
  first.write(named.map((bytes) => insert(sha256(bytes))).join(';'));
  await first.close();
  for (const doing of ['free', 'delete', 'free']) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-storage.ts'), folder, doing], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve) => {
      // it tells when it is in the middle, and is killed then; or it has ended already
      child.stdout.once('data', () => child.kill('SIGKILL'));
      child.once('close', () => resolve());
    });
    const profile = await makeArchiveProfile(folder);
    expect(await clean(profile)).toEqual([]);
    expect((await profile.readers.profile.checkGraph(null)).problems).toEqual([]);
    expect(
      profile.rows('SELECT (SELECT count(*) FROM nodes) + (SELECT count(*) FROM deleted_nodes) AS n'),
    ).toEqual([{ n: named.length }]);
    for (const bytes of named) expect(await profile.repository.size(sha256(bytes))).toBe(bytes.length);
    await profile.close();
  }
  const last = await makeArchiveProfile(folder);
  await last.storage.free();
  expect((await last.repository.totals()).objects).toBe(named.length);
  await last.close();
});
