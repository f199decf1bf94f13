import { Worker, type TransferListItem } from 'node:worker_threads';
import { StemmaError, type ErrorInfo } from '#shared/base/errors.ts';
import type { Progress } from '#shared/contract/common.ts';
import { entryPoint, type EntryPoint } from './entry-points.ts';
import { youngMb } from './lean-heap.ts';

/** What a thread that does one piece of work says. */
export type FromTask =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: ErrorInfo };

/** The only message to it: stop. */
export type ToTask = { readonly kind: 'cancel' };

export interface TaskThread {
  readonly entry: EntryPoint;
  /** For people who look at threads. */
  readonly name: string;
  readonly data: object;
  readonly transfer: readonly TransferListItem[];
  /** What to say where the thread ends without a word. */
  readonly stopped: StemmaError;
}

export interface TaskOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Does one piece of work in a thread of its own, which a signal asks to stop. Settles when the thread is gone. */
export async function runInThread(
  { entry, name, data, transfer, stopped }: TaskThread,
  { onProgress, signal }: TaskOptions,
): Promise<unknown> {
  const worker = new Worker(entryPoint(entry), {
    workerData: data,
    transferList: [...transfer],
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
    name,
  });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  const onAbort = (): void => worker.postMessage({ kind: 'cancel' } satisfies ToTask);
  signal?.addEventListener('abort', onAbort);
  try {
    return await new Promise<unknown>((resolve, reject) => {
      worker.on('message', (message: FromTask) => {
        if (message.kind === 'progress') onProgress?.(message.progress);
        else if (message.kind === 'done') resolve(message.value);
        else reject(new StemmaError(message.error));
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(stopped));
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // it ends itself: one that is stopped while SQLite is at work in it takes the process with it
    await ended;
  }
}
