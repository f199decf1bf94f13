import { errorInfo, StemmaError, userError } from '#shared/base/errors.ts';
import type { ArchiveInfo } from '#shared/contract/areas/sharing.ts';
import type { Peer } from '../isolate/peer.ts';
import { readArchiveInfo } from './aiida/archive-info.ts';

/**
 * What an archive holds, without any profile. Works in this thread: for a command that has nothing else to do, and is
 * told within a blink.
 * @param cache a private folder, made where it is missing
 * @throws StemmaError `not-an-archive`, `archive-version`, `archive-damaged`, `archive-unsafe`, `cancelled`
 */
export async function archiveInfo(file: string, cache: string, signal: AbortSignal): Promise<ArchiveInfo> {
  // seldom needed, so not loaded before
  const startReader = async (): Promise<Peer> => {
    const { forkChild } = await import('../isolate/peer.ts');
    const { residentMemory } = await import('../isolate/resident-memory.ts');
    return forkChild(residentMemory)('foreign-child');
  };
  try {
    return await readArchiveInfo(file, { cache, startReader, now: Date.now }, signal);
  } catch (error) {
    if (signal.aborted) throw userError({ code: 'cancelled', message: 'The operation was cancelled.' });
    throw new StemmaError(errorInfo(error));
  }
}
