import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchiveInfo } from '#shared/contract/areas/sharing.ts';
import { forkForeignChild } from '../archive/aiida/foreign/start-child.ts';
import { OpenArchive } from '../archive/aiida/open-archive.ts';

/** What an archive says of itself, and its counts; without a profile, and leaving nothing behind. */
export async function readArchiveInfo(file: string, signal: AbortSignal): Promise<ArchiveInfo> {
  const cache = await mkdtemp(join(tmpdir(), 'stemma-'));
  try {
    const archive = await OpenArchive.open(
      file,
      { cache, startChild: forkForeignChild, now: Date.now },
      signal,
    );
    try {
      return archive.info;
    } finally {
      await archive.close();
    }
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}
