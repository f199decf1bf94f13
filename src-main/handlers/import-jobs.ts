import { Emitter } from '#shared/base/emitter.ts';
import { errorInfo } from '#shared/base/errors.ts';
import type { ImportJob } from '#shared/contract/areas/imports.ts';
import type { FileHandle, ImportReport } from '#shared/contract/areas/sharing.ts';
import type { Progress } from '#shared/contract/common.ts';

/** What an import tells while it works, and at its end. */
export type ImportItem =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly report: ImportReport };

interface Entry {
  job: ImportJob;
  readonly abort: AbortController;
  /** When its present step began to be told, and where it stood. */
  step: { readonly words: string; readonly at: number; readonly done: number } | null;
}

/** Ended ones that are still listed. */
const remembered = 10;
/** A rate is not told before so much of a step has passed: it would jump. */
const steadyMs = 500;

/** The imports that people began: each goes on in the core when its window has gone, one after the other. */
export class ImportJobs {
  readonly changes = new Emitter<void>();
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  #last: Promise<void> = Promise.resolve();
  #next = 1;

  constructor(now: () => number) {
    this.#now = now;
  }

  list(): readonly ImportJob[] {
    return [...this.#entries.values()].map(({ job }) => job);
  }

  /** @returns how to name it; the work begins when those before it have ended */
  begin(file: FileHandle, run: (signal: AbortSignal) => AsyncIterable<ImportItem>): string {
    const id = String(this.#next++);
    const job: ImportJob = {
      id,
      file,
      state: 'waiting',
      progress: null,
      rate: null,
      report: null,
      error: null,
      started: this.#now(),
    };
    const entry: Entry = { job, abort: new AbortController(), step: null };
    this.#entries.set(id, entry);
    this.changes.emit();
    const before = this.#last;
    this.#last = before.then(() => this.#run(entry, run));
    return id;
  }

  cancel(id: string): void {
    const entry = this.#entries.get(id);
    entry?.abort.abort();
    if (entry?.job.state === 'waiting') this.#set(entry, { state: 'cancelled' });
  }

  /** Cancels all, and waits until each has let go of the profile. */
  async close(): Promise<void> {
    for (const { abort } of this.#entries.values()) abort.abort();
    await this.#last;
  }

  /** Never fails: how it ended is in the job. */
  async #run(entry: Entry, run: (signal: AbortSignal) => AsyncIterable<ImportItem>): Promise<void> {
    const { signal } = entry.abort;
    let report: ImportReport | null = null;
    try {
      signal.throwIfAborted();
      this.#set(entry, { state: 'running' });
      for await (const item of run(signal)) {
        if (item.kind === 'done') report = item.report;
        else this.#progress(entry, item.progress);
      }
      // a stream without a result was cancelled, here or in the panel of tasks
      this.#set(entry, report === null ? { state: 'cancelled' } : { state: 'done', report });
    } catch (thrown) {
      const error = errorInfo(thrown);
      const cancelled = signal.aborted || error.code === 'cancelled';
      this.#set(entry, cancelled ? { state: 'cancelled' } : { state: 'failed', error });
    }
    this.#forgetOld();
  }

  #forgetOld(): void {
    const ended = [...this.#entries.values()].filter(
      ({ job }) => job.state !== 'waiting' && job.state !== 'running',
    );
    const old = ended.slice(0, Math.max(0, ended.length - remembered));
    for (const { job } of old) this.#entries.delete(job.id);
    if (old.length > 0) this.changes.emit();
  }

  #progress(entry: Entry, progress: Progress): void {
    const at = this.#now();
    if (entry.step?.words !== progress.words) entry.step = { words: progress.words, at, done: progress.done };
    const passed = at - entry.step.at;
    const rate = passed < steadyMs ? null : ((progress.done - entry.step.done) * 1000) / passed;
    this.#set(entry, { progress, rate });
  }

  #set(entry: Entry, change: Partial<ImportJob>): void {
    entry.job = { ...entry.job, ...change };
    this.changes.emit();
  }
}
