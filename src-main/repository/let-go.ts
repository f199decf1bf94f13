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

/** Whether somebody may be about to name it. */
export const isHeld = (hash: ObjectHash, { holds, writer }: Pick<LetGoPlace, 'holds' | 'writer'>): boolean =>
  holds.isHeld(hash) || writer.arriving.has(hash);

/**
 * Lets objects go that nobody names. First out of the index, in one commit, then the files: what a crash leaves in
 * between is a file that the index does not know, which the next start removes.
 */
export async function letGo(hashes: readonly ObjectHash[], place: LetGoPlace): Promise<LetGo> {
  const { layout, db, writer } = place;
  const index = new IndexReader(db);
  const dropObject = db.prepare<[Buffer]>('DELETE FROM objects WHERE hash = ?');
  const dropContent = db.prepare<[number]>('DELETE FROM contents WHERE id = ?');
  const files: ObjectHash[] = [];
  let [objects, bytes, held] = [0, 0, 0];
  db.transaction(() => {
    for (const hash of hashes) {
      const row = index.row(hash);
      if (row === null) continue;
      if (isHeld(hash, place)) {
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
  await removeFiles(files, { layout, writer, isWanted: (hash) => index.row(hash) !== null });
  return { objects, bytes, held };
}

/** Removes files that the index does not name any more. */
export async function removeFiles(
  files: readonly ObjectHash[],
  {
    layout,
    writer,
    isWanted,
  }: Pick<LetGoPlace, 'layout' | 'writer'> & { readonly isWanted: (hash: ObjectHash) => boolean },
): Promise<void> {
  for (const hash of files) {
    // it may have come again while others were removed; one that comes now waits until its old file is gone
    if (writer.arriving.has(hash) || isWanted(hash)) continue;
    const gone = discard(largeFile(layout, hash));
    writer.leaving.set(hash, gone);
    try {
      await gone;
    } finally {
      writer.leaving.delete(hash);
    }
  }
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
