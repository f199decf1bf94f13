import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { operationalError } from '#shared/base/errors.ts';
import { Lru } from '#shared/base/lru.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { archiveDamaged } from '../container/archive-errors.ts';
import { checkRoom } from '../container/budgets.ts';
import type { ArchiveContainer } from '../container/archive-container.ts';
import { openContainer } from '../open-container.ts';
import type { ArchiveContents } from './protocol.ts';

/** Unpacked objects that are kept at hand: a viewer asks for one file in many pieces. */
const kept = 4;

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const wrongHash = (hash: ObjectHash): Error =>
  archiveDamaged(
    hash,
    `the content of the file ${hash.slice(0, 12)}… does not have the hash that is its name`,
  );

/** The files of an archive that is open without being imported. Synchronous where it can be: for a thread of its own. */
export class ArchiveObjects {
  readonly contents: ArchiveContents;
  readonly #container: ArchiveContainer;
  readonly #folder: string;
  readonly #small = new Lru<ObjectHash, Buffer>(kept);
  /** Large ones that lie unpacked in the folder. */
  readonly #unpacked = new Set<ObjectHash>();

  /** @throws StemmaError `not-an-archive`, `archive-…` */
  static async open(
    file: string,
    folder: string,
    progress: (progress: Progress) => void = () => {},
  ): Promise<ArchiveObjects> {
    progress({ done: 0, total: null, unit: 'steps', words: 'Reading the list of its files' });
    const container = await openContainer(file, { scratch: folder, now: Date.now, progress });
    try {
      checkRoom(container.name, container.databaseBytes, folder);
      const database = path.join(folder, 'database');
      const total = container.databaseBytes;
      await container.extractDatabase(database, undefined, (done) =>
        progress({ done, total, unit: 'bytes', words: 'Unpacking its database' }),
      );
      return new ArchiveObjects(container, folder, database);
    } catch (error) {
      container.close();
      throw error;
    }
  }

  private constructor(container: ArchiveContainer, folder: string, database: string) {
    this.#container = container;
    this.#folder = folder;
    const { notes, objectCount, metadata } = container;
    this.contents = { says: metadata.says, files: objectCount, notes, database };
  }

  sizes(hashes: readonly ObjectHash[]): readonly (number | null)[] {
    return hashes.map((hash) => this.#container.objectSize(hash));
  }

  /** Bytes from `offset` on, at most `length`; the whole object was compared with its hash. */
  async read(hash: ObjectHash, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const size = this.#container.objectSize(hash);
    if (size === null) {
      throw operationalError({
        code: 'object-missing',
        message: 'The archive does not have this file.',
        subject: hash,
      });
    }
    const start = Math.min(Math.max(0, offset), size);
    const wanted = Math.min(Math.max(0, length), size - start);
    const small = this.#small.get(hash);
    if (small !== undefined) return new Uint8Array(small.subarray(start, start + wanted));
    if (!this.#unpacked.has(hash)) {
      const bytes = await this.#unpack(hash);
      if (bytes !== null) return new Uint8Array(bytes.subarray(start, start + wanted));
    }
    return this.#readUnpacked(hash, start, wanted);
  }

  /** The content where it is small; a large one goes into the folder. */
  async #unpack(hash: ObjectHash): Promise<Buffer | null> {
    const content = this.#container.object(hash);
    if (!(content instanceof Readable)) {
      if (hashOf(content) !== hash) throw wrongHash(hash);
      this.#small.set(hash, content);
      return content;
    }
    checkRoom(this.#container.name, this.#container.objectSize(hash) ?? 0, this.#folder);
    const digest = createHash('sha256');
    const fd = openSync(path.join(this.#folder, hash), 'w', 0o600);
    try {
      for await (const piece of content) {
        digest.update(piece as Buffer);
        writeSync(fd, piece as Buffer);
      }
    } finally {
      closeSync(fd);
    }
    if (digest.digest('hex') !== hash) throw wrongHash(hash);
    this.#unpacked.add(hash);
    return null;
  }

  #readUnpacked(hash: ObjectHash, start: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    const fd = openSync(path.join(this.#folder, hash), 'r');
    try {
      return bytes.subarray(0, readSync(fd, bytes, 0, length, start));
    } finally {
      closeSync(fd);
    }
  }
}
