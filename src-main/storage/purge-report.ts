import type Database from 'better-sqlite3';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { ObjectReader } from '../repository/object-reader.ts';
import { breathe, type Work } from './exclusive.ts';
import { fates } from './purge-records.ts';

interface Amount {
  files: number;
  bytes: number;
}

export interface PurgedNow {
  /** Content that takes room although it was purged. */
  readonly setAside: Amount;
  /** The part of it that can be restored. */
  readonly restorable: Amount;
  /** How much of each purge is here again, the newest first. */
  readonly backOf: ({ readonly uuid: string } & Amount)[];
}

const filesAtOnce = 5000;
const mostListed = 1000;

/** What the purges have set aside, and what of them has come back. */
export async function purgedNow(
  db: Database.Database,
  objects: ObjectReader,
  { signal }: Work,
): Promise<PurgedNow> {
  const setAside = { files: 0, bytes: 0 };
  const restorable = { files: 0, bytes: 0 };
  const fateOf = fates(db);
  for (const page of objects.setAside()) {
    await breathe(signal);
    for (const { hash, size } of page) {
      add(setAside, size);
      if (fateOf(hash) !== 'drop') add(restorable, size);
    }
  }
  const purges = db
    .prepare<[number], { id: number; uuid: string }>(
      `SELECT id, uuid FROM purges WHERE state <> 'begun' ORDER BY id DESC LIMIT ?`,
    )
    .all(mostListed);
  const backOf: ({ uuid: string } & Amount)[] = [];
  for (const { id, uuid } of purges) backOf.push({ uuid, ...(await comeBack(db, objects, id, signal)) });
  return { setAside, restorable, backOf };
}

async function comeBack(
  db: Database.Database,
  objects: ObjectReader,
  id: number,
  signal: AbortSignal,
): Promise<Amount> {
  const back = { files: 0, bytes: 0 };
  const next = db.prepare<[number, Buffer, number], { hash: Buffer; size: number }>(
    'SELECT hash, size FROM purged_files WHERE purge_id = ? AND hash > ? ORDER BY hash LIMIT ?',
  );
  for (let after: Buffer = Buffer.alloc(0); ;) {
    await breathe(signal);
    const rows = next.all(id, after, filesAtOnce);
    for (const { hash, size } of rows) {
      if (objects.size(hash.toString('hex') as ObjectHash) !== null) add(back, size);
    }
    if (rows.length < filesAtOnce) return back;
    after = rows.at(-1)?.hash ?? after;
  }
}

function add(to: Amount, bytes: number): void {
  to.files++;
  to.bytes += bytes;
}
