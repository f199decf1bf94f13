import type Database from 'better-sqlite3';
import { SearchIndex } from './search-index.ts';
import { isBusy, translated } from './sqlite-errors.ts';

export interface IndexerOptions {
  /** Milliseconds after a write until the index follows; negative: never. */
  readonly afterMs: number;
  readonly onError: (error: unknown) => void;
}

/** Between two slices, so that everything else gets its turn; and after the disk was full. */
const breatheMs = 10;
const retryMs = 30_000;

/** Runs the slices of the search index when nobody waits for the writer. One slice takes about 5 ms. */
export class SearchIndexer {
  readonly #index: SearchIndex;
  #options: IndexerOptions;
  #timer: NodeJS.Timeout | null = null;

  constructor(db: Database.Database, options: IndexerOptions) {
    this.#index = new SearchIndex(db);
    this.#options = options;
  }

  wake(): void {
    if (this.#options.afterMs >= 0) this.#schedule(this.#options.afterMs);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#options = { ...this.#options, afterMs: -1 };
  }

  #schedule(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#run();
    }, ms).unref();
  }

  #run(): void {
    try {
      if (this.#index.slice()) this.#schedule(breatheMs);
    } catch (thrown) {
      const error = translated(thrown);
      // An import writes: it goes on when that has ended. Anything else is told, and tried again later.
      if (!isBusy(error)) this.#options.onError(error);
      this.#schedule(isBusy(error) ? this.#options.afterMs : retryMs);
    }
  }
}
