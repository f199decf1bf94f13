import type { ObjectHash } from '#shared/provenance/ids.ts';
import { isHeld, removeFiles, type LetGoPlace } from './let-go.ts';
import { IndexReader, keyOf } from './object-index.ts';
import type { Purging } from './types.ts';

/**
 * Purges the content of objects: their rows go over to `purged`, in one commit, and the content stays where it is until
 * it is dropped or comes back. Nothing is written or removed on the disk but the rows, so a crash leaves each object on
 * one side or the other.
 */
export function setAside(
  hashes: readonly ObjectHash[],
  time: number,
  place: LetGoPlace,
): Purging & { readonly held: readonly ObjectHash[] } {
  const { db } = place;
  const index = new IndexReader(db);
  const insert = db.prepare<[Buffer, number, number, number | null]>(
    'INSERT OR REPLACE INTO purged (hash, size, time, kept, place) VALUES (?, ?, ?, 1, ?)',
  );
  const remove = db.prepare<[Buffer]>('DELETE FROM objects WHERE hash = ?');
  const held: ObjectHash[] = [];
  let [objects, bytes] = [0, 0];
  db.transaction(() => {
    for (const hash of hashes) {
      const row = index.row(hash);
      if (row === null) continue;
      if (isHeld(hash, place)) {
        held.push(hash);
        continue;
      }
      insert.run(keyOf(hash), row.size, Math.round(time), row.place);
      remove.run(keyOf(hash));
      objects++;
      bytes += row.size;
    }
  })();
  return { objects, bytes, held };
}

/** The way back; what has come again by itself, or was dropped, is passed over. */
export function bringBack(hashes: readonly ObjectHash[], { db }: Pick<LetGoPlace, 'db'>): Purging {
  const index = new IndexReader(db);
  const insert = db.prepare<[Buffer, number, number | null]>(
    'INSERT INTO objects (hash, size, place) VALUES (?, ?, ?)',
  );
  const remove = db.prepare<[Buffer]>('DELETE FROM purged WHERE hash = ?');
  let [objects, bytes] = [0, 0];
  db.transaction(() => {
    for (const hash of hashes) {
      const row = index.purged(hash);
      if (row === null || row.kept === 0) continue;
      insert.run(keyOf(hash), row.size, row.place);
      remove.run(keyOf(hash));
      objects++;
      bytes += row.size;
    }
  })();
  return { objects, bytes };
}

/**
 * Lets go of what is set aside. First the index says so, in one commit, then the files go: what a crash leaves in between
 * is a file that the index does not know, which the next start removes.
 */
export async function drop(
  hashes: readonly ObjectHash[],
  { layout, db, writer }: LetGoPlace,
): Promise<Purging> {
  const index = new IndexReader(db);
  const forget = db.prepare<[Buffer]>('UPDATE purged SET kept = 0, place = NULL WHERE hash = ?');
  const dropContent = db.prepare<[number]>('DELETE FROM contents WHERE id = ?');
  const files: ObjectHash[] = [];
  let [objects, bytes] = [0, 0];
  db.transaction(() => {
    for (const hash of hashes) {
      const row = index.purged(hash);
      if (row === null || row.kept === 0) continue;
      forget.run(keyOf(hash));
      if (row.place === null) files.push(hash);
      else dropContent.run(row.place);
      objects++;
      bytes += row.size;
    }
  })();
  await removeFiles(files, { layout, writer, isWanted: (hash) => index.isFile(hash) });
  return { objects, bytes };
}
