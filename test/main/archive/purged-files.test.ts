import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ExportSelection } from '#shared/contract/areas/sharing.ts';
import { wayOut } from '#shared/contract/areas/ways-out.ts';
import { purgedExtra } from '#main/archive/aiida/export/leave-out-purged.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { archiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { problemsOf, purgeNow, sha256 } from '../storage/purge-bench.ts';

const everything: ExportSelection = { what: { kind: 'all' }, rules: {}, logs: true, comments: true };
const content = 'a charge density, '.repeat(20_000);

interface Study {
  readonly profile: ArchiveTestProfile;
  /** The archive that it came with. */
  readonly archive: string;
  readonly uuid: string;
}

/** A folder of two files, of which the large one was purged. */
async function study(): Promise<Study> {
  const profile = await archiveProfile();
  const builder = new ArchiveBuilder();
  const id = builder.node({
    nodeType: 'data.core.folder.FolderData.',
    label: 'retrieved',
    extras: '{"big": 123456789012345678901, "one": 1.0}',
    files: { 'density.dat': content, 'log.txt': 'done' },
  });
  const archive = await builder.write();
  await profile.archives.import(archive, { group: { kind: 'none' } });
  const [row] = profile.rows<{ uuid: string }>('SELECT uuid FROM nodes WHERE id = ?', id);
  await purgeNow(profile, { kind: 'rule', largerThan: 1000 });
  return { profile, archive, uuid: row?.uuid ?? '' };
}

test('an export with purged files is refused in words, and its preview says how many there are', async () => {
  const { profile } = await study();
  const preview = await profile.previewExport(everything);
  expect(preview).toMatchObject({ files: 2, bytes: 4, purged: { files: 1, bytes: content.length } });
  const file = join(temporaryFolder(), 'out.aiida');
  await expect(
    profile.archives.export({ selection: everything, file, compression: 6 }),
  ).rejects.toMatchObject({
    code: 'files-purged',
    message: 'The content of 1 file (360 kB) of these nodes was purged, and cannot leave.',
  });
  expect(existsSync(file)).toBe(false);
});

test('without the purged files the rest leaves whole, and an extra says what stayed', async () => {
  const { profile, uuid } = await study();
  const file = join(temporaryFolder(), 'out.aiida');
  const selection = { ...everything, withoutPurged: true };
  const info = await profile.archives.export({ selection, file, compression: 6 });
  expect(info).toMatchObject({ nodes: 1, files: 1 });
  const other = await archiveProfile();
  await other.archives.import(file, { group: { kind: 'none' } });
  const [node] = other.rows<{ uuid: string; extras: string; files: string }>(
    'SELECT uuid, extras, repository_metadata AS files FROM nodes',
  );
  expect(node?.uuid).toBe(uuid);
  expect(JSON.parse(node?.files ?? '')).toEqual({ o: { 'log.txt': { k: sha256('done') } } });
  // the text of the other extras is that with which they came
  expect(node?.extras).toContain('{"big": 123456789012345678901, "one": 1.0, ');
  expect((JSON.parse(node?.extras ?? '') as Record<string, unknown>)[purgedExtra]).toEqual({
    'density.dat': {
      sha256: sha256(content),
      size: content.length,
      purged: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    },
  });
  expect(await problemsOf(other)).toEqual([]);
  // nothing of it changed here
  expect(profile.rows(`SELECT extras FROM nodes WHERE extras LIKE '%${purgedExtra}%'`)).toEqual([]);
});

test('an archive that holds the content brings it back by its hash, and the record says so', async () => {
  const { profile, archive } = await study();
  const [record] = await profile.readers.profile.purges(null);
  await profile.storage.forgetPurges([record?.uuid ?? '']);
  await profile.storage.free();
  await expect(profile.repository.bytes(sha256(content))).rejects.toMatchObject({ code: 'object-purged' });
  const report = await profile.archives.import(archive, { group: { kind: 'none' } });
  expect(report).toMatchObject({ nodes: { new: 0, identical: 1 }, files: { new: 1, identical: 1 } });
  expect((await profile.repository.bytes(sha256(content))).length).toBe(content.length);
  expect((await profile.storage.report()).purged.purges).toEqual([
    { uuid: record?.uuid, files: 1, bytes: content.length },
  ]);
  expect(await profile.previewExport(everything)).toMatchObject({ purged: { files: 0, bytes: 0 } });
});

test.each(['folders', 'crate'] as const)('%s have a text in place of what was purged', async (kind) => {
  const { profile, uuid } = await study();
  const out = join(temporaryFolder(), 'out');
  const selection: ExportSelection = { ...everything, what: { kind: 'nodes', uuids: [uuid] } };
  await profile.archives.writeWayOut({ selection, form: wayOut.parse({ kind, packed: false }), file: out });
  const found = readdirSync(out, { recursive: true, encoding: 'utf8' });
  const note = found.find((name) => name.endsWith('density.dat.purged.txt'));
  expect(readFileSync(join(out, note ?? ''), 'utf8')).toContain(sha256(content));
  expect(found.some((name) => name.endsWith('density.dat'))).toBe(false);
});
