import type { MessagePort } from 'node:worker_threads';
import type { AnonymousChoice } from '#shared/contract/areas/anonymous-choice.ts';
import type { AnonymityReport } from '#shared/contract/areas/anonymous.ts';
import type { ArchiveAbout } from '#shared/contract/areas/archive-about.ts';
import type { ImportOptions } from '#shared/contract/areas/import-options.ts';
import type { ArchiveInfo, ExportSelection, ImportReport } from '#shared/contract/areas/sharing.ts';
import type { WayOut, WayOutReport } from '#shared/contract/areas/ways-out.ts';
import type { UserId } from '#shared/provenance/ids.ts';

/** What a thread of the archive room does, once, and ends. */
export type ArchiveTask =
  | { readonly kind: 'info'; readonly file: string }
  | {
      readonly kind: 'import';
      readonly file: string;
      /** false: only what it would do. */
      readonly write: boolean;
      readonly options: ImportOptions;
      /** Bytes that stay free on the disk. */
      readonly keepFree: number;
      readonly user: UserId;
    }
  | {
      readonly kind: 'export';
      readonly selection: ExportSelection;
      readonly about: ArchiveAbout;
      readonly anonymous: AnonymousChoice;
      readonly file: string;
      readonly compression: number;
    }
  | { readonly kind: 'preview-anonymous'; readonly selection: ExportSelection }
  | {
      readonly kind: 'way-out';
      readonly selection: ExportSelection;
      readonly form: WayOut;
      readonly file: string;
    };

export interface ArchiveResults {
  readonly info: ArchiveInfo;
  readonly import: ImportReport;
  readonly export: ArchiveInfo;
  readonly 'preview-anonymous': AnonymityReport;
  readonly 'way-out': WayOutReport;
}

/** The profile that a task works on; null for one that needs none. */
export interface ProfileForArchive {
  readonly database: string;
  readonly repositoryRoot: string;
  /** To the files thread. */
  readonly files: MessagePort;
}

export interface ArchiveWorkerData {
  readonly task: ArchiveTask;
  readonly cache: string;
  readonly profile: ProfileForArchive | null;
  /**
   * To the process that reads the foreign database, where the main thread has to start it. null: the thread starts it.
   */
  readonly child: MessagePort | null;
}
