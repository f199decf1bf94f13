import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/** Folders that tasks make in the cache of a profile, by what they are for. */
export const cacheFolders = {
  read: 'archive-',
  write: 'export-',
  browse: 'open-',
  records: 'records-',
} as const;

/**
 * Takes away what a crash has left of earlier tasks. Only before the first task of that kind: the profile is ours alone,
 * and nothing of it is in use yet.
 */
export async function clearLeftovers(
  cache: string,
  kinds: readonly (keyof typeof cacheFolders)[],
): Promise<void> {
  const prefixes = kinds.map((kind) => cacheFolders[kind]);
  const names = await readdir(cache).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    if (prefixes.some((prefix) => name.startsWith(prefix))) {
      await rm(path.join(cache, name), { recursive: true, force: true });
    }
  }
}

/** A new folder of ours for what one task unpacks, which {@link clearLeftovers} finds after a crash. */
export async function readFolder(cache: string): Promise<string> {
  await mkdir(cache, { recursive: true, mode: 0o700 });
  return mkdtemp(path.join(cache, cacheFolders.read));
}
