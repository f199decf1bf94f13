import type Database from 'better-sqlite3';
import type { FreeReport } from '#shared/contract/areas/storage.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { keptObjects } from '../provenance/read/kept-objects.ts';
import { ReadSession } from '../provenance/read/session.ts';
import type { ObjectReader } from '../repository/object-reader.ts';
import type { FreeableRepository } from '../repository/types.ts';
import { breathe, type Work } from './exclusive.ts';
import { fates } from './purge-records.ts';

export interface FreePlace {
  /** Reads the profile. */
  readonly db: Database.Database;
  readonly objects: ObjectReader;
  readonly repository: Pick<FreeableRepository, 'collect' | 'letGo' | 'bringBack' | 'drop' | 'compact'>;
}

const atOnce = 200;

/**
 * Lets go of every file that no node, no node that can be restored, and no process that has not ended names, and of
 * purged content that cannot be restored any more; and gives the room back to the disk. It can end at any moment: what was let go by then is gone, the rest is found the next time.
 */
export async function freeSpace({ db, objects, repository }: FreePlace, work: Work): Promise<FreeReport> {
  const { progress, signal } = work;
  const report = { files: 0, bytes: 0, held: 0, compacted: 0 };
  await repository.collect(async () => {
    const purged = await dropPurged({ db, objects, repository }, work);
    report.files += purged.files;
    report.bytes += purged.bytes;
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
  });
  for (let left = 1; left > 0;) {
    await breathe(signal);
    const part = await repository.compact();
    left = part.left;
    report.compacted += part.bytes;
    progress({ done: report.compacted, total: null, unit: 'bytes', words: 'Giving room back to the disk' });
  }
  return report;
}

/** Lets go of content that was purged for good. */
async function dropPurged(
  { db, objects, repository }: FreePlace,
  { progress, signal }: Work,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const fateOf = fates(db);
  const gone = { files: 0, bytes: 0 };
  for (const page of objects.setAside()) {
    await breathe(signal);
    const hashes = page.map(({ hash }) => hash);
    const dropped = await repository.drop(hashes.filter((hash) => fateOf(hash) === 'drop'));
    gone.files += dropped.objects;
    gone.bytes += dropped.bytes;
    await repository.bringBack(hashes.filter((hash) => fateOf(hash) === 'bring-back'));
    progress({ done: gone.files, total: null, unit: 'files', words: 'Letting go of purged content' });
  }
  return gone;
}

/** Of one moment. */
export function namedNow(db: Database.Database): ReturnType<typeof keptObjects> {
  const session = new ReadSession(db, { hasSearchIndex: false, now: Date.now });
  return session.snapshot(() => keptObjects(session));
}
