import { randomUUID } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type Database from 'better-sqlite3';
import type { AnonymousChoice } from '#shared/contract/areas/anonymous-choice.ts';
import type { ArchiveAbout } from '#shared/contract/areas/archive-about.ts';
import type { ArchiveInfo, ExportSelection } from '#shared/contract/areas/sharing.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { syncDirectory } from '../../../repository/durable.ts';
import { writeError } from '../../../repository/errors.ts';
import type { ObjectReader } from '../../../repository/object-reader.ts';
import type { PurgedObject } from '../../../repository/types.ts';
import type { AnonymousExport } from '../anonymous/anonymous-export.ts';
import type { Machine } from '../anonymous/collect-identities.ts';
import { cacheFolders } from '../../leftovers.ts';
import { databaseName, metadataName } from '../container/entry-grammar.ts';
import { formatVersion } from '../container/versions.ts';
import { AttachedArchive } from './attached-archive.ts';
import { chosenCount, gatherRows } from './chosen-rows.ts';
import { chooseNodes } from './choose-nodes.ts';
import { leaveOutPurged, withoutPurged } from './leave-out-purged.ts';
import { archiveMetadata, writtenByUs } from './metadata.ts';
import { writeArchiveRows } from './write-database.ts';
import { writeObjects } from './write-objects.ts';
import { ZipWriter } from './zip-writer.ts';

/** What an export needs; everything in it is for this one export. */
export interface ExportRequest {
  readonly selection: ExportSelection;
  readonly about: ArchiveAbout;
  readonly anonymous: AnonymousChoice;
  readonly machine: Machine;
  /** The file to write; one that is there is replaced when the new one is complete. */
  readonly file: string;
  /** 0 (none) to 9. */
  readonly compression: number;
  /** For the database while it is written. */
  readonly cache: string;
  /** To the profile's database, for this export alone: another file is attached to it (`openCopier`). */
  readonly db: Database.Database;
  readonly objects: ObjectReader;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/**
 * Writes an archive `main_0001` of one moment of the profile: to a temporary file beside the target, made durable, then
 * renamed. Runs in a thread of its own.
 * @throws StemmaError `not-sealed`, `node-missing`, `group-missing`, `files-purged`, `object-…`, `disk-full`
 */
export async function exportArchive(request: ExportRequest): Promise<ArchiveInfo> {
  const { file, cache } = request;
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(cache, cacheFolders.write));
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID().slice(0, 8)}.part`);
  try {
    const info = await write(request, path.join(folder, databaseName), temporary);
    await rename(temporary, file);
    syncDirectory(path.dirname(file));
    return info;
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeError(error, path.dirname(file), 'the archive');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What makes it anonymous, which few exports are, is loaded when it is wanted. */
async function anonymousOf(
  request: ExportRequest,
  files: readonly ObjectHash[],
): Promise<AnonymousExport | null> {
  if (request.anonymous === null) return null;
  const { anonymousExport } = await import('../anonymous/anonymous-export.ts');
  return anonymousExport({ ...request, ...request.anonymous }, files);
}

async function write(request: ExportRequest, database: string, temporary: string): Promise<ArchiveInfo> {
  const { selection, about, compression, objects, now, progress, signal } = request;
  const started = new Date(now());
  const { files, counts, purged } = await writeDatabase(request, database);
  leaveOutPurged(database, purged);
  const zip = new ZipWriter(temporary, compression, started);
  try {
    await writeObjects(files, objects, zip, progress, signal);
    progress({ done: 0, total: null, unit: 'steps', words: 'Completing the archive' });
    await zip.addStream(databaseName, createReadStream(database), statSync(database).size);
    const metadata = archiveMetadata({ selection, about, compression }, started);
    zip.add(await zip.pack(metadataName, Buffer.from(metadata), 0));
    signal.throwIfAborted();
    zip.finish([metadataName, databaseName]);
    return {
      version: formatVersion,
      aiidaVersion: writtenByUs.aiida_version,
      writtenBy: writtenByUs.written_by,
      about,
      ...counts,
      files: files.length,
    };
  } finally {
    zip.close();
  }
}

type Counts = Pick<ArchiveInfo, 'nodes' | 'links' | 'groups' | 'computers' | 'users' | 'logs' | 'comments'>;

/** Everything that is read of the profile's database, in one moment: what is written meanwhile is not seen. */
async function writeDatabase(request: ExportRequest, database: string): Promise<WrittenDatabase> {
  const { selection, db, objects, now, progress, signal } = request;
  const archive = new AttachedArchive(db, database, selection.what.kind === 'all');
  try {
    progress({ done: 0, total: null, unit: 'steps', words: 'Following the provenance' });
    const chosen = chooseNodes(db, selection, now);
    const { there, purged } = withoutPurged(chosen.files, objects, selection.withoutPurged === true);
    signal.throwIfAborted();
    gatherRows(db, selection);
    const anonymous = await anonymousOf(request, there);
    const files = anonymous === null ? there : there.filter((hash) => !anonymous.left.has(hash));
    await writeArchiveRows(db, archive, anonymous?.rows ?? null, progress, signal);
    const counts = {
      nodes: chosenCount(db, 'chosen'),
      links: chosenCount(db, 'chosen_links'),
      groups: chosenCount(db, 'chosen_groups'),
      computers: chosenCount(db, 'chosen_computers'),
      users: chosenCount(db, 'chosen_users'),
      logs: chosenCount(db, 'chosen_logs'),
      comments: chosenCount(db, 'chosen_comments'),
    };
    archive.complete();
    return { files, counts, purged };
  } finally {
    archive.release();
  }
}

interface WrittenDatabase {
  readonly files: readonly ObjectHash[];
  readonly counts: Counts;
  readonly purged: ReadonlyMap<ObjectHash, PurgedObject>;
}
