import { rm } from 'node:fs/promises';
import type { ArchiveInfo } from '#shared/contract/areas/sharing.ts';
import { isLegacyVersion } from './container/versions.ts';
import { legacyCounts } from './legacy/legacy-container.ts';
import { OpenArchive, readFolder, type ArchiveSurroundings } from './open-archive.ts';
import { containerOf, openDescribed } from './open-container.ts';

/**
 * What an archive says of itself, and how much is in it. Of one from before AiiDA 2.0 `files` counts the files of nodes,
 * since nobody has compared their contents yet.
 * @throws StemmaError for everything that makes the file no archive
 */
export async function readArchiveInfo(
  file: string,
  surroundings: ArchiveSurroundings,
  signal: AbortSignal,
): Promise<ArchiveInfo> {
  const scratch = await readFolder(surroundings.cache);
  try {
    const options = { scratch, now: surroundings.now, signal };
    const described = await openDescribed(file, options);
    const { members, metadata } = described;
    const { says } = metadata;
    if (isLegacyVersion(says.version)) {
      try {
        return { ...says, ...(await legacyCounts(members.found, members.name, options)) };
      } finally {
        members.close();
      }
    }
    const container = await containerOf(described, options);
    const archive = await OpenArchive.over(container, scratch, surroundings, signal, 'count');
    const { info } = archive;
    await archive.close();
    return info;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
