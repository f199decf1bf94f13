import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { assertNever } from '#shared/base/assert.ts';
import { letGoOf } from '../isolate/lean-heap.ts';
import { checkPart } from './check.ts';
import { makeDirectoryDurably, syncDirectory } from './durable.ts';
import { Holds } from './holds.ts';
import type { Layout } from './layout.ts';
import { IndexReader, openIndex } from './object-index.ts';
import type { ObjectSink } from './object-sink.ts';
import { ObjectWriter } from './object-writer.ts';
import type { FilesReplies, FilesRequest } from './protocol.ts';
import { leftovers, removeLeftover } from './leftovers.ts';
import { compactIndex, isHeld, letGo, type LetGoPlace } from './let-go.ts';
import { removeStalePartials } from './partials.ts';
import { bringBack, drop, setAside } from './purge.ts';

interface OpenSink {
  readonly owner: object;
  readonly sink: ObjectSink;
  /** Pieces are written one after the other, in the order in which they came. */
  tail: Promise<unknown>;
}

/** Answers the requests of the files thread. */
export class FilesService {
  readonly #layout: Layout;
  readonly #db: Database.Database;
  readonly #index: IndexReader;
  readonly #holds: Holds;
  readonly #writer: ObjectWriter;
  readonly #collecting = new Set<object>();
  readonly #sinks = new Map<number, OpenSink>();
  #nextSink = 0;

  /** Makes the repository where there is none, and clears away what a crash left half written. */
  static async open(layout: Layout): Promise<FilesService> {
    for (const directory of [layout.root, layout.large, layout.temporary, layout.partial]) {
      makeDirectoryDurably(directory);
    }
    const service = new FilesService(layout, openIndex(layout.index, 'writer'));
    await removeStalePartials(layout, new Set());
    if (existsSync(layout.inUse)) {
      for await (const found of leftovers(layout, service.#index, service.#writer)) {
        if (found.ours) await removeLeftover(found);
      }
    }
    writeFileSync(layout.inUse, '');
    syncDirectory(layout.root);
    return service;
  }

  private constructor(layout: Layout, db: Database.Database) {
    this.#layout = layout;
    this.#db = db;
    this.#index = new IndexReader(db);
    this.#holds = new Holds(db);
    this.#writer = new ObjectWriter(layout, db, this.#holds);
  }

  async answer(request: FilesRequest, owner: object): Promise<FilesReplies[keyof FilesReplies]> {
    switch (request.kind) {
      case 'put': {
        const puts = split(request.bytes, request.lengths).map((bytes) => this.#writer.put(bytes, owner));
        const stored = await Promise.all(puts);
        letGoOf(request.bytes.length);
        return stored;
      }
      case 'open': {
        const { expected } = request;
        const { sink, at } =
          expected === undefined
            ? { sink: this.#writer.open(owner), at: 0 }
            : await this.#writer.openPartial(expected, owner);
        const number = this.#nextSink++;
        this.#sinks.set(number, { owner, sink, tail: Promise.resolve() });
        return { sink: number, at };
      }
      case 'write': {
        const open = this.#sink(request.sink);
        const written = open.tail.then(() => open.sink.write(request.bytes));
        open.tail = written.catch(() => undefined); // the caller hears of it by `written`
        await written;
        return null;
      }
      case 'finish': {
        const open = this.#sink(request.sink);
        this.#sinks.delete(request.sink);
        await open.tail;
        return open.sink.finish();
      }
      case 'abort':
        await this.#abort(request.sink);
        return null;
      case 'sizes':
        return request.hashes.map((hash) => this.#size(hash, request.keep ? owner : null));
      case 'totals':
        return this.#db
          .prepare<[], FilesReplies['totals']>(
            'SELECT count(*) AS objects, ifnull(sum(size), 0) AS bytes FROM objects',
          )
          .get() as FilesReplies['totals'];
      case 'check':
        return checkPart(request.part, {
          layout: this.#layout,
          db: this.#db,
          writer: this.#writer,
          readAll: request.readAll,
        });
      case 'collect':
        this.#collect(owner, request.begins);
        return null;
      case 'let-go':
        return letGo(request.hashes, this.#place);
      case 'held':
        return request.hashes.map((hash) => isHeld(hash, this.#place));
      case 'set-aside':
        return setAside(request.hashes, request.time, this.#place);
      case 'bring-back':
        return bringBack(request.hashes, this.#place);
      case 'drop':
        return drop(request.hashes, this.#place);
      case 'compact':
        return compactIndex(this.#db, this.#layout.root);
      case 'attach':
        return null;
      case 'close':
        await this.#close();
        return null;
      default:
        return assertNever(request);
    }
  }

  get #place(): LetGoPlace {
    return { layout: this.#layout, db: this.#db, holds: this.#holds, writer: this.#writer };
  }

  /** @param keeper who is about to name what is here */
  #size(hash: ObjectHash, keeper: object | null): number | null {
    const row = this.#index.row(hash);
    if (row === null) return null;
    if (keeper !== null) this.#holds.hold(hash, keeper);
    return row.size;
  }

  #collect(owner: object, begins: boolean): void {
    if (begins === this.#collecting.has(owner)) return;
    if (begins) {
      this.#collecting.add(owner);
      this.#holds.beginCollection();
    } else {
      this.#collecting.delete(owner);
      this.#holds.endCollection();
    }
  }

  /** A port has closed: what its owner had begun is dropped. */
  forget(owner: object): void {
    // ports close also after the index has, at the end
    if (!this.#db.open) return;
    this.#collect(owner, false);
    this.#holds.release(owner);
    for (const [number, open] of this.#sinks) {
      // a file that cannot be removed now is found by the next check
      if (open.owner === owner) this.#abort(number).catch(() => undefined);
    }
  }

  #sink(number: number): OpenSink {
    const open = this.#sinks.get(number);
    if (open === undefined) throw new Error(`Sink ${number} is not open`);
    return open;
  }

  async #abort(number: number): Promise<void> {
    const open = this.#sinks.get(number);
    if (open === undefined) return;
    this.#sinks.delete(number);
    await open.tail;
    await open.sink.abort();
  }

  async #close(): Promise<void> {
    for (const number of this.#sinks.keys()) await this.#abort(number);
    this.#db.close();
    rmSync(this.#layout.inUse, { force: true });
  }
}

function split(bytes: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  let at = 0;
  return lengths.map((length) => bytes.subarray(at, (at += length)));
}
