import { connectClient } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import { openArchiveCore } from '../core-for-archives.ts';
import { keepHeapLean } from '../isolate/lean-heap.ts';
import { askDiskOf } from '../shells/ask-disk-of.ts';
import type { ArchiveContract, ArchiveCore } from './world.ts';

/** Opens a profile for its archives alone, and speaks their part of the contract to it. */
export async function openArchives(profile: string): Promise<ArchiveCore> {
  keepHeapLean();
  const core = await openArchiveCore(profile, askDiskOf(process.env));
  const [near, far] = memoryPair();
  core.serve(far);
  return {
    client: connectClient<ArchiveContract>(near),
    files: core.files,
    async close() {
      near.close();
      await core.close();
    },
  };
}
