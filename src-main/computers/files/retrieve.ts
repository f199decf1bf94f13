import { Readable } from 'node:stream';
import { StemmaError } from '#shared/base/errors.ts';
import { readPathPattern } from '#shared/paths/path-pattern.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { RetrievedFile } from '../../engine/ports.ts';
import type { Repository } from '../../repository/types.ts';
import { hasCause, transportError } from '../transport-error.ts';
import type { ListedFile, Manifest, Transport } from '../transport.ts';
import { largeFile } from './large-files.ts';
import { retrieveLarge } from './retrieve-large.ts';

/** A file that changes while it is read, or arrives damaged, is fetched again so often. */
const rounds = 3;

/** Smaller files are stored many at once, which costs one wait for the disk instead of one each. */
const smallFile = 1_000_000;
const batchBytes = 16_000_000;
const batchFiles = 1000;

/** What came of a retrieval; nothing that matched is passed over in silence. */
export interface Retrieval {
  readonly files: readonly RetrievedFile[];
  readonly unmatched: readonly string[];
  /** What was not taken, and why: links out of the directory, and patterns that are none. */
  readonly skipped: Manifest['skipped'];
}

/**
 * Files into the repository, each compared with the hash that the computer says it has there. What the repository has
 * already is not fetched again, and neither is what has come of a large file: so a retrieval that was cut off goes on
 * where it was. A pattern that is none costs what it meant and nothing else: the job has run, and nobody can mend it.
 * @throws StemmaError `hash-mismatch` where a file differs three times, and what the transport throws
 */
export async function retrieveFiles(
  transport: Transport,
  repository: Repository,
  directory: string,
  texts: readonly string[],
  signal: AbortSignal,
  noRoom: (bytes: number) => Error | null = () => null,
): Promise<Retrieval> {
  const { patterns, bad } = sound(texts);
  let wrong: readonly ListedFile[] = [];
  for (let round = 1; round <= rounds; round++) {
    const manifest = await listFiles(transport, directory, patterns, signal, round < rounds);
    if (manifest === null) continue;
    const missing = await notStored(repository, manifest.files);
    const refused = noRoom(missing.reduce((sum, { size }) => sum + size, 0));
    if (refused !== null) throw refused;
    const intake = new Intake(repository);
    const large = missing.filter(({ size }) => size >= largeFile);
    try {
      await transport.fetch(
        directory,
        missing.filter(({ size }) => size < largeFile),
        (file, content) => intake.take(file, content, signal),
        signal,
      );
    } finally {
      // what has come whole before a cut need not come again
      await intake.flush();
    }
    for (const file of large) {
      if (await retrieveLarge(transport, repository, directory, file, storing, signal))
        intake.stored.add(file.hash);
    }
    wrong = missing.filter(({ hash }) => !intake.stored.has(hash));
    if (wrong.length === 0) {
      return {
        files: manifest.files.map(({ path, hash, size }) => ({ path, hash, size })),
        unmatched: manifest.unmatched,
        skipped: [...bad, ...manifest.skipped],
      };
    }
  }
  throw transportError('hash-mismatch', {
    message: `${wrong.length === 1 ? 'A file' : `${wrong.length} files`} did not arrive as ${wrong.length === 1 ? 'it is' : 'they are'} on the computer.`,
    subject: directory,
    hint: 'Something may still write to the work directory. It is tried again.',
    details: wrong
      .slice(0, 20)
      .map(({ path }) => path)
      .join('\n'),
  });
}

function sound(texts: readonly string[]): { readonly patterns: string[]; readonly bad: Manifest['skipped'] } {
  const read = texts.map((path) => ({ path, pattern: readPathPattern(path) }));
  return {
    patterns: read.filter(({ pattern }) => pattern.kind !== 'bad').map(({ path }) => path),
    bad: read.flatMap(({ path, pattern }) => (pattern.kind === 'bad' ? [{ path, why: pattern.why }] : [])),
  };
}

/** Null where files came or went while they were listed, and there is time to list them again. */
async function listFiles(
  transport: Transport,
  directory: string,
  patterns: readonly string[],
  signal: AbortSignal,
  mayRepeat: boolean,
): Promise<Manifest | null> {
  try {
    return await transport.manifest(directory, patterns, signal);
  } catch (thrown) {
    if (mayRepeat && hasCause(thrown, 'remote-modified')) return null;
    throw thrown;
  }
}

/** One file for each content that the repository does not have. */
async function notStored(repository: Repository, files: readonly ListedFile[]): Promise<ListedFile[]> {
  const distinct = [...new Map(files.map((file) => [file.hash, file])).values()];
  const sizes = await repository.sizes(
    distinct.map(({ hash }) => hash),
    true,
  );
  return distinct.filter((_, index) => sizes[index] === null || sizes[index] === undefined);
}

/** Stores what comes, by the hash that it really has. */
class Intake {
  readonly #repository: Repository;
  readonly stored = new Set<ObjectHash>();
  #batch: Uint8Array[] = [];
  #bytes = 0;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  async take(file: ListedFile, content: Readable, signal: AbortSignal): Promise<void> {
    // what is longer than it was listed has changed since then, and is read to its end without being kept
    if (file.size > smallFile) {
      const { hash } = await storing(() =>
        this.#repository.putStream(
          Readable.from(firstBytes(content, file.size), { objectMode: false }),
          signal,
        ),
      );
      this.stored.add(hash);
      return;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of firstBytes(content, file.size)) chunks.push(chunk);
    const bytes = new Uint8Array(Buffer.concat(chunks));
    this.#batch.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes > batchBytes || this.#batch.length >= batchFiles) await this.flush();
  }

  async flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length === 0) return;
    for (const { hash } of await storing(() => this.#repository.putMany(batch))) this.stored.add(hash);
  }
}

/** What the repository throws, in the words of a transport. */
async function storing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof StemmaError) || thrown.code !== 'disk-full') throw thrown;
    throw transportError('local-disk-full', {
      message: 'The disk of this machine is full: the retrieved files cannot be stored.',
      hint: 'Free some space. The retrieval goes on by itself then.',
      cause: thrown,
    });
  }
}

/** No more than so many bytes, whatever comes: a file that grew must fill neither the memory nor the disk. */
async function* firstBytes(content: AsyncIterable<unknown>, limit: number): AsyncGenerator<Uint8Array> {
  let left = limit;
  for await (const chunk of content) {
    const bytes = chunk as Uint8Array;
    if (left > 0) yield bytes.subarray(0, left);
    left -= bytes.length;
  }
}
