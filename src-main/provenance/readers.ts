import { statSync } from 'node:fs';
import { operationalError, userError, type StemmaError } from '#shared/base/errors.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { Lane } from '../isolate/lane.ts';
import { LanePool } from '../isolate/lane-pool.ts';
import { forkChild, startThread, type StartChild } from '../isolate/peer.ts';
import { residentMemory } from '../isolate/resident-memory.ts';
import type { PurgedContent } from './purged-content.ts';
import type { ReadApi, Reader, SlowQuery } from './read-api.ts';

/** How the files of a source are read; the repository for a profile, the zip for an archive. */
export interface SourceObjects {
  /** null where the object is not there; in the order of the hashes. */
  sizes(hashes: readonly ObjectHash[]): Promise<readonly (number | null)[]>;
  /** In the order of the hashes: what a person has purged of those that are not there. Absent where nothing ever is. */
  purged?(hashes: readonly ObjectHash[]): Promise<readonly (PurgedContent | null)[]>;
  /** Bytes from `offset` on, at most `length`; fewer at the end. @throws StemmaError `object-missing`, `object-purged` */
  read(hash: ObjectHash, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Something that can be looked at: the open profile, or an archive that is open read-only. */
export interface Source {
  readonly reader: Reader;
  readonly objects: SourceObjects;
}

/** A reader with an end. */
export interface ReaderHandle {
  readonly reader: Reader;
  close(): void;
}

export interface Readers {
  /** Of the open profile. */
  readonly profile: Reader;
  /** @throws StemmaError `unknown-source` where the archive has been closed */
  source(name: string): Source;
  addSource(name: string, source: Source): void;
  /** @param why what is said to whoever asks for it from now on */
  removeSource(name: string, why?: StemmaError): void;
  /**
   * Opens the database of an archive (a copy that is ours, extracted from it) in a process of its own, after a look at its
   * header and its schema. The process starts at once, also where the copy is still made.
   * @throws StemmaError `archive-damaged`, `archive-unsafe`, `archive-reader-stopped`, and what `file` throws
   */
  openForeign(file: string | Promise<string>, signal?: AbortSignal): Promise<ReaderHandle>;
  /**
   * Goes through all of such a database, in a process of its own that ends then.
   * @throws StemmaError `archive-damaged`, `archive-unsafe`, `archive-too-large`, `archive-reader-stopped`
   */
  checkForeign(file: string, signal: AbortSignal): Promise<void>;
  /** Newest last. */
  slowQueries(): readonly SlowQuery[];
  /** Settles when the threads that read are gone: one that reads something long ends when it has read it. */
  close(): Promise<void>;
}

export interface ReadersOptions {
  /** The database of the profile. */
  readonly file: string;
  readonly objects: SourceObjects;
  readonly startChild?: StartChild;
  readonly limits?: { readonly foreignMs?: number; readonly foreignBytes?: number };
}

export const profileSource = 'profile';

const threads = 2;
const threadLimits = { deadlineMs: 60_000 };
/** What looks at everything may take long: a check of a million nodes takes a minute. */
const longMs = 30 * 60_000;
/** For one answer: it may go through the whole file, and 10 MB a second is slower than any disk. */
const foreignMs = (bytes: number): number => 60_000 + bytes / 10_000;
const foreignBytes = 1_500_000_000;
const mostSlow = 200;

const methods: Readonly<Record<keyof ReadApi, 'any' | 'graph' | 'long'>> = {
  counts: 'any',
  findNodes: 'any',
  nodeTypes: 'any',
  node: 'any',
  resolveNodes: 'any',
  fileHash: 'any',
  searchWords: 'any',
  // the graph is kept in memory by one thread only
  graphAround: 'graph',
  warmGraph: 'graph',
  exportClosure: 'graph',
  deletionPlan: 'graph',
  deletions: 'any',
  purges: 'any',
  groups: 'any',
  processWindow: 'any',
  stateCounts: 'any',
  process: 'any',
  cacheFacts: 'any',
  codes: 'any',
  computerRows: 'any',
  objects: 'long',
  checkGraph: 'long',
};

const methodNames = Object.keys(methods) as readonly (keyof ReadApi)[];

/** A reader from one function that takes every question. */
function readerBy(
  ask: (method: keyof ReadApi, input: unknown, signal: AbortSignal | undefined) => Promise<unknown>,
): Reader {
  return Object.fromEntries(
    methodNames.map((method) => [
      method,
      (input: unknown, signal?: AbortSignal) => ask(method, input, signal),
    ]),
  ) as unknown as Reader;
}

/** Threads for the profile, which is ours; an expendable process for each archive, which is a stranger's. */
export function openReaders(options: ReadersOptions): Readers {
  const slow: SlowQuery[] = [];
  const onNote = (note: unknown): void => {
    slow.push(note as SlowQuery);
    if (slow.length > mostSlow) slow.shift();
  };
  const startChild = options.startChild ?? forkChild(residentMemory);
  const deadlineFor = (bytes: number): number => options.limits?.foreignMs ?? foreignMs(bytes);
  const foreign: ForeignParts = {
    startLane: (entry) => {
      const limits = {
        deadlineMs: deadlineFor(0),
        memoryBytes: options.limits?.foreignBytes ?? foreignBytes,
      };
      return new Lane(startChild(entry), limits, foreignWords, onNote);
    },
    deadlineFor,
  };
  const words = { code: 'reader-stopped', what: 'The thread that reads the profile', hint: 'Try again.' };
  const pool = new LanePool(
    threads,
    () =>
      new Lane(startThread('reader-worker', { file: options.file }, 'asked'), threadLimits, words, onNote),
  );
  const profile = readerBy((method, input, signal) => {
    const where = methods[method];
    // what is long must not stand in the way of the graph
    const lane = where === 'graph' ? 0 : where === 'long' ? 1 : null;
    return pool.ask(method, input, { signal, lane, deadlineMs: where === 'long' ? longMs : undefined });
  });
  const sources = new Map<string, Source>([[profileSource, { reader: profile, objects: options.objects }]]);
  const removed = new Map<string, StemmaError>();
  const handles = new Set<Pick<ReaderHandle, 'close'>>();

  return {
    profile,
    source(name) {
      const source = sources.get(name);
      if (source !== undefined) return source;
      const why = removed.get(name);
      if (why !== undefined) throw why;
      throw userError({
        code: 'unknown-source',
        message: 'This archive is not open any more.',
        subject: name,
        hint: 'Open it again.',
      });
    },
    addSource: (name, source) => void sources.set(name, source),
    removeSource(name, why) {
      sources.delete(name);
      if (why === undefined) removed.delete(name);
      else removed.set(name, why);
    },
    async checkForeign(file, signal) {
      signal.throwIfAborted();
      const lane = foreign.startLane('foreign-child');
      const close = (): void => lane.close();
      const handle = { close };
      handles.add(handle);
      signal.addEventListener('abort', close);
      try {
        await lane.ask('open', { file }, deadlineFor(statSync(file).size));
      } finally {
        signal.removeEventListener('abort', close);
        handles.delete(handle);
        close();
      }
    },
    async openForeign(file, signal) {
      const handle = await openForeign(file, foreign, signal);
      handles.add(handle);
      return {
        reader: handle.reader,
        close() {
          handles.delete(handle);
          handle.close();
        },
      };
    },
    slowQueries: () => [...slow],
    async close() {
      pool.close();
      for (const handle of handles) handle.close();
      await pool.gone();
    },
  };
}

const foreignWords = {
  code: 'archive-reader-stopped',
  what: 'The process that reads the archive',
  hint: 'Nothing was changed. The file may be made to do harm; ask whoever gave it to you.',
};

interface ForeignParts {
  readonly startLane: (entry: 'foreign-reader' | 'foreign-child') => Lane;
  /** @param bytes of the database */
  readonly deadlineFor: (bytes: number) => number;
}

async function openForeign(
  file: string | Promise<string>,
  { startLane, deadlineFor }: ForeignParts,
  signal: AbortSignal | undefined,
): Promise<ReaderHandle> {
  const lane = startLane('foreign-reader');
  // One process, one file: when it has died the archive is closed, and nothing is tried again behind one's back.
  const pool = new LanePool(1, () => {
    if (lane.hasEnded)
      throw operationalError({ code: foreignWords.code, message: 'The archive was closed.' });
    return lane;
  });
  try {
    const copy = await file;
    const deadlineMs = deadlineFor(statSync(copy).size);
    await pool.ask('open', { file: copy }, { signal, deadlineMs });
    return {
      reader: readerBy((method, input, asking) => pool.ask(method, input, { signal: asking, deadlineMs })),
      close: () => pool.close(),
    };
  } catch (error) {
    pool.close();
    lane.close();
    throw error;
  }
}
