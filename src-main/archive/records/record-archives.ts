import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { StartChild } from '../../isolate/peer.ts';
import { cacheFolders, clearLeftovers } from '../leftovers.ts';
import { convertRecords, type RecordsSummary } from './convert-records.ts';

/** An archive that was made of records, and what is in it. */
export interface RecordArchive {
  readonly summary: RecordsSummary;
  /** In the cache of the profile. */
  readonly file: string;
}

interface Entry {
  readonly made: Promise<RecordArchive>;
  readonly folder: string;
}

/** Each takes as much room as its records: the oldest goes when there is another. */
const most = 4;

/** The archives that were made of the records of other systems, until the profile is closed. */
export class RecordArchives {
  readonly #cache: string;
  readonly #startChild: StartChild | undefined;
  readonly #entries = new Map<string, Entry>();
  #cleared: Promise<void> | null = null;

  constructor(cache: string, startChild: StartChild | undefined) {
    this.#cache = cache;
    this.#startChild = startChild;
  }

  /**
   * The same archive for the same key; one that failed or was cancelled is read again.
   * @param place the folder or file of the other system
   * @throws StemmaError what {@link convertRecords} throws
   */
  async read(key: string, place: string, signal: AbortSignal): Promise<RecordArchive> {
    const known = this.#entries.get(key);
    if (known !== undefined) return known.made;
    this.#cleared ??= clearLeftovers(this.#cache, ['records']);
    await this.#cleared;
    await mkdir(this.#cache, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(path.join(this.#cache, cacheFolders.records));
    // what it is called in the window, and the group that an import makes
    const target = path.join(folder, `${path.basename(place).replace(/\.[^.]+$/, '') || 'records'}.aiida`);
    const made = convertRecords({ place, target }, signal, this.#startChild).then((summary) => ({
      summary,
      file: target,
    }));
    const entry: Entry = { made, folder };
    this.#entries.set(key, entry);
    try {
      const archive = await made;
      await this.#forgetOldest();
      return archive;
    } catch (error) {
      await this.#forget(key, entry);
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries].map(([key, entry]) => this.#forget(key, entry)));
  }

  async #forgetOldest(): Promise<void> {
    const old = [...this.#entries].slice(0, Math.max(0, this.#entries.size - most));
    for (const [key, entry] of old) await this.#forget(key, entry);
  }

  async #forget(key: string, entry: Entry): Promise<void> {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    await rm(entry.folder, { recursive: true, force: true });
  }
}
