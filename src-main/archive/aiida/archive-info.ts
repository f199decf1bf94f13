import { rm } from 'node:fs/promises';
import type { ArchiveInfo } from '#shared/contract/areas/sharing.ts';
import type { Peer } from '../../isolate/peer.ts';
import { readFolder } from '../leftovers.ts';
import type { ArchiveContainer } from './container/archive-container.ts';
import { isLegacyVersion } from './container/versions.ts';
import { countRows } from './counting/count-rows.ts';
import type { ForeignCounts } from './foreign/tables.ts';
import { containerOf, openDescribed } from './open-container.ts';
import type { ArchiveSurroundings } from './open-archive.ts';

/** What reading needs of its surroundings; the process for a database is seldom needed. */
export interface InfoSurroundings extends Omit<ArchiveSurroundings, 'startReader'> {
  readonly startReader: () => Peer | Promise<Peer>;
}

/**
 * What an archive says of itself, and how much is in it. Of one from before AiiDA 2.0 `files` counts the files of nodes,
 * since nobody has compared their contents yet.
 * @throws StemmaError for everything that makes the file no archive
 */
export async function readArchiveInfo(
  file: string,
  surroundings: InfoSurroundings,
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
        const { legacyCounts } = await import('./legacy/legacy-container.ts');
        return { ...says, ...(await legacyCounts(members.found, members.name, options)) };
      } finally {
        members.close();
      }
    }
    const container = await containerOf(described, options);
    try {
      const counts = await countIn(container, scratch, surroundings, signal);
      const { nodes, links, groups, computers, users, logs, comments } = counts;
      return {
        ...says,
        nodes,
        links,
        groups,
        computers,
        users,
        logs,
        comments,
        files: container.objectCount,
      };
    } finally {
      container.close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function countIn(
  container: ArchiveContainer,
  scratch: string,
  surroundings: InfoSurroundings,
  signal: AbortSignal,
): Promise<ForeignCounts> {
  const counts = await countRows(container.databaseStream(), container.databaseBytes, signal);
  if (counts !== null) return counts;
  const { OpenArchive } = await import('./open-archive.ts');
  const reader = await surroundings.startReader();
  const archive = await OpenArchive.over(
    container,
    scratch,
    { ...surroundings, startReader: () => reader },
    signal,
  );
  try {
    return archive.counts;
  } finally {
    await archive.close();
  }
}
