import { basename } from 'node:path';
import { Emitter } from '#shared/base/emitter.ts';
import { userError } from '#shared/base/errors.ts';
import type { OpenedArchive } from '#shared/contract/areas/sharing.ts';
import { clearLeftovers } from '../archive/leftovers.ts';
import { openArchiveFiles, type ArchiveFiles, type OpenFilesOptions } from '../archive/open-archive-files.ts';
import type { ReaderHandle, Readers } from '../provenance/readers.ts';

interface Entry {
  readonly shown: OpenedArchive;
  readonly files: ArchiveFiles;
  readonly database: ReaderHandle;
}

/** Each costs a process, a thread and a copy of its database. */
const most = 8;
/** Sentences that are shown of one. */
const mostNotes = 50;

/** The archives that are open without being imported; each is a source that every reading call takes. */
export class OpenArchives {
  readonly changes = new Emitter<void>();
  readonly #readers: Readers;
  readonly #cache: string;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  #next = 1;
  #cleared: Promise<void> | null = null;
  #opening = 0;
  #closed = false;

  constructor(readers: Readers, cache: string, now: () => number) {
    this.#readers = readers;
    this.#cache = cache;
    this.#now = now;
  }

  list(): readonly OpenedArchive[] {
    return [...this.#entries.values()].map(({ shown }) => shown);
  }

  /**
   * @param handle by which a window knows the file
   * @throws StemmaError `too-many-archives`, and for whatever makes the file no archive
   */
  async open(file: string, handle: string, options: OpenFilesOptions = {}): Promise<OpenedArchive> {
    if (this.#closed) throw closing();
    if (this.#entries.size + this.#opening >= most) {
      throw userError({
        code: 'too-many-archives',
        message: `${most} archives are open; no more can be opened at once.`,
        hint: 'Close one of them.',
      });
    }
    this.#opening++;
    try {
      return await this.#open(file, handle, options);
    } finally {
      this.#opening--;
    }
  }

  async #open(
    file: string,
    handle: string,
    { onProgress = () => {}, signal }: OpenFilesOptions,
  ): Promise<OpenedArchive> {
    await this.clear();
    const files = await openArchiveFiles(file, this.#cache, { onProgress, signal });
    let database: ReaderHandle | null = null;
    try {
      onProgress({ done: 0, total: null, unit: 'steps', words: 'Checking its database' });
      database = await this.#readers.openForeign(files.contents.database, signal);
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
        opened: this.#now(),
      };
      this.#entries.set(shown.source, { shown, files, database });
      this.#readers.addSource(shown.source, { reader: database.reader, objects: files });
      this.changes.emit();
      return shown;
    } catch (error) {
      database?.close();
      await files.close();
      throw error;
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
    entry.database.close();
    await entry.files.close();
  }

  /** No other can be opened after that. */
  async closeAll(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#entries.keys()].map((source) => this.close(source)));
  }
}

const closing = (): Error => userError({ code: 'cancelled', message: 'Stemma is closing.' });
