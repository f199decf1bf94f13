import { operationalError } from '#shared/base/errors.ts';
import type { Purge, PurgePreview, PurgeSelection } from '#shared/contract/areas/purges.ts';
import type { Deletion, FreeReport, StorageReport } from '#shared/contract/areas/storage.ts';
import { runInThread, type TaskOptions } from '../isolate/task-thread.ts';
import { openReader } from '../provenance/database.ts';
import type { SharedRepository } from '../repository/repository.ts';
import type { PurgeRequest } from './purge-content.ts';
import type { PurgeRestored } from './purge-records.ts';
import type { RestoreReport } from './restore-nodes.ts';
import type { DeletionChoice } from './rules.ts';
import type { StorageResults, StorageTask, StorageWorkerData } from './tasks.ts';

export interface StorageProfile {
  readonly database: string;
  readonly repository: SharedRepository;
  /** Called when another connection has changed the database. */
  readonly onChanged: () => void;
}

/** The storage room as the main thread sees it: what takes long is done in a thread, which a signal ends. */
export interface Storage {
  /** @throws StemmaError `deletion-outdated`, `deletion-refused`, `node-missing`, `database-busy`; nothing is gone then */
  delete(
    what: { readonly selection: DeletionChoice; readonly digest: string },
    options?: TaskOptions,
  ): Promise<Deletion>;
  /** @throws StemmaError `deletion-missing`, `restore-refused`, `database-busy` */
  restore(uuid: string, options?: TaskOptions): Promise<RestoreReport>;
  /** @param which null for all of them @returns how many nodes cannot be restored any more */
  forget(which: readonly string[] | null, options?: TaskOptions): Promise<number>;
  report(options?: TaskOptions): Promise<StorageReport>;
  /** One that is cancelled tells what it has done by then. */
  free(options?: TaskOptions): Promise<FreeReport>;
  /** What the content of files is purged of, exactly. @throws StemmaError `node-missing`, `group-missing` */
  previewPurge(selection: PurgeSelection, options?: TaskOptions): Promise<PurgePreview>;
  /** @throws StemmaError `purge-outdated`, `purge-empty`, `database-busy`; nothing is purged then */
  purge(what: PurgeRequest, options?: TaskOptions): Promise<Purge>;
  /** @throws StemmaError `purge-missing`, `database-busy` */
  restorePurge(uuid: string, options?: TaskOptions): Promise<PurgeRestored>;
  /** @returns how much cannot be restored any more, and goes when space is freed */
  forgetPurges(
    uuids: readonly string[],
    options?: TaskOptions,
  ): Promise<{ readonly files: number; readonly bytes: number }>;
  /** Takes back what a crash interrupted. Once, before anything else works with the profile. */
  settle(): Promise<void>;
}

/** Each task is a thread with its own connection; `onChanged` follows each that may have written, however it has ended. */
export function makeStorage(profile: StorageProfile): Storage {
  const run = async <K extends keyof StorageResults>(
    task: StorageTask & { readonly kind: K },
    options: TaskOptions = {},
  ): Promise<StorageResults[K]> => {
    try {
      return await runTask<StorageResults[K]>(task, profile, options);
    } finally {
      // also where it failed: it may have committed before
      profile.onChanged();
    }
  };
  // whoever frees space must see either none of a purge or all of it
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <K extends keyof StorageResults>(
    task: StorageTask & { readonly kind: K },
    options?: TaskOptions,
  ): Promise<StorageResults[K]> => {
    const mine = last.then(() => run<K>(task, options));
    last = mine.catch(() => undefined); // its caller hears of it
    return mine;
  };
  return {
    delete: (what, options) => run({ kind: 'delete', ...what }, options),
    restore: (uuid, options) => run({ kind: 'restore', uuid }, options),
    forget: (which, options) => run({ kind: 'forget', which }, options),
    report: (options = {}) => runTask<StorageReport>({ kind: 'report' }, profile, options),
    free: (options) => inTurn({ kind: 'free' }, options),
    previewPurge: (selection, options = {}) =>
      runTask<PurgePreview>({ kind: 'preview-purge', selection }, profile, options),
    purge: (what, options) => inTurn({ kind: 'purge', ...what }, options),
    restorePurge: (uuid, options) => inTurn({ kind: 'restore-purge', uuid }, options),
    forgetPurges: (uuids, options) => inTurn({ kind: 'forget-purges', uuids }, options),
    async settle() {
      if (hasInterruptedPurge(profile.database)) await inTurn({ kind: 'settle-purges' });
    },
  };
}

async function runTask<T extends StorageResults[keyof StorageResults]>(
  task: StorageTask,
  { database, repository }: StorageProfile,
  options: TaskOptions,
): Promise<T> {
  options.signal?.throwIfAborted();
  const files = repository.port();
  const data: StorageWorkerData = { task, database, repositoryRoot: repository.root, files };
  const thread = {
    entry: 'storage-worker',
    name: `storage ${task.kind}`,
    data,
    transfer: [files],
    stopped: threadEnded,
  } as const;
  return (await runInThread(thread, options)) as T;
}

/** A purge that a crash interrupted: seldom, so nothing is started to look for one. */
function hasInterruptedPurge(database: string): boolean {
  const db = openReader(database);
  try {
    return db.prepare(`SELECT 1 FROM purges WHERE state = 'begun'`).get() !== undefined;
  } finally {
    db.close();
  }
}

const threadEnded = operationalError({
  code: 'storage-thread-stopped',
  message: 'The thread that worked on the stored nodes has stopped.',
  hint: 'What it had finished holds, and the rest is as it was. Look at the page again, and try again.',
});
