import type Database from 'better-sqlite3';
import type { ImportOptions } from '#shared/contract/areas/import-options.ts';
import type { ImportReport } from '#shared/contract/areas/sharing.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { UserId } from '#shared/provenance/ids.ts';
import { beginWriting } from '../../../provenance/begin-writing.ts';
import type { Repository } from '../../../repository/types.ts';
import { OpenArchive, type ArchiveSurroundings } from '../open-archive.ts';
import { namingDamagedFile } from './damaged-file.ts';
import { diskUse, expectRoom } from './disk-use.ts';
import { hereByUuid } from './here-by-uuid.ts';
import { JournalFile } from './import-journal.ts';
import { ImportLog } from './import-log.ts';
import { mergeAuthInfos } from './merge-auth-infos.ts';
import { mergeComments, mergeLogs } from './merge-notes.ts';
import type { MergeContext } from './merge-context.ts';
import { missingFiles, storeFiles, type MissingFiles } from './merge-files.ts';
import { makeImportGroup, mergeGroups } from './merge-groups.ts';
import { mergeLinks } from './merge-links.ts';
import { mergeNodes, sealNodes } from './merge-nodes.ts';
import { mergeComputers, mergeUsers } from './merge-people.ts';

/** An import, or without `write` its preview. */
export interface ImportRequest {
  readonly file: string;
  readonly surroundings: ArchiveSurroundings;
  /** Opens the profile's database: a reader for a preview, a second writer for an import. */
  readonly openDatabase: (mode: 'reader' | 'writer') => Database.Database;
  readonly repository: Repository;
  readonly options: ImportOptions;
  /** The owner of the group that it makes. */
  readonly user: UserId;
  readonly write: boolean;
  /** Bytes that an import leaves free on the disk. */
  readonly keepFree: number;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/**
 * Merges an archive into a profile as AiiDA does (aiida-core 2.9, `tools/archive/imports.py`), or says what that would
 * do. Files are stored first; everything else is one transaction. Runs in a thread of its own.
 * @throws StemmaError `import-refused`, `archive-…`, `disk-short`, `disk-full`, `database-busy`
 */
export async function importArchive(request: ImportRequest): Promise<ImportReport> {
  const { file, surroundings, write, progress, signal } = request;
  progress({ done: 0, total: null, unit: 'steps', words: 'Opening the archive' });
  const archive = await OpenArchive.open(file, surroundings, { progress, signal });
  try {
    const log = new ImportLog(write);
    for (const note of archive.container.notes) log.note(note);
    const journal = new JournalFile(surroundings.cache, archive.container.fingerprint);
    await bringFiles(request, archive, log, journal);
    const db = request.openDatabase(write ? 'writer' : 'reader');
    try {
      const report = await mergeRows(request, archive, log, db);
      if (write) journal.remove();
      return report;
    } finally {
      db.close();
    }
  } finally {
    await archive.close();
  }
}

/** Works out what comes and whether there is room for it; in an import it is stored then. */
async function bringFiles(
  request: ImportRequest,
  archive: OpenArchive,
  log: ImportLog,
  journal: JournalFile,
): Promise<void> {
  const { write, surroundings, keepFree } = request;
  const db = request.openDatabase('reader');
  const context = { ...request, archive, log, here: hereByUuid(db, 'nodes') };
  let missing: MissingFiles;
  try {
    missing = await missingFiles(context);
  } finally {
    db.close();
  }
  const { hashes, newNodes } = missing;
  const coming = { fileBytes: log.bytes, nodes: newNodes };
  log.disk = diskUse(archive, coming, surroundings.cache, keepFree);
  const former = journal.read();
  // where its nodes are here, they came otherwise: nothing is resumed
  if (former !== null && newNodes > 0 && former.files > hashes.length) {
    log.resumed = { files: former.files - hashes.length, bytes: Math.max(0, former.bytes - log.bytes) };
  }
  if (!write) return;
  expectRoom(archive.container.name, log.disk);
  if (hashes.length > 0 && former === null) journal.write({ files: hashes.length, bytes: log.bytes });
  await namingDamagedFile(archive, request.signal, () => storeFiles(context, hashes));
}

async function mergeRows(
  request: ImportRequest,
  archive: OpenArchive,
  log: ImportLog,
  db: Database.Database,
): Promise<ImportReport> {
  const { options, write, signal, progress, surroundings } = request;
  // a reader sees one moment all the time; a writer keeps every other one out
  if (write) await beginWriting(db, signal, 'nothing was imported');
  else db.exec('BEGIN');
  try {
    const context: MergeContext = {
      db,
      archive,
      log,
      options,
      write,
      progress,
      signal,
      now: surroundings.now() * 1000,
    };
    const users = await mergeUsers(context);
    const computers = await mergeComputers(context);
    await mergeAuthInfos(context, users, computers);
    const nodes = await mergeNodes(context, users, computers);
    await mergeLinks(context, nodes);
    await mergeLogs(context, nodes);
    await mergeComments(context, nodes, users);
    await mergeGroups(context, nodes, users);
    sealNodes(context, nodes);
    const group = makeImportGroup(context, nodes, request.user);
    signal.throwIfAborted();
    progress({ done: 0, total: null, unit: 'steps', words: 'Writing to the disk' });
    db.exec('COMMIT');
    // here, not at the next write of the main thread, which would have to wait for all of it
    if (write) db.pragma('wal_checkpoint(PASSIVE)');
    return log.report(archive.info, archive.container.metadata.created, group);
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
