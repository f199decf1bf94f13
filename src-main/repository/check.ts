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
import type { RepositoryProblem } from './types.ts';

interface Row {
  readonly hash: Buffer;
  readonly size: number;
  readonly place: number | null;
}

const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

async function hashOfFile(file: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }))
    digest.update(chunk as Buffer);
  return digest.digest('hex');
}

/**
 * Looks at every object: is it there, is it as long as it was, and with `readAll`, does it still have its hash. Other
 * requests are served in between. Leftovers of ours are removed and named.
 */
export async function checkRepository(
  layout: Layout,
  db: Database.Database,
  writer: ObjectWriter,
  readAll: boolean,
): Promise<{ readonly problems: readonly RepositoryProblem[]; readonly checked: number }> {
  const problems = new ProblemList();
  const index = new IndexReader(db);
  let checked = 0;
  try {
    checkStructure(db, readAll, problems);
    const page = db.prepare<[Buffer], Row>(
      'SELECT hash, size, place FROM objects WHERE hash > ? ORDER BY hash LIMIT 200',
    );
    let after: Buffer = Buffer.alloc(0);
    for (let rows = page.all(after); rows.length > 0; rows = page.all(after)) {
      for (const row of rows) {
        await checkObject(layout, index, row, readAll, problems);
        checked++;
        after = row.hash;
      }
      await breathe();
    }
  } catch (error) {
    // SQLite gives up on a page that makes no sense; what can be said is that the index is broken, and where
    const why = error instanceof Error ? error.message : String(error);
    problems.add('object-damaged', 'objects.sqlite', `The index cannot be read to its end: ${why}.`);
  }
  for await (const leftover of leftovers(layout, index, writer)) {
    if (leftover.ours) {
      await removeLeftover(leftover);
      problems.add('object-leftover', leftover.name, 'A file that was never completed. It has been removed.');
    } else {
      problems.add('object-misnamed', leftover.name, 'A file whose name is no hash. Nothing refers to it.');
    }
  }
  return { problems: problems.list(), checked };
}

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
