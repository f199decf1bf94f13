import Database from 'better-sqlite3';

/** Marks a file as a profile of ours: “Stem” in ASCII. */
export const applicationId = 0x53_74_65_6d;

/** Log size beyond which the file is cut back after a checkpoint. */
const walLimit = 64 * 1024 * 1024;

/**
 * What every connection that writes a profile must be told (sqlite.org/pragma.html).
 *
 * - `synchronous = FULL`: a commit that was acknowledged survives a power cut; better-sqlite3 has NORMAL for WAL.
 * - `temp_store = MEMORY`: statements that may fail half-way keep copies of the pages they change, and beyond 64 kB such
 *   copies go to a file, for the rest of the transaction. In memory, links are inserted a third faster.
 * - `auto_vacuum = INCREMENTAL`: only heard before the first table; room inside can then be given back part by part.
 * - `wal_autocheckpoint = 0`: a commit never pays for a checkpoint; see `checkpoints.ts`.
 */
export function prepareWriter(db: Database.Database): void {
  // said again to a file that is there it would be a write
  if (db.pragma('page_count', { simple: true }) === 0) db.pragma('auto_vacuum = INCREMENTAL');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  if (process.platform === 'darwin') {
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
  }
  prepareAny(db);
  db.pragma(`journal_size_limit = ${walLimit}`);
  db.pragma('wal_autocheckpoint = 0');
  db.pragma('cache_size = -65536');
}

function prepareAny(db: Database.Database): void {
  db.pragma('foreign_keys = ON');
  db.pragma('recursive_triggers = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('temp_store = MEMORY');
}

/** Another connection that writes: an import, in its own thread. @param waitMs how long it waits for the writer */
export function openSecondWriter(file: string, waitMs = 10_000): Database.Database {
  const db = new Database(file, { fileMustExist: true, timeout: waitMs });
  prepareWriter(db);
  // rows come once and in order; the indexes at work fit, and the system keeps the rest of the file at hand
  db.pragma('cache_size = -8192');
  return db;
}

/** A connection that only reads. Waits a little where SQLite recovers the log after a crash. */
export function openReader(file: string): Database.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 });
  prepareAny(db);
  db.pragma('cache_size = -32768');
  db.pragma('query_only = ON');
  return db;
}

/**
 * A connection that reads a profile and writes to a file that it attaches: SQLite opens an attached file as it has opened
 * the first one, so this one could write to the profile too, and is for statements that name the attached file as their
 * target. What is noted or sorted on the way goes to a temporary file when it is much.
 */
export function openCopier(file: string): Database.Database {
  const db = new Database(file, { fileMustExist: true, timeout: 5000 });
  prepareAny(db);
  db.pragma('temp_store = FILE');
  // everything is read once, in order; what an index is sorted in has the same size
  db.pragma('cache_size = -8192');
  return db;
}
