import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchiveInfo } from '#shared/contract/areas/sharing.ts';
import { archiveInfo } from '../archive/archive-info.ts';
import { keepHeapLean } from '../isolate/lean-heap.ts';

/** What an archive says of itself, and its counts; without a profile, and leaving nothing behind. */
export async function readArchiveInfo(file: string, signal: AbortSignal): Promise<ArchiveInfo> {
  keepHeapLean();
  const cache = await mkdtemp(join(tmpdir(), 'stemma-'));
  try {
    return await archiveInfo(file, cache, signal);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}
