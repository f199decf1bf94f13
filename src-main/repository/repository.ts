import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Readable } from 'node:stream';
import { operationalError, StemmaError } from '#shared/base/errors.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { entryPoint } from '../isolate/entry-points.ts';
import { youngMb } from '../isolate/lean-heap.ts';
import { FilesClient } from './files-client.ts';
import { ObjectReader } from './object-reader.ts';
import { ProblemList } from './problem-list.ts';
import type { CheckedPart, CheckPart, FilesReady } from './protocol.ts';
import type {
  CheckedRepository,
  CheckFollower,
  FreeableRepository,
  LetGo,
  PartialObject,
  PurgedObject,
  Purging,
  StoredObject,
} from './types.ts';

/** A repository that other threads can use too. */
export interface SharedRepository extends FreeableRepository {
  readonly root: string;
  /** For another thread, which makes a {@link RepositoryClient} of it. */
  port(): MessagePort;
}

/** The face of the one writer for one thread: writes go to the files thread, reads are done here. */
export class RepositoryClient implements SharedRepository {
  readonly root: string;
  readonly #client: FilesClient;
  readonly #reader: ObjectReader;
  #closing: Promise<void> | null = null;

  constructor(root: string, client: FilesClient) {
    this.root = root;
    this.#client = client;
    this.#reader = new ObjectReader(root);
  }

  async putBytes(bytes: Uint8Array): Promise<StoredObject> {
    const [stored] = await this.putMany([bytes]);
    if (stored === undefined) throw new Error('The files thread answered for no object');
    return stored;
  }

  putMany(items: readonly Uint8Array[]): Promise<readonly StoredObject[]> {
    return this.#client.putMany(items);
  }

  putStream(source: Readable, signal?: AbortSignal): Promise<StoredObject> {
    return this.#client.putStream(source, signal);
  }

  resume(expected: StoredObject): Promise<PartialObject> {
    return this.#client.resume(expected);
  }

  bytes(hash: ObjectHash): Promise<Uint8Array> {
    return this.#reader.bytes(hash);
  }

  stream(hash: ObjectHash, range?: { readonly start: number; readonly end: number }): Readable {
    return this.#reader.stream(hash, range);
  }

  async size(hash: ObjectHash): Promise<number | null> {
    return this.#reader.size(hash);
  }

  sizes(hashes: readonly ObjectHash[], keep = false): Promise<readonly (number | null)[]> {
    return this.#client.call({ kind: 'sizes', hashes, keep });
  }

  async purged(hashes: readonly ObjectHash[]): Promise<readonly (PurgedObject | null)[]> {
    return hashes.map((hash) => this.#reader.purged(hash));
  }

  totals(): Promise<{ readonly objects: number; readonly bytes: number }> {
    return this.#client.call({ kind: 'totals' });
  }

  async collect<T>(work: () => Promise<T>): Promise<T> {
    await this.#client.call({ kind: 'collect', begins: true });
    try {
      return await work();
    } finally {
      await this.#client.call({ kind: 'collect', begins: false });
    }
  }

  letGo(hashes: readonly ObjectHash[]): Promise<LetGo> {
    return this.#client.call({ kind: 'let-go', hashes });
  }

  held(hashes: readonly ObjectHash[]): Promise<readonly boolean[]> {
    return this.#client.call({ kind: 'held', hashes });
  }

  setAside(
    hashes: readonly ObjectHash[],
    time: number,
  ): Promise<Purging & { readonly held: readonly ObjectHash[] }> {
    return this.#client.call({ kind: 'set-aside', hashes, time });
  }

  bringBack(hashes: readonly ObjectHash[]): Promise<Purging> {
    return this.#client.call({ kind: 'bring-back', hashes });
  }

  drop(hashes: readonly ObjectHash[]): Promise<Purging> {
    return this.#client.call({ kind: 'drop', hashes });
  }

  compact(): Promise<{ readonly left: number; readonly bytes: number }> {
    return this.#client.call({ kind: 'compact' });
  }

  async check(
    named: AsyncIterable<ObjectHash> | Iterable<ObjectHash>,
    readAll: boolean,
    follow?: CheckFollower,
  ): Promise<CheckedRepository> {
    const missing = new ProblemList();
    let purged = 0;
    const flush = async (hashes: readonly ObjectHash[]): Promise<void> => {
      const sizes = await this.sizes(hashes);
      for (const [i, hash] of hashes.entries()) {
        if (sizes[i] !== null) continue;
        if (this.#reader.purged(hash) !== null) purged++;
        // it may have come again in between
        else if (this.#reader.size(hash) === null)
          missing.add('object-missing', hash, 'A node names this file and it is not there.');
      }
    };
    let page: ObjectHash[] = [];
    for await (const hash of named) {
      page.push(hash);
      if (page.length < 1000) continue;
      follow?.signal.throwIfAborted();
      await flush(page);
      page = [];
    }
    await flush(page);
    const found = new ProblemList();
    let checked = 0;
    let total: number | null = null;
    for (let part: CheckPart | null = { kind: 'structure' }; part !== null;) {
      follow?.signal.throwIfAborted();
      const looked: CheckedPart = await this.#client.call({ kind: 'check', part, readAll });
      for (const { code, subject, message } of looked.problems) found.add(code, subject, message);
      checked += looked.checked;
      total ??= looked.total;
      follow?.onProgress(checked, total);
      part = nextPart(part, looked);
    }
    return { problems: [...missing.list(), ...found.list()], checked, purged };
  }

  port(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#client.attach(port1);
    return port2;
  }

  /** Ends only this face; the files thread goes on. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // before the writer, so that the last connection to close is the one that can tidy up
    this.#reader.close();
    await this.release();
    this.#client.close();
  }

  protected async release(): Promise<void> {}
}

function nextPart(part: CheckPart, { next }: CheckedPart): CheckPart | null {
  if (part.kind === 'leftovers') return null;
  if (part.kind === 'structure') return { kind: 'objects', after: new Uint8Array() };
  return next === null ? { kind: 'leftovers' } : { kind: 'objects', after: next };
}

/** The repository that the main thread owns: with it the files thread ends. */
class OwnedRepository extends RepositoryClient {
  readonly #worker: Worker;
  readonly #files: FilesClient;

  constructor(root: string, files: FilesClient, worker: Worker) {
    super(root, files);
    this.#worker = worker;
    this.#files = files;
  }

  protected override async release(): Promise<void> {
    await this.#files.call({ kind: 'close' });
    this.#files.close();
    await this.#worker.terminate();
  }
}

/**
 * Opens the repository in `root`, and makes it where there is none. The caller holds the lock of the profile: there is
 * one files thread for a repository.
 * @throws StemmaError `disk-full`, `disk-error`, `repository-damaged`
 */
export async function openRepository(root: string): Promise<SharedRepository> {
  const worker = new Worker(entryPoint('files-worker'), {
    workerData: { root },
    name: 'files',
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
  });
  const files = new FilesClient(worker);
  worker.on('error', (error) => files.fail(stopped(error)));
  worker.on('exit', () => files.fail(stopped(null)));
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('message', (message: FilesReady) => {
        if (message.ready) resolve();
        else reject(new StemmaError(message.error));
      });
      worker.once('error', reject);
    });
    files.listen();
    return new OwnedRepository(root, files, worker);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

const stopped = (cause: unknown): StemmaError =>
  operationalError(
    {
      code: 'files-thread-stopped',
      message: 'The thread that writes the files of this profile has stopped.',
      hint: 'Close the profile and open it again. Nothing that was stored is lost.',
    },
    cause,
  );
