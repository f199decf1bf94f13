import type Database from 'better-sqlite3';
import { operationalError } from '#shared/base/errors.ts';
import type { ImportReport } from '#shared/contract/areas/sharing.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { UserId } from '#shared/provenance/ids.ts';
import type { Repository } from '../../../repository/types.ts';
import { OpenArchive, type ArchiveSurroundings } from '../open-archive.ts';
import { ImportLog } from './import-log.ts';
import { mergeComments, mergeLogs } from './merge-notes.ts';
import type { MergeContext } from './merge-context.ts';
import { missingFiles, storeFiles } from './merge-files.ts';
import { makeImportGroup, mergeGroups } from './merge-groups.ts';
import { mergeLinks } from './merge-links.ts';
import { mergeNodes, sealNodes } from './merge-nodes.ts';
import { mergeComputers, mergeUsers } from './merge-people.ts';

export interface ImportRequest {
  readonly file: string;
  readonly surroundings: ArchiveSurroundings;
  /** Opens the profile's database: a reader for a preview, a second writer for an import. */
  readonly openDatabase: (mode: 'reader' | 'writer') => Database.Database;
  readonly repository: Repository;
  /** null for a new group where something new comes in. */
  readonly group: string | null;
  /** The owner of that group. */
  readonly user: UserId;
  readonly write: boolean;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** How long an import waits for another that holds the database. */
const patienceMs = 60_000;

/**
 * Merges an archive into a profile as AiiDA does (aiida-core 2.9, `tools/archive/imports.py`), or says what that would
 * do. Files are stored first; everything else is one transaction. Runs in a thread of its own.
 * @throws StemmaError `import-refused`, `archive-…`, `disk-full`, `database-busy`
 */
export async function importArchive(request: ImportRequest): Promise<ImportReport> {
  const { file, surroundings, write, progress, signal } = request;
  progress({ done: 0, total: null, unit: 'steps', words: 'Opening the archive' });
  const archive = await OpenArchive.open(file, surroundings, signal);
  try {
    const log = new ImportLog(write);
    const files = { ...request, archive, log, cache: surroundings.cache };
    const missing = await missingFiles(files);
    if (write) await storeFiles(files, missing);
    const db = request.openDatabase(write ? 'writer' : 'reader');
    try {
      return await mergeRows(request, archive, log, db);
    } finally {
      db.close();
    }
  } finally {
    await archive.close();
  }
}

async function mergeRows(
  request: ImportRequest,
  archive: OpenArchive,
  log: ImportLog,
  db: Database.Database,
): Promise<ImportReport> {
  const { write, signal, progress, surroundings } = request;
  await begin(db, write, signal);
  try {
    const context: MergeContext = {
      db,
      archive,
      log,
      write,
      progress,
      signal,
      now: surroundings.now() * 1000,
    };
    const users = await mergeUsers(context);
    const computers = await mergeComputers(context);
    const nodes = await mergeNodes(context, users, computers);
    await mergeLinks(context, nodes);
    await mergeLogs(context, nodes);
    await mergeComments(context, nodes, users);
    await mergeGroups(context, nodes, users);
    sealNodes(context, nodes);
    const group = makeImportGroup(context, nodes, request.group, request.user);
    signal.throwIfAborted();
    progress({ done: 0, total: null, unit: 'steps', words: 'Writing to the disk' });
    db.exec('COMMIT');
    // here, not at the next write of the main thread, which would have to wait for all of it
    if (write) db.pragma('wal_checkpoint(PASSIVE)');
    return log.report(archive.info, archive.zip.metadata.created, group);
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** A reader sees one moment all the time; a writer keeps every other one out. */
async function begin(db: Database.Database, write: boolean, signal: AbortSignal): Promise<void> {
  const end = Date.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      db.exec(write ? 'BEGIN IMMEDIATE' : 'BEGIN');
      return;
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
      if (!busy) throw error;
      if (Date.now() > end) {
        throw operationalError(
          {
            code: 'database-busy',
            message: 'The database of the profile was busy for a minute; nothing was imported.',
            hint: 'Try again when the other import has ended.',
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
