import { randomUUID } from 'node:crypto';
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
import type { LocatedObjects } from '../../../repository/located-objects.ts';
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
import { packFile } from './pack-file.ts';
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
    const info = await write(request, folder, temporary);
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
async function anonymousOf(request: ExportRequest, files: LocatedObjects): Promise<AnonymousExport | null> {
  if (request.anonymous === null) return null;
  const { anonymousExport } = await import('../anonymous/anonymous-export.ts');
  return anonymousExport(
    { ...request, ...request.anonymous },
    Array.from(files, ({ hash }) => hash),
  );
}

/** Archives and zips have times of the clock on the wall, which tell where it hangs: an anonymous one has those of UTC. */
const startOf = (time: Date, choice: AnonymousChoice): Date =>
  choice === null ? time : new Date(time.getTime() + time.getTimezoneOffset() * 60_000);

async function write(request: ExportRequest, folder: string, temporary: string): Promise<ArchiveInfo> {
  const { selection, about, compression, objects, now, progress, signal } = request;
  const started = startOf(new Date(now()), request.anonymous);
  const database = path.join(folder, databaseName);
  const { files, left, counts, purged } = await writeDatabase(request, database);
  leaveOutPurged(database, purged, request.anonymous?.files === 'leave-out' ? 'hide' : 'tell');
  const zip = new ZipWriter(temporary, compression, started);
  const [stop, failed] = [new AbortController(), new AbortController()];
  // beside the files, on another core; its entry follows theirs
  const packing = packFile(
    database,
    `${database}.packed`,
    compression,
    AbortSignal.any([signal, stop.signal]),
  );
  packing.catch((error: unknown) => failed.abort(error));
  try {
    const either = AbortSignal.any([signal, failed.signal]);
    const count = await writeObjects(files, ({ hash }) => !left.has(hash), objects, zip, progress, either);
    progress({ done: 0, total: null, unit: 'steps', words: 'Completing the archive' });
    zip.addPacked(databaseName, await packing);
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
      files: count,
    };
  } finally {
    stop.abort();
    await packing.catch(() => undefined);
    zip.close();
  }
}

type Counts = Pick<ArchiveInfo, 'nodes' | 'links' | 'groups' | 'computers' | 'users' | 'logs' | 'comments'>;

interface WrittenDatabase {
  readonly files: LocatedObjects;
  /** Those of them that do not leave. */
  readonly left: ReadonlySet<ObjectHash>;
  readonly counts: Counts;
  readonly purged: ReadonlyMap<ObjectHash, PurgedObject>;
}

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
    return { files: there, left: anonymous?.left ?? new Set(), counts, purged };
  } finally {
    archive.release();
  }
}
