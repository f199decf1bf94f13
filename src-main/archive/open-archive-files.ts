import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Progress } from '#shared/contract/common.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { Lane } from '../isolate/lane.ts';
import { LanePool } from '../isolate/lane-pool.ts';
import { startThread } from '../isolate/peer.ts';
import { cacheFolders } from './leftovers.ts';
import type {
  ArchiveContents,
  BrowseQuestion,
  BrowseQuestions,
  OpeningNote,
} from './aiida/browse/protocol.ts';

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

/** How long a thread that was asked to end may finish what it is doing before its folder goes. */
const partingMs = 10_000;

export interface OpenFilesOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens the container of an archive in a thread of its own and unpacks its database into a private folder in `cache`.
 * @throws StemmaError `not-an-archive`, `archive-version`, `archive-damaged`, `archive-unsafe`, `archive-too-large`
 */
export async function openArchiveFiles(
  file: string,
  cache: string,
  { onProgress, signal }: OpenFilesOptions = {},
): Promise<ArchiveFiles> {
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(cache, cacheFolders.browse));
  // asked: an archive of before AiiDA 2.0 is written into a database in there
  const thread = startThread('archive-objects-worker', null, 'asked');
  if (onProgress !== undefined) {
    thread.onMessage((message) => {
      if (isOpeningNote(message)) onProgress(message.progress);
    });
  }
  const lane = new Lane(thread, { deadlineMs }, words);
  const pool = new LanePool(1, () => lane);
  const ask = <Name extends BrowseQuestion>(
    name: Name,
    input: BrowseQuestions[Name]['input'],
    signal?: AbortSignal,
  ): Promise<BrowseQuestions[Name]['answer']> =>
    pool.ask(name, input, { signal }) as Promise<BrowseQuestions[Name]['answer']>;
  const close = async (): Promise<void> => {
    pool.close();
    // what it still writes must not come back behind our back
    await Promise.race([pool.gone(), setTimeout(partingMs, undefined, { ref: false })]);
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

const isOpeningNote = (message: unknown): message is OpeningNote =>
  typeof message === 'object' && message !== null && 'progress' in message;
