import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { formatBytes } from '#shared/base/bytes.ts';
import { operationalError, userError } from '#shared/base/errors.ts';
import type { World } from '../world.ts';
import { showProgress } from './progress.ts';

/** No archive from an address may be larger, in bytes; a larger one is downloaded by other means first. */
const mostBytes = 20e9;
/** Bytes that a download leaves free. */
const reserve = 256e6;

/** Whether an archive is named by where it can be downloaded, instead of by its path. */
export const isAddress = (file: string): boolean => /^https?:\/\//i.test(file);

/**
 * Fetches a file over HTTP into a private folder, which is gone when the work on it has ended. The archive is then read
 * as any other from a stranger.
 * @throws StemmaError `download-failed`, `download-too-large`
 */
export async function withDownload<T>(
  address: string,
  world: World,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'stemma-'));
  try {
    const file = join(folder, nameIn(address));
    await download(address, file, folder, world);
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The last part of its path, of harmless characters only: it is shown, and names the file of ours. */
function nameIn(address: string): string {
  const last = basename(new URL(address).pathname).replaceAll(/[^\w.-]/g, '_');
  return /^[\w-][\w.-]{0,99}$/.test(last) ? last : 'archive.aiida';
}

async function download(address: string, file: string, folder: string, world: World): Promise<void> {
  const response = await fetch(address, { signal: world.signal, redirect: 'follow' }).catch(
    (thrown: unknown) => {
      world.signal.throwIfAborted();
      throw failed(address, reasonOf(thrown), thrown);
    },
  );
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw failed(address, `the server answered ${response.status} ${response.statusText}`.trim());
  }
  const told = Number(response.headers.get('content-length') ?? Number.NaN);
  const total = Number.isSafeInteger(told) && told >= 0 ? told : null;
  const { bavail, bsize } = await statfs(folder);
  const most = Math.min(mostBytes, bavail * bsize - reserve);
  if (total !== null && total > most) {
    await response.body.cancel();
    throw tooLarge(address, most);
  }
  const progress = showProgress(world);
  let done = 0;
  const body = response.body;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of body) {
      done += piece.length;
      if (done > most) throw tooLarge(address, most);
      progress({ done, total, unit: 'bytes', words: `Downloading ${basename(file)}` });
      yield piece;
    }
  }
  try {
    await pipeline(Readable.from(counted()), createWriteStream(file, { flags: 'wx', mode: 0o600 }), {
      signal: world.signal,
    });
  } catch (thrown) {
    world.signal.throwIfAborted();
    if (thrown instanceof Error && thrown.name === 'StemmaError') throw thrown;
    throw failed(address, reasonOf(thrown), thrown);
  }
}

/** `fetch` says only that it failed; the cause says why. */
function reasonOf(thrown: unknown): string {
  const { message, cause } = thrown as Error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}

const failed = (address: string, why: string, cause?: unknown): Error =>
  operationalError(
    {
      code: 'download-failed',
      message: `The archive could not be downloaded: ${why}.`,
      subject: address,
      hint: 'Nothing was changed. Try again, or download it with another program and import the file.',
    },
    cause,
  );

const tooLarge = (address: string, most: number): Error =>
  userError({
    code: 'download-too-large',
    message: `The archive is larger than the ${formatBytes(Math.max(0, most))} that may be downloaded here.`,
    subject: address,
    hint: 'Download it with another program to a disk with room, and import the file.',
  });
