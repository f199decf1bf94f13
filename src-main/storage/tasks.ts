import type { MessagePort } from 'node:worker_threads';
import type { ErrorInfo } from '#shared/base/errors.ts';
import type { Progress } from '#shared/contract/common.ts';
import type {
  Deletion,
  DeletionSelection,
  FreeReport,
  StorageReport,
} from '#shared/contract/areas/storage.ts';
import type { RestoreReport } from './restore-nodes.ts';

/** What the thread of the storage room does, once, and ends. */
export type StorageTask =
  | { readonly kind: 'delete'; readonly selection: DeletionSelection; readonly digest: string }
  | { readonly kind: 'restore'; readonly uuid: string }
  | { readonly kind: 'forget'; readonly uuids: readonly string[] }
  | { readonly kind: 'report' }
  | { readonly kind: 'free' };

export interface StorageResults {
  readonly delete: Deletion;
  readonly restore: RestoreReport;
  readonly forget: number;
  readonly report: StorageReport;
  readonly free: FreeReport;
}

export interface StorageWorkerData {
  readonly task: StorageTask;
  readonly database: string;
  readonly repositoryRoot: string;
  /** To the files thread. */
  readonly files: MessagePort;
}

export type FromStorageWorker =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly value: StorageResults[keyof StorageResults] }
  | { readonly kind: 'failed'; readonly error: ErrorInfo };

/** The only message to it: stop. */
export type ToStorageWorker = { readonly kind: 'cancel' };
