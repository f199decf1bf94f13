import { statfsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { formatBytes } from '#shared/base/bytes.ts';
import { operationalError } from '#shared/base/errors.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { discard } from './durable.ts';
import type { Holds } from './holds.ts';
import { largeFile, type Layout } from './layout.ts';
import { IndexReader, keyOf } from './object-index.ts';
import type { ObjectWriter } from './object-writer.ts';
import type { LetGo } from './types.ts';

export interface LetGoPlace {
  readonly layout: Layout;
  readonly db: Database.Database;
  readonly holds: Holds;
  readonly writer: Pick<ObjectWriter, 'arriving' | 'leaving'>;
}

/**
 * Lets objects go that nobody names. First out of the index, in one commit, then the files: what a crash leaves in
 * between is a file that the index does not know, which the next start removes.
 */
export async function letGo(
  hashes: readonly ObjectHash[],
  { layout, db, holds, writer }: LetGoPlace,
): Promise<LetGo> {
  const index = new IndexReader(db);
  const dropObject = db.prepare<[Buffer]>('DELETE FROM objects WHERE hash = ?');
  const dropContent = db.prepare<[number]>('DELETE FROM contents WHERE id = ?');
  const files: ObjectHash[] = [];
  let [objects, bytes, held] = [0, 0, 0];
  db.transaction(() => {
    for (const hash of hashes) {
      const row = index.row(hash);
      if (row === null) continue;
      if (holds.isHeld(hash) || writer.arriving.has(hash)) {
        held++;
        continue;
      }
      dropObject.run(keyOf(hash));
      if (row.place === null) files.push(hash);
      else dropContent.run(row.place);
      objects++;
      bytes += row.size;
    }
  })();
  for (const hash of files) {
    // it may have come again while others were removed; one that comes now waits until its old file is gone
    if (writer.arriving.has(hash) || index.row(hash) !== null) continue;
    const gone = discard(largeFile(layout, hash));
    writer.leaving.set(hash, gone);
    try {
      await gone;
    } finally {
      writer.leaving.delete(hash);
    }
  }
  return { objects, bytes, held };
}

const pagesAtOnce = 2000;

/**
 * Gives the room that objects have left inside of the index back to the disk, a part at a time. An index that was made
 * before this could be done is copied once as a whole, for which the disk needs its size again.
 * @returns how many pages are left to do
 * @throws StemmaError `disk-short`
 */
export function compactIndex(
  db: Database.Database,
  root: string,
): { readonly left: number; readonly bytes: number } {
  const pageSize = db.pragma('page_size', { simple: true }) as number;
  const free = (): number => db.pragma('freelist_count', { simple: true }) as number;
  const before = free();
  if (before === 0) return { left: 0, bytes: 0 };
  if (db.pragma('auto_vacuum', { simple: true }) === 2) {
    db.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`);
  } else {
    refuseWithoutRoom(root, (db.pragma('page_count', { simple: true }) as number) * pageSize * 2);
    db.pragma('auto_vacuum = INCREMENTAL');
    db.exec('VACUUM');
  }
  const left = free();
  if (left === 0) db.pragma('wal_checkpoint(TRUNCATE)');
  return { left, bytes: (before - left) * pageSize };
}

function refuseWithoutRoom(root: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize > bytes) return;
  throw operationalError({
    code: 'disk-short',
    message: `To give the free room of its index back, the disk needs ${formatBytes(bytes)} for a while, and has ${formatBytes(bavail * bsize)}.`,
    subject: root,
    hint: 'What was let go is free all the same: new files take its place.',
  });
}
