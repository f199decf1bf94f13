import { fileURLToPath } from 'node:url';
import { connectClient } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { profilePaths } from '../profile/folder.ts';
import { openShellCore } from '../shells/open-shell-core.ts';
import { serveUntilAborted } from './serve.ts';
import type { CommandCore, ServeRequest } from './world.ts';

/** Opens a profile without a window, and speaks the contract to it as a window would. */
export async function openCommandCore(profile: string): Promise<CommandCore> {
  const core = await openShellCore({ profile, shell: 'none' });
  const [near, far] = memoryPair();
  core.serve(far);
  return {
    client: connectClient<Contract>(near),
    files: core.files,
    async close() {
      near.close();
      await core.close();
    },
  };
}

/** Beside the bundle; from source there is no built page, and `renderer-missing` says so. */
const rendererFolder = fileURLToPath(new URL('../renderer', import.meta.url));

/** @param parts where the one line goes, and what ends it */
export async function serveProfile(
  request: ServeRequest,
  parts: { readonly out: (text: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const core = await openShellCore({ profile: request.profile, shell: 'browser' });
  const { cache, exports } = profilePaths(request.profile);
  try {
    await serveUntilAborted(request, {
      ...parts,
      core,
      rendererFolder,
      cacheFolder: cache,
      exportsFolder: exports,
      onError: core.log,
    });
  } finally {
    await core.close();
  }
}
