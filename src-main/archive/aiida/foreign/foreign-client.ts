import { deserialize } from 'node:v8';
import { operationalError, StemmaError } from '#shared/base/errors.ts';
import type { ForeignReplies, ForeignReply, ForeignRequest } from './protocol.ts';
import type { ForeignChild } from './start-child.ts';
import type { Cell, ForeignCounts, ForeignTable } from './tables.ts';

export interface TimeLimits {
  /** Milliseconds for opening and checking, and for counting. */
  readonly open: number;
  /** For one page of rows. */
  readonly page: number;
}

/** Checking reads the whole file; 10 MB a second is slower than any disk. */
export const timeLimits = (databaseBytes: number): TimeLimits => ({
  open: 60_000 + databaseBytes / 10_000,
  page: 60_000,
});

/** Asks the child process, and ends it where it does not answer in time. */
export class ForeignClient {
  readonly #child: ForeignChild;
  readonly #limits: TimeLimits;
  #waiting: PromiseWithResolvers<ForeignReply> | null = null;
  #ended: StemmaError | null = null;

  constructor(child: ForeignChild, limits: TimeLimits) {
    this.#child = child;
    this.#limits = limits;
    child.onReply((reply) => {
      this.#waiting?.resolve(reply);
    });
    child.onExit(() => this.#end(stopped('it ended by itself')));
  }

  async open(file: string): Promise<void> {
    await this.#ask({ kind: 'open', file }, this.#limits.open);
  }

  counts(): Promise<ForeignCounts> {
    return this.#ask({ kind: 'counts' }, this.#limits.open);
  }

  /** All rows of a table, a page at a time; never more than a page in memory. */
  async *pages(table: ForeignTable): AsyncGenerator<readonly (readonly Cell[])[]> {
    for (let after: number | null = Number.MIN_SAFE_INTEGER; after !== null;) {
      const page: ForeignReplies['page'] = await this.#ask({ kind: 'page', table, after }, this.#limits.page);
      if (page.count > 0) yield deserialize(page.rows) as Cell[][];
      after = page.last;
    }
  }

  close(): void {
    this.#end(stopped('it was closed'));
    this.#child.kill();
  }

  async #ask<K extends keyof ForeignReplies>(
    request: ForeignRequest & { readonly kind: K },
    limitMs: number,
  ): Promise<ForeignReplies[K]> {
    if (this.#ended !== null) throw this.#ended;
    const waiting = Promise.withResolvers<ForeignReply>();
    this.#waiting = waiting;
    const timer = setTimeout(() => {
      this.#end(stopped(`it gave no answer for ${Math.round(limitMs / 1000)} s`));
      this.#child.kill();
    }, limitMs);
    try {
      this.#child.send(request);
      const reply = await waiting.promise;
      if (!reply.ok) throw new StemmaError(reply.error);
      return reply.value as ForeignReplies[K];
    } finally {
      clearTimeout(timer);
      this.#waiting = null;
    }
  }

  #end(reason: StemmaError): void {
    this.#ended ??= reason;
    this.#waiting?.reject(this.#ended);
  }
}

const stopped = (why: string): StemmaError =>
  operationalError({
    code: 'archive-reader-stopped',
    message: `The process that reads the database of the archive was stopped: ${why}.`,
    hint: 'Nothing was changed. The file may be made to do harm; ask whoever gave it to you.',
  });
