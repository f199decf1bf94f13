import { Readable } from 'node:stream';
import { formatBytes } from '#shared/base/bytes.ts';
import type { Repository } from '../../repository/types.ts';
import type { ListedFile, Transport } from '../transport.ts';
import { withWhatStays } from './large-files.ts';

/**
 * One file into the repository, from where it was cut before. False where what has come is not what was listed.
 * @param storing says in the words of a transport what the repository throws
 */
export async function retrieveLarge(
  transport: Transport,
  repository: Repository,
  directory: string,
  file: ListedFile,
  storing: <T>(work: () => Promise<T>) => Promise<T>,
  signal: AbortSignal,
): Promise<boolean> {
  const { hash, size } = file;
  const part = await storing(() => repository.resume({ hash, size }));
  let came = part.at;
  // what is longer than it was listed has changed since then, and is read to its end without being kept
  async function* wanted(content: Readable): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      const bytes = (chunk as Uint8Array).subarray(0, size - came);
      came += bytes.length;
      if (bytes.length > 0) yield bytes;
    }
  }
  try {
    if (came < size) {
      await transport.fetch(
        directory,
        [{ ...file, from: part.at }],
        (_, content) =>
          storing(() => part.append(Readable.from(wanted(content), { objectMode: false }), signal)),
        signal,
      );
    }
  } catch (thrown) {
    // what went wrong first is what the caller hears
    await part.release().catch(() => undefined);
    const words = `${formatBytes(came)} of the ${formatBytes(size)} of ${file.path} are here and do not come again.`;
    throw came === 0 ? thrown : withWhatStays(thrown, words);
  }
  if (came < size) {
    await part.release();
    return false;
  }
  return (await storing(() => part.finish())) !== null;
}
