import type Database from 'better-sqlite3';
import type { Progress } from '#shared/contract/common.ts';
import { beginWriting } from '../provenance/begin-writing.ts';

/** What a piece of work on the storage is told and may tell. */
export interface Work {
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** Lets the thread hear that it is to stop. @throws the reason of the signal */
export async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  signal.throwIfAborted();
}

/**
 * One transaction of a second writer: all of it or nothing. The engine goes on meanwhile, and what it writes waits.
 * @throws StemmaError `database-busy`
 */
export async function exclusively<T>(
  db: Database.Database,
  { progress, signal }: Work,
  work: () => Promise<T>,
): Promise<T> {
  await beginWriting(db, signal, 'nothing was changed');
  try {
    const result = await work();
    signal.throwIfAborted();
    progress({ done: 0, total: null, unit: 'steps', words: 'Writing to the disk' });
    db.exec('COMMIT');
    copyLog(db);
    return result;
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Here, not at the next write of the main thread, which would have to wait for all of it. */
function copyLog(db: Database.Database): void {
  try {
    db.pragma('wal_checkpoint(PASSIVE)');
  } catch {
    // what was committed holds, in the log: the next checkpoint copies it, and tells what is wrong with the disk
  }
}
