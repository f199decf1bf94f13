import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { Lane } from '../isolate/lane.ts';
import { LanePool } from '../isolate/lane-pool.ts';
import { startThread } from '../isolate/peer.ts';
import { cacheFolders } from './leftovers.ts';
import type { ArchiveContents, BrowseQuestion, BrowseQuestions } from './aiida/browse/protocol.ts';

/** The container of an archive that is looked at without being imported. */
export interface ArchiveFiles {
  readonly contents: ArchiveContents;
  /** In the order of the hashes; null where the archive does not have the file. */
  sizes(hashes: readonly ObjectHash[]): Promise<readonly (number | null)[]>;
  /** @throws StemmaError `object-missing`, `archive-damaged` */
  read(hash: ObjectHash, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Takes away what was unpacked. */
  close(): Promise<void>;
}

const words = {
  code: 'archive-reader-stopped',
  what: 'The thread that reads the files of the archive',
  hint: 'Close the archive and open it again.',
};

/** Unpacking the largest file that fits must not be taken for a hang. */
const deadlineMs = 30 * 60_000;

/**
 * Opens the container of an archive in a thread of its own and unpacks its database into a private folder in `cache`.
 * @throws StemmaError `not-an-archive`, `archive-version`, `archive-damaged`, `archive-unsafe`, `archive-too-large`
 */
export async function openArchiveFiles(
  file: string,
  cache: string,
  signal?: AbortSignal,
): Promise<ArchiveFiles> {
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(cache, cacheFolders.browse));
  const lane = new Lane(startThread('archive-objects-worker', null, 'stopped'), { deadlineMs }, words);
  const pool = new LanePool(1, () => lane);
  const ask = <Name extends BrowseQuestion>(
    name: Name,
    input: BrowseQuestions[Name]['input'],
    signal?: AbortSignal,
  ): Promise<BrowseQuestions[Name]['answer']> =>
    pool.ask(name, input, { signal }) as Promise<BrowseQuestions[Name]['answer']>;
  const close = async (): Promise<void> => {
    pool.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return {
      contents: await ask('open', { file, folder }, signal),
      sizes: (hashes) => ask('sizes', { hashes }),
      read: (hash, offset, length) => ask('read', { hash, offset, length }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
