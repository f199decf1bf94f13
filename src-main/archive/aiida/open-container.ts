import { archiveDamaged } from './container/archive-errors.ts';
import { ArchiveContainer } from './container/archive-container.ts';
import type { OpenMembers } from './container/found-members.ts';
import { readMetadata, type ArchiveMetadata } from './container/metadata.ts';
import { openMembers } from './container/open-members.ts';
import type { OpenOptions } from './container/open-options.ts';
import { isLegacyVersion, versionNote } from './container/versions.ts';

/**
 * Opens an archive of any known version, in any container. One from before AiiDA 2.0 is turned, in the folder of ours,
 * into the form of today; its files stay where they are.
 * @throws StemmaError `not-an-archive`, `archive-version`, `archive-damaged`, `archive-unsafe`, `archive-encrypted`,
 *   `archive-too-large`
 */
export async function openContainer(file: string, options: OpenOptions): Promise<ArchiveContainer> {
  return containerOf(await openDescribed(file, options), options);
}

/** The container of members that were opened; they are closed where it fails. */
export async function containerOf(
  { members, metadata }: DescribedMembers,
  options: OpenOptions,
): Promise<ArchiveContainer> {
  try {
    const { version } = metadata.says;
    const note = versionNote(version);
    const described = {
      name: members.name,
      metadata,
      notes: note === null ? [] : [note],
      close: () => members.close(),
    };
    if (isLegacyVersion(version)) {
      // with SQLite and all steps from version to version, which nobody else needs
      const { legacyContainer } = await import('./legacy/legacy-container.ts');
      return await legacyContainer(members.found, version, described, options);
    }
    const { database, objects, ignored } = members.found;
    if (database === null) throw archiveDamaged(members.name, 'it has no db.sqlite3');
    return new ArchiveContainer({ ...described, database, objects, ignored });
  } catch (error) {
    members.close();
    throw error;
  }
}

export interface DescribedMembers {
  readonly members: OpenMembers;
  readonly metadata: ArchiveMetadata;
}

/** What the archive says of itself, before anything of it is turned into another form. */
export async function openDescribed(
  file: string,
  { scratch, progress = () => {}, signal }: OpenOptions,
): Promise<DescribedMembers> {
  const members = await openMembers(file, { scratch, progress, signal });
  try {
    return { members, metadata: readMetadata(members.found.metadata, members.name) };
  } catch (error) {
    members.close();
    throw error;
  }
}
