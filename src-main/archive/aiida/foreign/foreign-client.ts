import { deserialize } from 'node:v8';
import { Lane } from '../../../isolate/lane.ts';
import type { Peer } from '../../../isolate/peer.ts';
import type { ForeignQuestion, ForeignQuestions } from './protocol.ts';
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

  /** All rows of a table, a page at a time; never more than a page in memory. */
  async *pages(table: ForeignTable): AsyncGenerator<readonly (readonly Cell[])[]> {
    for (let after: number | null = Number.MIN_SAFE_INTEGER; after !== null;) {
      const page: ForeignQuestions['page']['answer'] = await this.#ask('page', { table, after });
      if (page.count > 0) yield deserialize(page.rows) as Cell[][];
      after = page.last;
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
