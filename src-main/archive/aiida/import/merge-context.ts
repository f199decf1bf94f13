import type Database from 'better-sqlite3';
import type { Progress } from '#shared/contract/common.ts';
import type { ImportOptions } from '#shared/contract/areas/import-options.ts';
import type { OpenArchive } from '../open-archive.ts';
import type { ImportLog } from './import-log.ts';

/** What every step of a merge works with. */
export interface MergeContext {
  /** The profile; inside one transaction all the time. */
  readonly db: Database.Database;
  readonly archive: OpenArchive;
  readonly log: ImportLog;
  readonly options: ImportOptions;
  /** false in a preview: everything is compared and nothing written. */
  readonly write: boolean;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
  /** Microseconds since 1970. */
  readonly now: number;
}
