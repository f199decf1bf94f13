import { basename } from 'node:path';
import { realpathSync, statSync } from 'node:fs';
import { Emitter } from '#shared/base/emitter.ts';
import { errorInfo, StemmaError, userError } from '#shared/base/errors.ts';
import type { OpenedArchive } from '#shared/contract/areas/sharing.ts';
import { clearLeftovers } from '../archive/leftovers.ts';
import { openArchiveFiles, type ArchiveFiles, type OpenFilesOptions } from '../archive/open-archive-files.ts';
import type { ReaderHandle, Readers } from '../provenance/readers.ts';

interface Entry {
  readonly shown: OpenedArchive;
  /** Tells the file from others, and from itself when it has changed; null where nothing does. */
  readonly identity: string | null;
  readonly files: ArchiveFiles;
  readonly database: ReaderHandle;
  /** Ends the look at the whole file, where that still goes on. */
  readonly checking: AbortController;
  checked: Promise<void>;
}

/** Each costs a process, a thread and a copy of its database. */
const most = 8;
/** Sentences that are shown of one. */
const mostNotes = 50;

/**
 * Bytes of a database from which on the first page does not wait for the look at the whole file, which takes some
 * milliseconds a MB: docs/decisions/a-large-archive-is-checked-while-it-shows.md.
 */
const largeDatabase = 32e6;

/** The archives that are open without being imported; each is a source that every reading call takes. */
export class OpenArchives {
  readonly changes = new Emitter<void>();
  readonly #readers: Readers;
  readonly #cache: string;
  readonly #now: () => number;
  readonly #largeDatabase: number;
  readonly #entries = new Map<string, Entry>();
  readonly #underWay = new Map<string, Promise<OpenedArchive>>();
  #next = 1;
  #cleared: Promise<void> | null = null;
  #opening = 0;
  #closed = false;

  /** @param large bytes of a database from which on it is looked through while it shows */
  constructor(readers: Readers, cache: string, now: () => number, large = largeDatabase) {
    this.#readers = readers;
    this.#cache = cache;
    this.#now = now;
    this.#largeDatabase = large;
  }

  list(): readonly OpenedArchive[] {
    return [...this.#entries.values()].map(({ shown }) => shown);
  }

  /**
   * Opens a file, once: one that is open already, and has not changed since, is that one.
   * @param handle by which a window knows the file
   * @throws StemmaError `too-many-archives`, and for whatever makes the file no archive
   */
  async open(file: string, handle: string, options: OpenFilesOptions = {}): Promise<OpenedArchive> {
    if (this.#closed) throw closing();
    const identity = identityOf(file);
    if (identity === null) return this.#openCounted(file, handle, null, options);
    for (
      let other = this.#underWay.get(identity);
      other !== undefined;
      other = this.#underWay.get(identity)
    ) {
      options.onProgress?.({ done: 0, total: null, unit: 'steps', words: 'It is being opened already' });
      // whether it was opened, refused or cancelled there is seen below
      await settled(other, options.signal);
    }
    const open = [...this.#entries.values()].find(
      (entry) => entry.identity === identity && entry.shown.damage === null,
    );
    if (open !== undefined) return open.shown;
    const opening = this.#openCounted(file, handle, identity, options);
    this.#underWay.set(identity, opening);
    try {
      return await opening;
    } finally {
      this.#underWay.delete(identity);
    }
  }

  async #openCounted(
    file: string,
    handle: string,
    identity: string | null,
    options: OpenFilesOptions,
  ): Promise<OpenedArchive> {
    if (this.#entries.size + this.#opening >= most) {
      throw userError({
        code: 'too-many-archives',
        message: `${most} archives are open; no more can be opened at once.`,
        hint: 'Close one of them.',
      });
    }
    this.#opening++;
    try {
      return await this.#open(file, handle, identity, options);
    } finally {
      this.#opening--;
    }
  }

  async #open(
    file: string,
    handle: string,
    identity: string | null,
    { onProgress = () => {}, signal }: OpenFilesOptions,
  ): Promise<OpenedArchive> {
    await this.clear();
    const opening = openArchiveFiles(file, this.#cache, { onProgress, signal });
    const copy = opening.then(({ contents }) => {
      onProgress({ done: 0, total: null, unit: 'steps', words: 'Checking its database' });
      return contents.database;
    });
    // its process starts while the database is unpacked
    const reading = this.#readers.openForeign(copy, signal);
    reading.catch(() => {});
    const files = await opening;
    let database: ReaderHandle | null = null;
    const checking = new AbortController();
    try {
      database = await reading;
      const isLarge = statSync(files.contents.database).size >= this.#largeDatabase;
      const check = (): Promise<void> => this.#readers.checkForeign(files.contents.database, checking.signal);
      if (!isLarge) await abortedWith(signal, checking, check);
      onProgress({ done: 0, total: null, unit: 'steps', words: 'Counting what is in it' });
      const counts = await database.reader.counts(null, signal);
      if (this.#closed) throw closing();
      const { says, files: count, notes } = files.contents;
      const shown: OpenedArchive = {
        source: `archive-${this.#next++}`,
        name: basename(file),
        file: handle,
        info: { ...says, ...counts, files: count },
        notes: notes.slice(0, mostNotes),
        damage: null,
        opened: this.#now(),
      };
      const entry: Entry = { shown, identity, files, database, checking, checked: Promise.resolve() };
      this.#entries.set(shown.source, entry);
      this.#readers.addSource(shown.source, { reader: database.reader, objects: files });
      if (isLarge) entry.checked = this.#checkLater(entry, check());
      this.changes.emit();
      return shown;
    } catch (error) {
      database?.close();
      await files.close();
      throw error;
    }
  }

  /** What the look finds ends the reading: a window that shows a page of it is told why. */
  async #checkLater(entry: Entry, check: Promise<void>): Promise<void> {
    const { source } = entry.shown;
    try {
      await check;
    } catch (error) {
      if (entry.checking.signal.aborted || this.#entries.get(source) !== entry) return;
      const damage = errorInfo(error);
      this.#entries.set(source, { ...entry, shown: { ...entry.shown, damage } });
      this.#readers.removeSource(source, new StemmaError(damage));
      entry.database.close();
      this.changes.emit();
    }
  }

  /** Takes away what a crash has left, once; each opening waits for it. A failure is told, and tried again by the next. */
  async clear(): Promise<void> {
    this.#cleared ??= clearLeftovers(this.#cache, ['browse']);
    try {
      await this.#cleared;
    } catch (thrown) {
      this.#cleared = null;
      throw thrown;
    }
  }

  /** One that is not open is closed already. */
  async close(source: string): Promise<void> {
    const entry = this.#entries.get(source);
    if (entry === undefined) return;
    this.#entries.delete(source);
    this.#readers.removeSource(source);
    this.changes.emit();
    entry.checking.abort();
    entry.database.close();
    await entry.checked;
    await entry.files.close();
  }

  /** No other can be opened after that. */
  async closeAll(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#entries.keys()].map((source) => this.close(source)));
  }
}

const closing = (): Error => userError({ code: 'cancelled', message: 'Stemma is closing.' });

/** Of a file. Of a folder, whose parts may change without it, there is none; nor of what cannot be looked at. */
function identityOf(file: string): string | null {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(file);
    return statSync(file).isFile() ? [realpathSync(file), dev, ino, size, mtimeMs, ctimeMs].join(' ') : null;
  } catch {
    // opening says what is wrong with it
    return null;
  }
}

/** Waits until it is settled, or the signal aborts. @throws the reason of the signal */
async function settled(other: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal?.reason as Error);
  signal?.addEventListener('abort', onAbort);
  try {
    await Promise.race([other.catch(() => {}), aborted.promise]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Does the work, which `inner` ends when the outer signal aborts. @throws the reason of the signal */
async function abortedWith(
  signal: AbortSignal | undefined,
  inner: AbortController,
  work: () => Promise<void>,
): Promise<void> {
  signal?.throwIfAborted();
  const onAbort = (): void => inner.abort();
  signal?.addEventListener('abort', onAbort);
  try {
    await work();
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}
