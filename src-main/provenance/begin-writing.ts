import type Database from 'better-sqlite3';
import { operationalError } from '#shared/base/errors.ts';

/** How long a second writer waits for another that holds the database. */
const patienceMs = 60_000;

/**
 * Begins the one transaction of a second writer, beside that of the main thread; while another holds the database, this
 * thread goes on hearing that it is to stop.
 * @param unchanged what did not happen where it waits in vain, as the end of a sentence: `nothing was imported`
 * @throws StemmaError `database-busy`; the reason of the signal
 */
export async function beginWriting(
  db: Database.Database,
  signal: AbortSignal,
  unchanged: string,
): Promise<void> {
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
            message: `The database of the profile was busy for a minute; ${unchanged}.`,
            hint: 'Try again when the import, or what else writes so long, has ended.',
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
