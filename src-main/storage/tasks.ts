import type { MessagePort } from 'node:worker_threads';
import type { Purge, PurgePreview, PurgeSelection } from '#shared/contract/areas/purges.ts';
import type { Deletion, FreeReport, StorageReport } from '#shared/contract/areas/storage.ts';
import type { PurgeRestored } from './purge-records.ts';
import type { RestoreReport } from './restore-nodes.ts';
import type { DeletionChoice } from './rules.ts';

/** What the thread of the storage room does, once, and ends. */
export type StorageTask =
  | { readonly kind: 'delete'; readonly selection: DeletionChoice; readonly digest: string }
  | { readonly kind: 'restore'; readonly uuid: string }
  | { readonly kind: 'forget'; readonly which: readonly string[] | null }
  | { readonly kind: 'report' }
  | { readonly kind: 'preview-purge'; readonly selection: PurgeSelection }
  | { readonly kind: 'purge'; readonly selection: PurgeSelection; readonly digest: string }
  | { readonly kind: 'restore-purge'; readonly uuid: string }
  | { readonly kind: 'forget-purges'; readonly uuids: readonly string[] }
  | { readonly kind: 'settle-purges' }
  | { readonly kind: 'free' };

export interface StorageResults {
  readonly delete: Deletion;
  readonly restore: RestoreReport;
  readonly forget: number;
  readonly report: StorageReport;
  readonly 'preview-purge': PurgePreview;
  readonly purge: Purge;
  readonly 'restore-purge': PurgeRestored;
  readonly 'forget-purges': { readonly files: number; readonly bytes: number };
  /** How many were taken back. */
  readonly 'settle-purges': number;
  readonly free: FreeReport;
}

export interface StorageWorkerData {
  readonly task: StorageTask;
  readonly database: string;
  readonly repositoryRoot: string;
  /** To the files thread. */
  readonly files: MessagePort;
}
