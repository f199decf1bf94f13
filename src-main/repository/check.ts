import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type Database from 'better-sqlite3';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { largeFile, type Layout } from './layout.ts';
import { leftovers, removeLeftover } from './leftovers.ts';
import { hashOfKey, IndexReader } from './object-index.ts';
import type { ObjectWriter } from './object-writer.ts';
import { ProblemList } from './problem-list.ts';
import type { CheckedPart, CheckPart } from './protocol.ts';

interface Row {
  readonly hash: Buffer;
  readonly size: number;
  readonly place: number | null;
}

async function hashOfFile(file: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }))
    digest.update(chunk as Buffer);
  return digest.digest('hex');
}

/** A page ends after so many objects, or when so much was read: whoever follows the check hears of it, or ends it. */
const objectsOfPage = 200;
const bytesOfPage = 64_000_000;

/** What one request for a part of a check looks at. */
export interface CheckPlace {
  readonly layout: Layout;
  readonly db: Database.Database;
  readonly writer: ObjectWriter;
  /** Every object is read again, and compared with its hash. */
  readonly readAll: boolean;
}

/**
 * A part of a check. A check asks for `structure`, for every page of `objects`, and for `leftovers`; other requests are
 * served in between, and a check that nobody wants any more just stops asking.
 */
export async function checkPart(part: CheckPart, place: CheckPlace): Promise<CheckedPart> {
  const problems = new ProblemList();
  let done: Omit<CheckedPart, 'problems'> = { checked: 0, total: null, next: null };
  try {
    if (part.kind === 'structure') {
      checkStructure(place.db, place.readAll, problems);
      done = { ...done, total: countObjects(place.db) };
    } else if (part.kind === 'objects') done = await checkPage(part.after, place, problems);
    else await clearLeftovers(place, problems);
  } catch (error) {
    if (part.kind === 'leftovers') throw error;
    // SQLite gives up on a page that makes no sense; what can be said is that the index is broken, and where
    const why = error instanceof Error ? error.message : String(error);
    problems.add('object-damaged', 'objects.sqlite', `The index cannot be read to its end: ${why}.`);
  }
  return { problems: problems.list(), ...done };
}

/** Is each object there, is it as long as it was, and with `readAll`, does it still have its hash. */
async function checkPage(
  after: Uint8Array,
  { layout, db, readAll }: CheckPlace,
  problems: ProblemList,
): Promise<Omit<CheckedPart, 'problems'>> {
  const index = new IndexReader(db);
  const rows = db
    .prepare<[Uint8Array, Uint8Array, number], Row>(
      // what is set aside is to be good too when it comes back
      `SELECT hash, size, place FROM objects WHERE hash > ?
       UNION ALL SELECT hash, size, place FROM purged WHERE kept AND hash > ? ORDER BY hash LIMIT ?`,
    )
    .all(after, after, objectsOfPage);
  let checked = 0;
  let bytes = 0;
  for (const row of rows) {
    await checkObject(layout, index, row, readAll, problems);
    checked++;
    bytes += row.size;
    if (readAll && bytes >= bytesOfPage) break;
  }
  const isLast = checked === rows.length && rows.length < objectsOfPage;
  return { checked, total: null, next: isLast ? null : new Uint8Array(rows[checked - 1]?.hash ?? after) };
}

/** Leftovers of ours are removed and named; what is not ours is only named. */
async function clearLeftovers({ layout, db, writer }: CheckPlace, problems: ProblemList): Promise<void> {
  for await (const leftover of leftovers(layout, new IndexReader(db), writer)) {
    if (leftover.ours) {
      await removeLeftover(leftover);
      problems.add('object-leftover', leftover.name, 'A file that was never completed. It has been removed.');
    } else {
      problems.add('object-misnamed', leftover.name, 'A file whose name is no hash. Nothing refers to it.');
    }
  }
}

const countObjects = (db: Database.Database): number =>
  db
    .prepare<[], number>('SELECT (SELECT count(*) FROM objects) + (SELECT count(*) FROM purged WHERE kept)')
    .pluck()
    .get() ?? 0;

function checkStructure(db: Database.Database, readAll: boolean, problems: ProblemList): void {
  const found = db.pragma(readAll ? 'integrity_check(20)' : 'quick_check(20)') as readonly object[];
  const lines = found.flatMap((row) => Object.values(row).map(String));
  if (lines.length === 1 && lines[0] === 'ok') return;
  for (const line of lines)
    problems.add('object-damaged', 'objects.sqlite', `The index is damaged: ${line}.`);
}

async function checkObject(
  layout: Layout,
  index: IndexReader,
  row: Row,
  readAll: boolean,
  problems: ProblemList,
): Promise<void> {
  const hash = hashOfKey(row.hash);
  const state =
    row.place === null
      ? await largeState(layout, hash, row.size, readAll)
      : smallState(index.content(row.place), hash, row.size, readAll);
  if (state === 'missing') problems.add('object-missing', hash, 'The file is gone.');
  else if (state !== 'good') problems.add('object-damaged', hash, state);
}

type State = 'good' | 'missing' | `The ${string}.`;

function smallState(content: Buffer | null, hash: ObjectHash, size: number, readAll: boolean): State {
  if (content === null) return 'missing';
  if (content.length !== size) return `The file has ${content.length} bytes and had ${size}.`;
  if (readAll && createHash('sha256').update(content).digest('hex') !== hash) {
    return 'The file does not have its hash.';
  }
  return 'good';
}

async function largeState(layout: Layout, hash: ObjectHash, size: number, readAll: boolean): Promise<State> {
  const file = largeFile(layout, hash);
  try {
    const found = await stat(file);
    if (found.size !== size) return `The file has ${found.size} bytes and had ${size}.`;
    if (readAll && (await hashOfFile(file)) !== hash) return 'The file does not have its hash.';
    return 'good';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    return `The file cannot be read: ${(error as Error).message}.`;
  }
}
