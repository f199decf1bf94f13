import type Database from 'better-sqlite3';
import { errorLine, StemmaError } from '#shared/base/errors.ts';
import type { FreeReport } from '#shared/contract/areas/storage.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { keptObjects } from '../provenance/read/kept-objects.ts';
import { ReadSession } from '../provenance/read/session.ts';
import { translated } from '../provenance/sqlite-errors.ts';
import type { ObjectReader } from '../repository/object-reader.ts';
import type { FreeableRepository } from '../repository/types.ts';
import { compactDatabase, databaseRoom, type CompactPlace } from './compact-database.ts';
import { breathe, type Work } from './exclusive.ts';
import { fates } from './purge-records.ts';

export interface FreePlace extends CompactPlace {
  readonly objects: ObjectReader;
  readonly repository: Pick<FreeableRepository, 'collect' | 'letGo' | 'bringBack' | 'drop' | 'compact'>;
}

const atOnce = 200;

type Freed = { -readonly [Key in keyof FreeReport]: FreeReport[Key] };

/**
 * Lets go of every file that no node, no node that can be restored, and no process that has not ended names, and of
 * purged content that cannot be restored any more; and gives the room back to the disk. It can end at any moment: what was
 * let go by then is gone and is told, the rest is found the next time.
 */
export async function freeSpace(place: FreePlace, work: Work): Promise<FreeReport> {
  const { bytes } = databaseRoom(place.db);
  const report: Freed = {
    files: 0,
    bytes: 0,
    held: 0,
    compacted: 0,
    database: { before: bytes, after: bytes },
    stopped: false,
    unfinished: [],
  };
  try {
    await place.repository.collect(() => letGoOfFiles(place, report, work));
    await asFarAsItGoes(report, () => compactIndex(place, report, work));
    await asFarAsItGoes(report, () => compactDatabase(place, work));
  } catch (error) {
    if (!work.signal.aborted) throw error;
    report.stopped = true;
  }
  report.database.after = databaseRoom(place.db).bytes;
  return report;
}

async function letGoOfFiles(place: FreePlace, report: Freed, work: Work): Promise<void> {
  const { db, objects, repository } = place;
  const { progress, signal } = work;
  await dropPurged(place, report, work);
  progress({ done: 0, total: null, unit: 'steps', words: 'Looking for files that nothing names' });
  const kept = namedNow(db);
  let done = 0;
  let unnamed: ObjectHash[] = [];
  const flush = async (): Promise<void> => {
    const gone = await repository.letGo(unnamed);
    report.files += gone.objects;
    report.bytes += gone.bytes;
    report.held += gone.held;
    unnamed = [];
  };
  for (const page of objects.all()) {
    await breathe(signal);
    for (const { hash } of page) {
      if (kept.has(hash)) continue;
      if (unnamed.push(hash) >= atOnce) await flush();
    }
    done += page.length;
    progress({ done, total: null, unit: 'files', words: 'Letting go of files that nothing names' });
  }
  await flush();
}

async function compactIndex({ repository }: FreePlace, report: Freed, work: Work): Promise<void> {
  for (let left = 1; left > 0;) {
    await breathe(work.signal);
    const part = await repository.compact();
    left = part.left;
    report.compacted += part.bytes;
    const words = 'Giving room of the files back to the disk';
    work.progress({ done: report.compacted, total: null, unit: 'bytes', words });
  }
}

/** Files are gone by now: what the world refuses afterwards is told with what was done, not instead of it. */
async function asFarAsItGoes(report: Freed, compact: () => Promise<void>): Promise<void> {
  try {
    await compact();
  } catch (error) {
    const known = translated(error);
    if (!(known instanceof StemmaError) || known.family !== 'operational') throw error;
    report.unfinished.push(errorLine(known));
  }
}

/** Lets go of content that was purged for good. */
async function dropPurged(
  { db, objects, repository }: FreePlace,
  report: Freed,
  { progress, signal }: Work,
): Promise<void> {
  const fateOf = fates(db);
  for (const page of objects.setAside()) {
    await breathe(signal);
    const hashes = page.map(({ hash }) => hash);
    const dropped = await repository.drop(hashes.filter((hash) => fateOf(hash) === 'drop'));
    report.files += dropped.objects;
    report.bytes += dropped.bytes;
    await repository.bringBack(hashes.filter((hash) => fateOf(hash) === 'bring-back'));
    progress({ done: report.files, total: null, unit: 'files', words: 'Letting go of purged content' });
  }
}

/** Of one moment. */
export function namedNow(db: Database.Database): ReturnType<typeof keptObjects> {
  const session = new ReadSession(db, { hasSearchIndex: false, now: Date.now });
  return session.snapshot(() => keptObjects(session));
}
