import type Database from 'better-sqlite3';
import { operationalError } from '#shared/base/errors.ts';
import type { Progress } from '#shared/contract/common.ts';

/** What a piece of work on the storage is told and may tell. */
export interface Work {
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** How long it waits for an import that holds the database. */
const patienceMs = 60_000;

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
  await begin(db, signal);
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

async function begin(db: Database.Database, signal: AbortSignal): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      db.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
      if (!busy) throw error;
      if (Date.now() > end) {
        throw operationalError(
          {
            code: 'database-busy',
            message: 'The database of the profile was busy for a minute; nothing was changed.',
            hint: 'Try again when the import has ended.',
          },
          error,
        );
      }
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
