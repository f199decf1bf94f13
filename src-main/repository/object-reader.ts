import { createHash, hash as hashAtOnce } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import type Database from 'better-sqlite3';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { objectDamaged, objectMissing, objectPurged } from './errors.ts';
import { largeFile, layoutOf, type Layout } from './layout.ts';
import { LocatedObjects, type LocatedObject } from './located-objects.ts';
import { hashOfKey, IndexReader, openIndex } from './object-index.ts';
import type { PurgedObject } from './types.ts';

const chunkSize = 256 * 1024;
const objectsAtOnce = 1000;

const hashOf = (bytes: Uint8Array): string => hashAtOnce('sha256', bytes);

/** Errors at the end of a stream whose bytes are not what their name says. */
function verifying(hash: ObjectHash): Transform {
  const digest = createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const same = digest.digest('hex') === hash;
      done(same ? null : objectDamaged(hash, 'its content does not have its hash'));
    },
  });
}

/**
 * Reads objects in whichever thread asks, on a connection of its own, beside the one writer. Small objects are read at
 * once (at most 128 KiB), large ones in pieces, so that no event loop waits for a disk or a hash.
 */
export class ObjectReader {
  readonly #layout: Layout;
  readonly #db: Database.Database;
  readonly #index: IndexReader;

  constructor(root: string) {
    this.#layout = layoutOf(root);
    this.#db = openIndex(this.#layout.index, 'reader');
    this.#index = new IndexReader(this.#db);
  }

  size(hash: ObjectHash): number | null {
    return this.#index.row(hash)?.size ?? null;
  }

  /** null where nobody purged it, and where its content has come again since. */
  purged(hash: ObjectHash): PurgedObject | null {
    const row = this.#index.purged(hash);
    return row === null ? null : { hash, size: row.size, time: row.time, kept: row.kept === 1 };
  }

  /**
   * Those of some objects that are here; each of the others is handed over.
   * @param keys 32 bytes for each
   */
  locate(keys: Uint8Array, absent: (hash: ObjectHash) => void): LocatedObjects {
    return new LocatedObjects(keys, (key) => {
      const row = this.#index.rowOf(key);
      if (row === null) absent(hashOfKey(key));
      return row;
    });
  }

  /** A small one at once. @throws StemmaError as `bytes` does */
  located({ hash, size, place }: LocatedObject): Uint8Array | Promise<Uint8Array> {
    return place === null ? this.#largeBytes(hash, size) : this.#smallBytes(hash, place);
  }

  /** @throws StemmaError `object-missing`, `object-purged`, `object-damaged` */
  async bytes(hash: ObjectHash): Promise<Uint8Array> {
    const row = this.#index.row(hash);
    if (row === null) throw this.#absent(hash);
    return row.place === null ? this.#largeBytes(hash, row.size) : this.#smallBytes(hash, row.place);
  }

  /**
   * `start` and `end` (exclusive) in bytes. Without a range the end of the stream is an error where the content does
   * not have the hash; a part cannot be compared.
   */
  stream(hash: ObjectHash, range?: { readonly start: number; readonly end: number }): Readable {
    const row = this.#index.row(hash);
    if (row === null) return failing(this.#absent(hash));
    const start = Math.max(0, range?.start ?? 0);
    const end = Math.min(row.size, range?.end ?? row.size);
    if (row.place !== null) {
      try {
        const bytes = this.#smallBytes(hash, row.place).subarray(start, Math.max(start, end));
        return Readable.from(bytes.length === 0 ? [] : [bytes], { objectMode: false });
      } catch (error) {
        return failing(error as Error);
      }
    }
    if (end <= start) return Readable.from([], { objectMode: false });
    const file = createReadStream(largeFile(this.#layout, hash), {
      start,
      end: end - 1,
      highWaterMark: chunkSize,
    });
    const out =
      range === undefined ? verifying(hash) : new Transform({ transform: (c, _e, done) => done(null, c) });
    file.on('error', (error: NodeJS.ErrnoException) => {
      out.destroy(error.code === 'ENOENT' ? this.#absent(hash) : error);
    });
    out.on('close', () => file.destroy());
    return file.pipe(out);
  }

  /** Every object in the order of its hash, some at a time; what is let go meanwhile may be among them. */
  *all(): Generator<readonly { readonly hash: ObjectHash; readonly size: number }[]> {
    const next = this.#db.prepare<[Buffer, number], { hash: Buffer; size: number }>(
      'SELECT hash, size FROM objects WHERE hash > ? ORDER BY hash LIMIT ?',
    );
    for (let after: Buffer = Buffer.alloc(0); ;) {
      const rows = next.all(after, objectsAtOnce);
      if (rows.length > 0) yield rows.map(({ hash, size }) => ({ hash: hashOfKey(hash), size }));
      if (rows.length < objectsAtOnce) return;
      after = rows.at(-1)?.hash ?? after;
    }
  }

  /** Every object that is set aside, in the order of its hash, some at a time. */
  *setAside(): Generator<readonly PurgedObject[]> {
    const next = this.#db.prepare<[Buffer, number], { hash: Buffer; size: number; time: number }>(
      'SELECT hash, size, time FROM purged WHERE kept AND hash > ? ORDER BY hash LIMIT ?',
    );
    for (let after: Buffer = Buffer.alloc(0); ;) {
      const rows = next.all(after, objectsAtOnce);
      if (rows.length > 0) {
        yield rows.map(({ hash, size, time }) => ({ hash: hashOfKey(hash), size, time, kept: true }));
      }
      if (rows.length < objectsAtOnce) return;
      after = rows.at(-1)?.hash ?? after;
    }
  }

  /** Bytes inside of the index that nothing uses. */
  loose(): number {
    const of = (name: string): number => this.#db.pragma(name, { simple: true }) as number;
    return of('freelist_count') * of('page_size');
  }

  close(): void {
    this.#db.close();
  }

  /** Why there is nothing to read. */
  #absent(hash: ObjectHash): Error {
    const purged = this.purged(hash);
    return purged === null ? objectMissing(hash) : objectPurged(hash, purged);
  }

  #smallBytes(hash: ObjectHash, place: number): Buffer {
    const bytes = this.#index.content(place);
    if (bytes === null) throw this.#absent(hash);
    if (hashOf(bytes) !== hash) throw objectDamaged(hash, 'its content does not have its hash');
    return bytes;
  }

  async #largeBytes(hash: ObjectHash, size: number): Promise<Uint8Array> {
    const handle = await open(largeFile(this.#layout, hash), 'r').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? this.#absent(hash) : error;
    });
    try {
      const bytes = Buffer.allocUnsafeSlow(size);
      const digest = createHash('sha256');
      for (let at = 0; at < size;) {
        const { bytesRead } = await handle.read(bytes, at, Math.min(chunkSize, size - at), at);
        if (bytesRead === 0) throw objectDamaged(hash, 'it is shorter than it was');
        digest.update(bytes.subarray(at, at + bytesRead));
        at += bytesRead;
      }
      if (digest.digest('hex') !== hash) throw objectDamaged(hash, 'its content does not have its hash');
      return bytes;
    } finally {
      await handle.close();
    }
  }
}

function failing(error: Error): Readable {
  return new Readable({
    read() {
      this.destroy(error);
    },
  });
}
