import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';

/** Makes the names in a directory durable. Windows has no such call and needs none. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

async function syncDirectoryAsync(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a directory whose name survives a power cut. */
export function makeDirectoryDurably(directory: string): void {
  if (mkdirSync(directory, { recursive: true }) !== undefined) syncDirectory(path.dirname(directory));
}

// A virus scanner or an indexer may hold a file for a moment on Windows.
const retries = process.platform === 'win32' ? 8 : 0;

async function renamePatiently(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (attempt >= retries || !['EPERM', 'EACCES', 'EBUSY'].includes(code)) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, 40 * 2 ** attempt);
      });
    }
  }
}

/** A file that is complete, synced and closed gets its final name, durably. */
export async function publish(from: string, to: string): Promise<void> {
  makeDirectoryDurably(path.dirname(to));
  await renamePatiently(from, to);
  await syncDirectoryAsync(path.dirname(to));
}

/** Takes away a temporary file; that it is gone already is fine. */
export async function discard(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
