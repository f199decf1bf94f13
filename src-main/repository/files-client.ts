import type { Readable } from 'node:stream';
import type { MessagePort, TransferListItem, Worker } from 'node:worker_threads';
import { deferred, type Deferred } from '#shared/base/deferred.ts';
import { StemmaError, userError } from '#shared/base/errors.ts';
import type { FilesCall, FilesReplies, FilesReply, FilesRequest } from './protocol.ts';
import type { PartialObject, StoredObject } from './types.ts';

/** Beyond this an object is handed over in pieces, so that copying it does not hold up the event loop. */
const pieceSize = 1 << 20;
/** Pieces on their way at once. */
const window = 4;

type Port = Pick<MessagePort | Worker, 'postMessage' | 'on'>;

/** Asks the files thread over a port. */
export class FilesClient {
  readonly #port: Port;
  readonly #waiting = new Map<number, Deferred<unknown>>();
  #next = 0;
  #failure: unknown = null;

  constructor(port: Port) {
    this.#port = port;
  }

  /** From here on messages of the port are replies. */
  listen(): void {
    this.#port.on('message', (reply: FilesReply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.ok) waiting?.resolve(reply.value);
      else waiting?.reject(new StemmaError(reply.error));
    });
  }

  /** Ends every call that waits, and every later one. */
  fail(reason: unknown): void {
    this.#failure ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }

  call<K extends keyof FilesReplies>(
    request: FilesRequest & { readonly kind: K },
    transfer: readonly TransferListItem[] = [],
  ): Promise<FilesReplies[K]> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const id = this.#next++;
    const waiting = deferred<unknown>();
    this.#waiting.set(id, waiting);
    this.#port.postMessage({ id, request } satisfies FilesCall, transfer);
    return waiting.promise as Promise<FilesReplies[K]>;
  }

  attach(port: MessagePort): void {
    // its failure is the failure of the thread, which every caller hears
    this.call({ kind: 'attach', port }, [port]).catch(() => undefined);
  }

  /** A few pages are on their way at once; the rest waits, so that copying never holds up the event loop. */
  async putMany(items: readonly Uint8Array[]): Promise<readonly StoredObject[]> {
    const stored: Promise<readonly StoredObject[]>[] = [];
    const send = async (page: Promise<readonly StoredObject[]>): Promise<void> => {
      page.catch(() => undefined); // awaited below, perhaps after others
      stored.push(page);
      if (stored.length > window) await stored[stored.length - 1 - window];
    };
    for (const page of pagesOf(items)) {
      const [first] = page;
      if (page.length === 1 && first !== undefined && first.length > pieceSize) {
        await send(this.#putPieces(piecesOf(first)).then((one) => [one]));
      } else {
        await send(this.#putPage(page));
      }
    }
    return (await Promise.all(stored)).flat();
  }

  async putStream(source: Readable, signal?: AbortSignal): Promise<StoredObject> {
    return this.#putPieces(bytesOf(source), signal);
  }

  close(): void {
    this.fail(userError({ code: 'repository-closed', message: 'The repository of this profile is closed.' }));
    if ('close' in this.#port) (this.#port as MessagePort).close();
  }

  #putPage(items: readonly Uint8Array[]): Promise<readonly StoredObject[]> {
    const bytes = new Uint8Array(items.reduce((sum, item) => sum + item.length, 0));
    let at = 0;
    for (const item of items) {
      bytes.set(item, at);
      at += item.length;
    }
    const lengths = items.map((item) => item.length);
    return this.call({ kind: 'put', bytes, lengths }, [bytes.buffer]);
  }

  async #putPieces(
    pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<StoredObject> {
    signal?.throwIfAborted();
    const { sink } = await this.call({ kind: 'open' });
    try {
      await this.#writePieces(sink, pieces, signal);
      return await this.call({ kind: 'finish', sink });
    } catch (error) {
      // what went wrong first is what the caller hears
      await this.call({ kind: 'abort', sink }).catch(() => undefined);
      throw error;
    }
  }

  /** Resolves, or rejects, when every piece that was sent has been written. */
  async #writePieces(
    sink: number,
    pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<void> {
    const onTheirWay: Promise<unknown>[] = [];
    try {
      for await (const piece of pieces) {
        signal?.throwIfAborted();
        const bytes = new Uint8Array(piece); // a copy: the source may use its buffer again
        const written = this.call({ kind: 'write', sink, bytes }, [bytes.buffer]);
        written.catch(() => undefined); // awaited below, perhaps after others
        onTheirWay.push(written);
        if (onTheirWay.length >= window) await onTheirWay.shift();
      }
      await Promise.all(onTheirWay);
      signal?.throwIfAborted();
    } catch (error) {
      await Promise.allSettled(onTheirWay);
      throw error;
    }
  }

  async resume(expected: StoredObject): Promise<PartialObject> {
    const { sink, at } = await this.call({ kind: 'open', expected });
    return {
      at,
      append: (source, signal) => this.#writePieces(sink, bytesOf(source), signal),
      finish: async () => {
        try {
          const stored = await this.call({ kind: 'finish', sink });
          return stored.hash === expected.hash ? stored : null;
        } catch (thrown) {
          if (thrown instanceof StemmaError && thrown.code === 'object-differs') return null;
          throw thrown;
        }
      },
      release: async () => {
        await this.call({ kind: 'abort', sink });
      },
    };
  }
}

/** Runs of items that together stay below a piece; what is larger stands alone. */
function* pagesOf(items: readonly Uint8Array[]): Generator<readonly Uint8Array[]> {
  let page: Uint8Array[] = [];
  let size = 0;
  for (const item of items) {
    if (page.length > 0 && size + item.length > pieceSize) {
      yield page;
      page = [];
      size = 0;
    }
    page.push(item);
    size += item.length;
  }
  if (page.length > 0) yield page;
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
}

async function* bytesOf(source: Readable): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    if (typeof chunk === 'string') yield Buffer.from(chunk);
    else yield* piecesOf(chunk as Uint8Array);
  }
}
