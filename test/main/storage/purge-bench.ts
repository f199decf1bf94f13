import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { newUuid, type ObjectHash } from '#shared/provenance/ids.ts';
import type { Purge, PurgePreview, PurgeSelectionInput } from '#shared/contract/areas/purges.ts';
import { purgeSelection } from '#shared/contract/areas/purges.ts';
import { openSecondWriter } from '#main/provenance/database.ts';
import { FilesClient } from '#main/repository/files-client.ts';
import { ObjectReader } from '#main/repository/object-reader.ts';
import { RepositoryClient } from '#main/repository/repository.ts';
import type { Work } from '#main/storage/exclusive.ts';
import { purgeContent, type PurgeRoom } from '#main/storage/purge-content.ts';
import { previewPurge } from '#main/storage/purge-plan.ts';
import { restorePurge, type PurgeRestored } from '#main/storage/purge-records.ts';
import type { ArchiveTestProfile } from '../../support/archive-profile.ts';

export const sha256 = (bytes: string | Uint8Array): ObjectHash =>
  createHash('sha256').update(bytes).digest('hex') as ObjectHash;

/** Puts as another thread does, whose port then closes: nothing of it is held any more. */
export async function putAndGo(profile: ArchiveTestProfile, items: readonly Uint8Array[]): Promise<void> {
  const client = new FilesClient(profile.repository.port());
  client.listen();
  const other = new RepositoryClient(profile.repository.root, client);
  const stored = await other.putMany(items);
  await other.close();
  await expect
    .poll(async () => (await profile.repository.held(stored.map(({ hash }) => hash))).includes(true))
    .toBe(false);
}

/** A data node that has these contents as `f0`, `f1`, … */
export function addNode(
  profile: ArchiveTestProfile,
  contents: readonly Uint8Array[],
  more: { readonly type?: string; readonly label?: string; readonly ctime?: number } = {},
): string {
  const uuid = newUuid();
  const files = Object.fromEntries(contents.map((bytes, i) => [`f${i}`, { k: sha256(bytes) }]));
  const { type = 'data.core.folder.FolderData.', label = 'node', ctime = 1 } = more;
  profile.write(
    `INSERT INTO nodes (uuid, node_type, label, ctime, mtime, user_id, sealed, repository_metadata)
     VALUES ('${uuid}', '${type}', '${label}', ${ctime}, ${ctime}, 1, 1, '${contents.length === 0 ? '{}' : JSON.stringify({ o: files })}')`,
  );
  return uuid;
}

const work: Work = { progress: () => undefined, signal: new AbortController().signal };

/** Here, and not in a thread of its own, which takes longer to start than the work. */
async function here<T>(profile: ArchiveTestProfile, look: (place: PurgeRoom) => Promise<T>): Promise<T> {
  const db = openSecondWriter(profile.database);
  const objects = new ObjectReader(profile.repository.root);
  try {
    return await look({ db, objects, repository: profile.repository, now: Date.now() });
  } finally {
    objects.close();
    db.close();
  }
}

export const previewOf = (
  profile: ArchiveTestProfile,
  selection: PurgeSelectionInput,
): Promise<PurgePreview> =>
  here(profile, (place) => previewPurge(place, purgeSelection.parse(selection), work));

/** Looks, and confirms what it saw. */
export const purgeNow = (
  profile: ArchiveTestProfile,
  selection: PurgeSelectionInput,
  how: Work = work,
): Promise<Purge> =>
  here(profile, async (place) => {
    const parsed = purgeSelection.parse(selection);
    const { digest } = await previewPurge(place, parsed, work);
    return purgeContent(place, { selection: parsed, digest }, how);
  });

export const restoreNow = (profile: ArchiveTestProfile, uuid: string): Promise<PurgeRestored> =>
  here(profile, (place) => restorePurge(place, uuid, work));

/** Problems that a check of the profile finds, reading every file. */
export async function problemsOf(profile: ArchiveTestProfile): Promise<readonly unknown[]> {
  const { hashes } = await profile.readers.profile.objects(null);
  const named = Array.from({ length: hashes.length / 32 }, (_, i) =>
    Buffer.from(hashes.subarray(i * 32, i * 32 + 32)).toString('hex'),
  );
  return (await profile.repository.check(named as ObjectHash[], true)).problems;
}
