import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type Database from 'better-sqlite3';
import { entryPoint } from '../isolate/entry-points.ts';

/** Bytes in the log from which on they are copied into the database: about SQLite's 1000 pages. */
const copyFrom = 4 * 1024 * 1024;

/** Milliseconds without a commit after which the log is emptied. */
const quietMs = 30_000;

const lookEveryMs = 250;

export interface CheckpointWorkerData {
  readonly file: string;
  /** Not 0 once the thread is not needed any more: it need not open the file. */
  readonly closing: Int32Array<SharedArrayBuffer>;
}

export type CheckpointAsk = 'copy' | 'close';

export interface CheckpointOptions {
  /** Without a commit for so long, the log is cut. */
  readonly quietMs?: number;
  /** Hears of a checkpoint that failed; the next one tries again. */
  readonly onError?: (error: Error) => void;
}

/**
 * Keeps the write-ahead log short without a commit ever waiting for it: a thread copies pages while the writer goes on,
 * and when nothing has been written for a while the writer cuts the log to nothing, which costs no copying then.
 */
export class Checkpoints {
  readonly #db: Database.Database;
  readonly #log: string;
  readonly #quietMs: number;
  readonly #onError: (error: Error) => void;
  #worker: Worker | null = null;
  #copying = false;
  #look: NodeJS.Timeout | null = null;
  #quiet: NodeJS.Timeout | null = null;
  #closed = false;
  readonly #closing = new Int32Array(new SharedArrayBuffer(4));

  constructor(db: Database.Database, options: CheckpointOptions = {}) {
    this.#db = db;
    this.#log = `${db.name}-wal`;
    this.#quietMs = options.quietMs ?? quietMs;
    this.#onError = options.onError ?? (() => {});
  }

  /** Called after each commit; costs nothing but a timer. */
  noteCommit(): void {
    if (this.#closed) return;
    this.#look ??= this.#later(lookEveryMs, () => {
      this.#look = null;
      this.#lookAtLog();
    });
    this.#quiet ??= this.#later(this.#quietMs, () => this.#emptyLog());
    this.#quiet.refresh();
  }

  get logBytes(): number {
    return statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0;
  }

  /**
   * Lets the thread end by itself: one that is stopped while it loads the library of SQLite takes the whole process with
   * it. The last connection that closes copies what is left.
   */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#look !== null) clearTimeout(this.#look);
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    Atomics.store(this.#closing, 0, 1);
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => {
      worker.once('exit', () => resolve());
    });
    worker.ref();
    worker.postMessage('close' satisfies CheckpointAsk);
    await ended;
  }

  #later(ms: number, run: () => void): NodeJS.Timeout {
    return setTimeout(run, ms).unref();
  }

  #lookAtLog(): void {
    if (!this.#copying && this.logBytes >= copyFrom) this.#copy();
  }

  #copy(): void {
    this.#worker ??= this.#start();
    this.#copying = true;
    this.#worker.postMessage('copy' satisfies CheckpointAsk);
  }

  #start(): Worker {
    const workerData: CheckpointWorkerData = { file: this.#db.name, closing: this.#closing };
    const worker = new Worker(entryPoint('checkpoint-worker'), { workerData });
    worker.unref();
    const ended = (problem: string | null): void => {
      this.#copying = false;
      if (problem !== null && !this.#closed) this.#onError(new Error(`A checkpoint failed: ${problem}`));
    };
    worker.on('message', (problem: string | null) => ended(problem));
    worker.on('error', (error) => {
      this.#worker = null;
      ended(error.message);
    });
    return worker;
  }

  #emptyLog(): void {
    this.#quiet = null;
    if (this.#closed || this.#db.inTransaction) return;
    if (this.logBytes === 0) return;
    try {
      const [result] = this.#db.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[];
      // Somebody reads an old state, or writes: once more after the same time.
      if (result?.busy !== 0) this.noteCommit();
    } catch (error) {
      this.#onError(error instanceof Error ? error : new Error(String(error)));
      this.noteCommit();
    }
  }
}
