import { statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import type Database from 'better-sqlite3';
import { formatBytes } from '#shared/base/bytes.ts';
import { operationalError } from '#shared/base/errors.ts';
import { breathe, exclusively, type Work } from './exclusive.ts';

/** Pages of one commit: some milliseconds, for which the engine waits. */
const pagesAtOnce = 2000;

/**
 * A database that cannot give room back part by part is copied as a whole, once; not for less than this share of it, nor
 * for less than so many bytes.
 */
const worthACopy = { share: 0.05, bytes: 1_000_000 };

export interface CompactPlace {
  /** A second writer. */
  readonly db: Database.Database;
  /** Bytes that are free on the disk of a folder. Tests imagine a full one. */
  readonly roomAt?: (folder: string) => number;
}

/** Bytes of a database and, of these, what nothing in it uses. */
export function databaseRoom(db: Database.Database): { readonly bytes: number; readonly free: number } {
  const of = (name: string): number => db.pragma(name, { simple: true }) as number;
  const page = of('page_size');
  return { bytes: of('page_count') * page, free: of('freelist_count') * page };
}

const movesPages = (db: Database.Database): boolean => db.pragma('auto_vacuum', { simple: true }) === 2;

/** Bytes that a compaction would give back to the disk. */
export function looseBytes(db: Database.Database): number {
  const { bytes, free } = databaseRoom(db);
  const least = movesPages(db) ? 0 : Math.max(worthACopy.bytes, bytes * worthACopy.share);
  return free >= least ? free : 0;
}

/**
 * Gives the room that nothing in the database uses back to the disk. Databases are made so that pages can move from the
 * end into what is free (sqlite.org/pragma.html#pragma_incremental_vacuum): a few megabytes a commit, between which the
 * engine writes, readers read on, and a person may cancel. One that was made before that is copied once as a whole, which
 * nobody can interrupt; whatever a crash leaves of either is the database as it was, or as it is to be.
 * @throws StemmaError `disk-short`, `database-busy`; what was given back by then stays so
 */
export async function compactDatabase({ db, roomAt = freeAt }: CompactPlace, work: Work): Promise<void> {
  const quiet: Work = { ...work, progress: () => {} };
  const total = looseBytes(db);
  if (movesPages(db)) {
    for (let free = total; free > 0;) {
      tell(work, total - free, total);
      await breathe(work.signal);
      await exclusively(db, quiet, () => {
        db.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`);
        return Promise.resolve();
      });
      const left = databaseRoom(db).free;
      // somebody else leaves more than is given back
      if (left >= free) break;
      free = left;
    }
  } else if (total > 0) {
    refuseWithoutRoom(db.name, databaseRoom(db).bytes - total, roomAt);
    tell(work, 0, null);
    await breathe(work.signal);
    copyWhole(db);
  }
  // the files are cut where nobody is at work in them; else at the next checkpoint. Nobody waits for that
  db.pragma('busy_timeout = 0');
  db.pragma('wal_checkpoint(TRUNCATE)');
}

function tell({ progress }: Work, done: number, total: number | null): void {
  const words =
    total === null
      ? 'Copying the database of the profile, once, to make it smaller'
      : 'Giving room of the database back to the disk';
  progress({ done, total, unit: 'bytes', words });
}

function copyWhole(db: Database.Database): void {
  const memory = db.pragma('temp_store', { simple: true }) as number;
  // the copy would be held in memory
  db.pragma('temp_store = FILE');
  try {
    db.pragma('auto_vacuum = INCREMENTAL');
    db.exec('VACUUM');
  } finally {
    db.pragma(`temp_store = ${memory}`);
  }
}

const freeAt = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

/** Where SQLite puts a copy while it makes it (sqlite.org/tempfiles.html#temporary_file_storage_locations). */
function temporaryFolder(beside: string): string {
  const { SQLITE_TMPDIR, TMPDIR } = process.env;
  const isFolder = (one: string | undefined): one is string =>
    one !== undefined && statSync(one, { throwIfNoEntry: false })?.isDirectory() === true;
  return [SQLITE_TMPDIR, TMPDIR, '/var/tmp', '/usr/tmp', '/tmp'].find(isFolder) ?? beside;
}

/** What is used is written twice: as a copy, and as the log of the change. */
function refuseWithoutRoom(file: string, used: number, roomAt: (folder: string) => number): void {
  const own = path.dirname(file);
  const other = temporaryFolder(own);
  const needs =
    statSync(own).dev === statSync(other).dev
      ? [{ folder: own, bytes: used * 2 }]
      : [own, other].map((folder) => ({ folder, bytes: used }));
  for (const { folder, bytes } of needs) {
    const room = roomAt(folder);
    if (room >= bytes) continue;
    throw operationalError({
      code: 'disk-short',
      message: `To make the database smaller, the disk of ${folder} needs ${formatBytes(bytes)} for a while, and has ${formatBytes(room)}.`,
      subject: folder,
      hint: 'Free some space there and free space here once more. Until then new nodes take the room inside of the database.',
    });
  }
}
