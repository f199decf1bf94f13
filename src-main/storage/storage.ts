import { Worker } from 'node:worker_threads';
import { operationalError, StemmaError } from '#shared/base/errors.ts';
import type {
  Deletion,
  DeletionSelection,
  FreeReport,
  StorageReport,
} from '#shared/contract/areas/storage.ts';
import type { Progress } from '#shared/contract/common.ts';
import { entryPoint } from '../isolate/entry-points.ts';
import type { SharedRepository } from '../repository/repository.ts';
import type { RestoreReport } from './restore-nodes.ts';
import type {
  FromStorageWorker,
  StorageResults,
  StorageTask,
  StorageWorkerData,
  ToStorageWorker,
} from './tasks.ts';

export interface StorageProfile {
  readonly database: string;
  readonly repository: SharedRepository;
  /** Called when another connection has changed the database. */
  readonly onChanged: () => void;
}

export interface StorageOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The storage room as the main thread sees it: what takes long is done in a thread, which a signal ends. */
export interface Storage {
  /** @throws StemmaError `deletion-outdated`, `deletion-refused`, `node-missing`, `database-busy`; nothing is gone then */
  delete(
    what: { readonly selection: DeletionSelection; readonly digest: string },
    options?: StorageOptions,
  ): Promise<Deletion>;
  /** @throws StemmaError `deletion-missing`, `restore-refused`, `database-busy` */
  restore(uuid: string, options?: StorageOptions): Promise<RestoreReport>;
  /** @returns how many nodes cannot be restored any more */
  forget(uuids: readonly string[], options?: StorageOptions): Promise<number>;
  report(options?: StorageOptions): Promise<StorageReport>;
  /** @throws StemmaError `disk-short`, when files are gone already but their room stays inside of the index */
  free(options?: StorageOptions): Promise<FreeReport>;
}

/** Each task is a thread with its own connection; `onChanged` follows every one that may have written. */
export function makeStorage(profile: StorageProfile): Storage {
  const run = async <K extends keyof StorageResults>(
    task: StorageTask & { readonly kind: K },
    options: StorageOptions = {},
  ): Promise<StorageResults[K]> => {
    const result = await runTask<StorageResults[K]>(task, profile, options);
    profile.onChanged();
    return result;
  };
  return {
    delete: (what, options) => run({ kind: 'delete', ...what }, options),
    restore: (uuid, options) => run({ kind: 'restore', uuid }, options),
    forget: (uuids, options) => run({ kind: 'forget', uuids }, options),
    report: (options = {}) => runTask<StorageReport>({ kind: 'report' }, profile, options),
    free: (options = {}) => runTask<FreeReport>({ kind: 'free' }, profile, options),
  };
}

async function runTask<T extends StorageResults[keyof StorageResults]>(
  task: StorageTask,
  { database, repository }: StorageProfile,
  { onProgress, signal }: StorageOptions,
): Promise<T> {
  signal?.throwIfAborted();
  const files = repository.port();
  const data: StorageWorkerData = { task, database, repositoryRoot: repository.root, files };
  const worker = new Worker(entryPoint('storage-worker'), {
    workerData: data,
    transferList: [files],
    name: `storage ${task.kind}`,
  });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  const onAbort = (): void => worker.postMessage({ kind: 'cancel' } satisfies ToStorageWorker);
  signal?.addEventListener('abort', onAbort);
  try {
    return await outcome<T>(worker, onProgress);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // it ends itself: one that is stopped while SQLite is at work in it takes the process with it
    await ended;
  }
}

function outcome<T>(worker: Worker, onProgress: StorageOptions['onProgress']): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    worker.on('message', (message: FromStorageWorker) => {
      if (message.kind === 'progress') onProgress?.(message.progress);
      else if (message.kind === 'done') resolve(message.value as T);
      else reject(new StemmaError(message.error));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(threadEnded));
  });
}

const threadEnded = operationalError({
  code: 'storage-thread-stopped',
  message: 'The thread that worked on the stored nodes has stopped.',
  hint: 'Nothing was changed. Try again.',
});
