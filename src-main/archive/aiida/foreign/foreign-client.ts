import { deserialize } from 'node:v8';
import { Lane } from '../../../isolate/lane.ts';
import { letGoOf } from '../../../isolate/lean-heap.ts';
import type { Peer } from '../../../isolate/peer.ts';
import type { ForeignPage, ForeignQuestion, ForeignQuestions } from './protocol.ts';
import type { Cell, ForeignCounts, ForeignTable } from './tables.ts';

export interface ForeignLimits {
  /** Milliseconds for opening and checking, and for counting. */
  readonly openMs: number;
  /** For one page of rows. */
  readonly pageMs: number;
  /** What the process may have resident; beyond it, it is ended. */
  readonly memoryBytes: number;
}

/** Checking reads the whole file; 10 MB a second is slower than any disk. */
export const limitsFor = (databaseBytes: number): ForeignLimits => ({
  openMs: 60_000 + databaseBytes / 10_000,
  pageMs: 60_000,
  memoryBytes: 1_500_000_000,
});

const words = {
  code: 'archive-reader-stopped',
  what: 'The process that reads the database of the archive',
  hint: 'Nothing was changed. The file may be made to do harm; ask whoever gave it to you.',
};

/** Asks the child process, which is ended where it takes more than its share. */
export class ForeignClient {
  readonly #lane: Lane;
  readonly #limits: ForeignLimits;

  constructor(child: Peer, limits: ForeignLimits) {
    this.#lane = new Lane(child, { deadlineMs: limits.pageMs, memoryBytes: limits.memoryBytes }, words);
    this.#limits = limits;
  }

  async open(file: string): Promise<void> {
    await this.#ask('open', { file }, this.#limits.openMs);
  }

  counts(): Promise<ForeignCounts> {
    return this.#ask('counts', null, this.#limits.openMs);
  }

  /** All rows of a table, a page at a time; never more than two in memory. */
  async *pages(table: ForeignTable): AsyncGenerator<readonly (readonly Cell[])[]> {
    const read = (after: number): Promise<ForeignPage> => this.#ask('page', { table, after });
    let next: Promise<ForeignPage> | null = read(Number.MIN_SAFE_INTEGER);
    try {
      while (next !== null) {
        const page: ForeignPage = await next;
        // the child reads the next one while this one is worked on
        next = page.last === null ? null : read(page.last);
        // an error is heard by whoever wants that page
        next?.catch(() => undefined);
        if (page.count > 0) yield deserialize(page.rows) as Cell[][];
        // the bytes, and as much for the message that they came in
        letGoOf(page.rows.length * 2);
      }
    } finally {
      // who leaves early may ask something else
      await next?.catch(() => undefined);
    }
  }

  close(): void {
    this.#lane.close();
  }

  #ask<Name extends ForeignQuestion>(
    name: Name,
    input: ForeignQuestions[Name]['input'],
    deadlineMs?: number,
  ): Promise<ForeignQuestions[Name]['answer']> {
    return this.#lane.ask(name, input, deadlineMs) as Promise<ForeignQuestions[Name]['answer']>;
  }
}
