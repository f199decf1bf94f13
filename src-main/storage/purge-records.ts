import type Database from 'better-sqlite3';
import { userError } from '#shared/base/errors.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { FreeableRepository, Purging } from '../repository/types.ts';
import { breathe, exclusively, type Work } from './exclusive.ts';

export interface PurgeRecords {
  readonly db: Database.Database;
  readonly repository: Pick<FreeableRepository, 'bringBack'>;
}

export interface PurgeRestored {
  readonly files: number;
  readonly bytes: number;
  /** Files that were here again already. */
  readonly there: number;
}

const filesAtOnce = 1000;

/** Nobody can stop what puts things back in order. */
const unstoppable = (work: Work): Work => ({ ...work, signal: new AbortController().signal });

function* pagesOf(db: Database.Database, id: number | bigint): Generator<readonly ObjectHash[]> {
  const page = db
    .prepare<[number | bigint, Buffer, number], Buffer>(
      'SELECT hash FROM purged_files WHERE purge_id = ? AND hash > ? ORDER BY hash LIMIT ?',
    )
    .pluck();
  for (let after: Buffer = Buffer.alloc(0); ;) {
    const hashes = page.all(id, after, filesAtOnce);
    if (hashes.length > 0) yield hashes.map((hash) => hash.toString('hex') as ObjectHash);
    if (hashes.length < filesAtOnce) return;
    after = hashes.at(-1) ?? after;
  }
}

async function bringAllBack(
  { db, repository }: PurgeRecords,
  id: number | bigint,
  { progress, signal }: Work,
): Promise<Purging> {
  let [objects, bytes] = [0, 0];
  for (const page of pagesOf(db, id)) {
    await breathe(signal);
    const back = await repository.bringBack(page);
    objects += back.objects;
    bytes += back.bytes;
    progress({ done: objects, total: null, unit: 'files', words: 'Bringing content back' });
  }
  return { objects, bytes };
}

const remove = ({ db }: PurgeRecords, id: number | bigint, work: Work): Promise<void> =>
  exclusively(db, work, () => {
    db.prepare('DELETE FROM purges WHERE id = ?').run(id);
    return Promise.resolve();
  });

/** A purge that was interrupted: first its content, then its record, so that it is found again until all is back. */
export async function takeBack(place: PurgeRecords, id: number | bigint, work: Work): Promise<void> {
  const on = unstoppable(work);
  await bringAllBack(place, id, on);
  await remove(place, id, on);
}

/** Takes back every purge that a crash interrupted. Before anything else works with the storage. */
export async function settlePurges(place: PurgeRecords, work: Work): Promise<number> {
  const begun = place.db.prepare<[], number>(`SELECT id FROM purges WHERE state = 'begun'`).pluck().all();
  for (const id of begun) await takeBack(place, id, work);
  return begun.length;
}

/**
 * Puts purged content back, as it was. What a crash interrupts in the middle can be done again.
 * @throws StemmaError `purge-missing`, `database-busy`
 */
export async function restorePurge(place: PurgeRecords, uuid: string, work: Work): Promise<PurgeRestored> {
  const found = place.db
    .prepare<[string], { id: number; state: string; files: number }>(
      `SELECT id, state, (SELECT count(*) FROM purged_files WHERE purge_id = purges.id) AS files
       FROM purges WHERE uuid = ?`,
    )
    .get(uuid);
  if (found?.state !== 'restorable') {
    throw userError({
      code: 'purge-missing',
      message: 'This purge cannot be taken back: it was restored already, or removed for good.',
      subject: uuid,
      hint: 'Importing an archive that holds the files brings them back.',
    });
  }
  await breathe(work.signal);
  const on = unstoppable(work);
  const { objects, bytes } = await bringAllBack(place, found.id, on);
  await remove(place, found.id, on);
  return { files: objects, bytes, there: found.files - objects };
}

/**
 * Purged content cannot be restored any more: the next freeing of space lets go of it. The records stay.
 * @returns how much
 */
export function forgetPurges(
  db: Database.Database,
  uuids: readonly string[],
  work: Work,
): Promise<{ readonly files: number; readonly bytes: number }> {
  return exclusively(db, work, async () => {
    const total = { files: 0, bytes: 0 };
    const end = db
      .prepare<[string], number>(
        `UPDATE purges SET state = 'final' WHERE uuid = ? AND state = 'restorable' RETURNING id`,
      )
      .pluck();
    const sum = db.prepare<[number], { files: number; bytes: number }>(
      'SELECT count(*) AS files, ifnull(sum(size), 0) AS bytes FROM purged_files WHERE purge_id = ?',
    );
    for (const uuid of uuids) {
      await breathe(work.signal);
      const id = end.get(uuid);
      const share = id === undefined ? undefined : sum.get(id);
      total.files += share?.files ?? 0;
      total.bytes += share?.bytes ?? 0;
    }
    return total;
  });
}

/** What is to become of content that is set aside, by the records as they are now. */
export type Fate = 'keep' | 'drop' | 'bring-back';

/**
 * Content of which no record knows comes back: a database that was restored from a backup may be older than the files.
 */
export function fates(db: Database.Database): (hash: ObjectHash) => Fate {
  const states = db
    .prepare<[Buffer], string>(
      'SELECT DISTINCT p.state FROM purged_files AS f JOIN purges AS p ON p.id = f.purge_id WHERE f.hash = ?',
    )
    .pluck();
  return (hash) => {
    const found = states.all(Buffer.from(hash, 'hex'));
    if (found.length === 0) return 'bring-back';
    return found.every((state) => state === 'final') ? 'drop' : 'keep';
  };
}
