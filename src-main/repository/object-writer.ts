import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type Database from 'better-sqlite3';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { discard, publish } from './durable.ts';
import { writeError } from './errors.ts';
import type { Holds } from './holds.ts';
import { largeFile, smallLimit, type Layout } from './layout.ts';
import { IndexReader, keyOf } from './object-index.ts';
import type { ObjectSink } from './object-sink.ts';
import { PartialSink, partialName, removeStalePartials } from './partials.ts';
import type { StoredObject } from './types.ts';

interface Arrival {
  readonly hash: ObjectHash;
  readonly size: number;
  /** null where the content is a file, which is durable already. */
  readonly content: Uint8Array | null;
  /** Who put it: nobody lets go of it while they are there. */
  readonly owner: object;
  readonly resolve: (stored: StoredObject) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The one writer of a repository; lives in the files thread. Whatever arrives while a commit is under way goes into the
 * next one, so many concurrent puts share one wait for the disk.
 */
export class ObjectWriter {
  readonly #layout: Layout;
  readonly #db: Database.Database;
  readonly #index: IndexReader;
  readonly #holds: Holds;
  readonly #insertContent: Database.Statement<[Uint8Array]>;
  readonly #mendContent: Database.Statement<[Uint8Array, number, Uint8Array]>;
  readonly #insertContentAt: Database.Statement<[number, Uint8Array]>;
  readonly #insertObject: Database.Statement<[Buffer, number, number | bigint | null]>;
  readonly #dropObject: Database.Statement<[Buffer]>;
  readonly #dropContent: Database.Statement<[number]>;
  readonly #dropPurged: Database.Statement<[Buffer]>;
  readonly #queue: Arrival[] = [];
  #scheduled = false;
  #counter = 0;
  /** Temporary files that somebody still writes, and objects between their file and their row. */
  readonly live = new Set<string>();
  readonly arriving = new Map<ObjectHash, number>();
  /** Objects whose files are being removed. */
  readonly leaving = new Map<ObjectHash, Promise<void>>();
  /** Names of partial objects that somebody writes. */
  readonly #partials = new Set<string>();

  constructor(layout: Layout, db: Database.Database, holds: Holds) {
    this.#layout = layout;
    this.#db = db;
    this.#holds = holds;
    this.#index = new IndexReader(db);
    this.#insertContent = db.prepare('INSERT INTO contents (content) VALUES (?)');
    this.#mendContent = db.prepare('UPDATE contents SET content = ? WHERE id = ? AND content IS NOT ?');
    this.#insertContentAt = db.prepare('INSERT OR IGNORE INTO contents (id, content) VALUES (?, ?)');
    this.#insertObject = db.prepare('INSERT INTO objects (hash, size, place) VALUES (?, ?, ?)');
    this.#dropObject = db.prepare('DELETE FROM objects WHERE hash = ?');
    this.#dropContent = db.prepare('DELETE FROM contents WHERE id = ?');
    this.#dropPurged = db.prepare('DELETE FROM purged WHERE hash = ?');
  }

  /** Durable when it resolves. @throws StemmaError `disk-full`, `disk-error` */
  put(bytes: Uint8Array, owner: object): Promise<StoredObject> {
    if (bytes.length > smallLimit) return this.#putLarge(bytes, owner);
    const hash = createHash('sha256').update(bytes).digest('hex') as ObjectHash;
    return this.#enter(hash, bytes.length, bytes, owner);
  }

  open(owner: object): ObjectSink {
    return new Sink(this.#layout, this.live, this.#counter++, {
      small: (bytes) => this.put(bytes, owner),
      large: (temporary, hash, size) => this.#publish(temporary, hash, size, owner),
    });
  }

  /**
   * Goes on with what there is of an object. @returns with how many bytes are here
   * @throws StemmaError `disk-full`, `disk-error`
   */
  async openPartial(
    expected: StoredObject,
    owner: object,
  ): Promise<{ readonly sink: ObjectSink; readonly at: number }> {
    const name = partialName(expected);
    if (this.#partials.has(name)) return { sink: this.open(owner), at: 0 };
    this.#partials.add(name);
    const sink = new PartialSink(
      this.#layout,
      expected,
      (temporary, hash, size) => this.#publish(temporary, hash, size, owner),
      () => this.#partials.delete(name),
    );
    try {
      await removeStalePartials(this.#layout, this.#partials);
      return { sink, at: await sink.begin() };
    } catch (error) {
      await sink.abort();
      throw writeError(error, this.#layout.root);
    }
  }

  /** Written also where it is there already: the new copy replaces one that may be damaged. */
  async #putLarge(bytes: Uint8Array, owner: object): Promise<StoredObject> {
    const sink = this.open(owner);
    try {
      await sink.write(bytes);
    } catch (error) {
      await sink.abort();
      throw error;
    }
    return sink.finish();
  }

  async #publish(temporary: string, hash: ObjectHash, size: number, owner: object): Promise<StoredObject> {
    this.arriving.set(hash, (this.arriving.get(hash) ?? 0) + 1);
    try {
      await this.leaving.get(hash);
      await publish(temporary, largeFile(this.#layout, hash));
      return await this.#enter(hash, size, null, owner);
    } finally {
      const others = (this.arriving.get(hash) ?? 1) - 1;
      if (others === 0) this.arriving.delete(hash);
      else this.arriving.set(hash, others);
    }
  }

  #enter(hash: ObjectHash, size: number, content: Uint8Array | null, owner: object): Promise<StoredObject> {
    const { promise, resolve, reject } = Promise.withResolvers<StoredObject>();
    this.#queue.push({ hash, size, content, owner, resolve, reject });
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.#commit());
    }
    return promise;
  }

  #commit(): void {
    this.#scheduled = false;
    const batch = this.#queue.splice(0);
    try {
      this.#db.transaction(() => {
        for (const arrival of batch) this.#record(arrival);
      })();
    } catch (error) {
      const reason = writeError(error, this.#layout.root);
      for (const { reject } of batch) reject(reason);
      return;
    }
    for (const { hash, size, resolve } of batch) resolve({ hash, size });
  }

  /** A good copy of an object that is there already mends it. */
  #record({ hash, size, content, owner }: Arrival): void {
    this.#holds.hold(hash, owner);
    const row = this.#index.row(hash);
    if (row !== null && row.size === size && (row.place === null) === (content === null)) {
      if (content !== null && row.place !== null) {
        this.#mendContent.run(content, row.place, content);
        this.#insertContentAt.run(row.place, content);
      }
      return;
    }
    if (row !== null) this.#dropObject.run(keyOf(hash));
    else this.#comesBack(hash);
    const place = content === null ? null : this.#insertContent.run(content).lastInsertRowid;
    this.#insertObject.run(keyOf(hash), size, place);
  }

  /** What was purged and comes again is an object as any other; a small one that was set aside is not kept twice. */
  #comesBack(hash: ObjectHash): void {
    const purged = this.#index.purged(hash);
    if (purged === null) return;
    if (purged.place !== null) this.#dropContent.run(purged.place);
    this.#dropPurged.run(keyOf(hash));
  }
}

interface Destinations {
  small(bytes: Uint8Array): Promise<StoredObject>;
  large(temporary: string, hash: ObjectHash, size: number): Promise<StoredObject>;
}

/** Keeps the pieces in memory while they are small, and goes on in a temporary file. */
class Sink implements ObjectSink {
  readonly #layout: Layout;
  readonly #live: Set<string>;
  readonly #name: string;
  readonly #to: Destinations;
  readonly #digest: Hash = createHash('sha256');
  #held: Uint8Array[] = [];
  #size = 0;
  #file: FileHandle | null = null;

  constructor(layout: Layout, live: Set<string>, number: number, to: Destinations) {
    this.#layout = layout;
    this.#live = live;
    this.#name = `${process.pid}-${number}`;
    this.#to = to;
  }

  get #temporary(): string {
    return path.join(this.#layout.temporary, this.#name);
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#digest.update(chunk);
    this.#size += chunk.length;
    if (this.#file === null) {
      this.#held.push(chunk);
      if (this.#size <= smallLimit) return;
    }
    try {
      await this.#spill(chunk);
    } catch (error) {
      throw writeError(error, this.#layout.root);
    }
  }

  async #spill(chunk: Uint8Array): Promise<void> {
    if (this.#file !== null) {
      await this.#file.appendFile(chunk);
      return;
    }
    this.#live.add(this.#name);
    this.#file = await open(this.#temporary, 'wx', 0o444);
    for (const held of this.#held) await this.#file.appendFile(held);
    this.#held = [];
  }

  async finish(): Promise<StoredObject> {
    if (this.#file === null) return this.#to.small(Buffer.concat(this.#held));
    try {
      await this.#file.sync();
      await this.#file.close();
      const hash = this.#digest.digest('hex') as ObjectHash;
      return await this.#to.large(this.#temporary, hash, this.#size);
    } catch (error) {
      throw writeError(error, this.#layout.root);
    } finally {
      await this.abort();
    }
  }

  /** Also after `finish`, where it only forgets. */
  async abort(): Promise<void> {
    this.#held = [];
    if (this.#file === null) return;
    const file = this.#file;
    this.#file = null;
    try {
      await file.close();
      await discard(this.#temporary);
    } finally {
      this.#live.delete(this.#name);
    }
  }
}
