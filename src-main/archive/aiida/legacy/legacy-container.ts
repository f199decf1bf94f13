import { statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { Progress } from '#shared/contract/common.ts';
import { archiveDamaged } from '../container/archive-errors.ts';
import { ArchiveContainer, writeMember, type ContainerParts } from '../container/archive-container.ts';
import { checkRoom } from '../container/budgets.ts';
import { FileMember } from '../container/file-member.ts';
import { FileReader } from '../container/file-reader.ts';
import type { FoundMembers } from '../container/found-members.ts';
import { databaseName } from '../container/entry-grammar.ts';
import type { OpenOptions } from '../container/open-options.ts';
import type { LegacyVersion } from '../container/versions.ts';
import { indexes, tables } from '../export/database-schema.ts';
import { JsonFile } from './json-file.ts';
import { LegacyData, type LegacyCounts, type NodeTexts } from './legacy-data.ts';
import { readNodeTrees, type NodeTrees } from './node-trees.ts';
import { Migration } from './steps/all-steps.ts';
import { writeRows } from './write-rows.ts';

type Described = Pick<ContainerParts, 'name' | 'metadata' | 'notes' | 'close'>;

/**
 * An archive of before AiiDA 2.0 in the form of today: its `data.json` becomes a database in a folder of ours, and its
 * files are found by their hash where they are.
 * @throws StemmaError `archive-damaged`, `archive-too-large`
 */
export async function legacyContainer(
  found: FoundMembers,
  version: LegacyVersion,
  described: Described,
  options: OpenOptions,
): Promise<ArchiveContainer> {
  const { progress = () => {}, signal } = options;
  const trees = await readNodeTrees(found.nodePaths, progress, signal);
  for (const [hash, member] of found.loose) if (!trees.objects.has(hash)) trees.objects.set(hash, member);
  const target = path.join(options.scratch, 'migrated.sqlite3');
  const notes = [...described.notes];
  // where the file is read while rows are written says nothing of how many are left
  let words: string | null = 'Reading nodes and links';
  const reading = (at: Progress): void => {
    if (words !== null) progress({ ...at, words });
  };
  await withData(found, described.name, { ...options, progress: reading }, async (file) => {
    checkRoom(described.name, file.size * 2, options.scratch);
    const data = await LegacyData.open(file);
    words = 'Finding their attributes and extras';
    const texts = await data.index();
    words = null;
    await writeDatabase(target, { data, texts, migration: new Migration(version), trees, options, notes });
  });
  const reader = new FileReader(target);
  const place = { name: databaseName, offset: 0, size: statSync(target).size };
  return new ArchiveContainer({
    ...described,
    notes,
    objects: trees.objects,
    database: new FileMember(place, () => reader, false),
    ignored: found.ignored - found.ignoredFolders,
    close() {
      reader.closeFile();
      described.close();
    },
  });
}

/** How much is in it, from `data.json` alone: no file is read, nothing is turned into another form. */
export async function legacyCounts(
  found: FoundMembers,
  name: string,
  options: OpenOptions,
): Promise<LegacyCounts & { readonly files: number }> {
  const counts = await withData(found, name, options, async (data) => (await LegacyData.open(data)).counts());
  const files = found.loose.size + found.nodePaths.filter(({ member }) => member !== null).length;
  return { ...counts, files };
}

/** `data.json`, unpacked into a folder of ours for as long as `read` takes. */
async function withData<T>(
  found: FoundMembers,
  name: string,
  { scratch, progress = () => {}, signal }: OpenOptions,
  read: (data: JsonFile) => Promise<T>,
): Promise<T> {
  if (found.data === null) throw archiveDamaged(name, 'it has no data.json');
  checkRoom(name, found.data.size, scratch);
  const file = path.join(scratch, 'data.json');
  await writeMember(found.data, file, signal);
  const data = new JsonFile(file, (done) => {
    signal?.throwIfAborted();
    progress({ done, total: data.size, unit: 'bytes', words: 'Reading nodes and links' });
  });
  try {
    return await read(data);
  } finally {
    data.close();
  }
}

interface Source {
  readonly data: LegacyData;
  readonly texts: NodeTexts;
  readonly migration: Migration;
  readonly trees: NodeTrees;
  readonly options: OpenOptions;
  readonly notes: string[];
}

async function writeDatabase(file: string, source: Source): Promise<void> {
  const { options, notes } = source;
  const db = new Database(file);
  try {
    // a file that nobody else sees and that is of no use when it is incomplete
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.pragma('foreign_keys = ON');
    db.exec('BEGIN');
    for (const sql of tables) db.exec(sql);
    await writeRows({
      ...source,
      db,
      now: options.now(),
      progress: options.progress ?? ((): void => {}),
      signal: options.signal,
      note: (sentence) => notes.push(sentence),
    });
    for (const sql of indexes) db.exec(sql);
    commit(db);
  } finally {
    db.close();
  }
}

/** References are checked here: all of them are deferred. */
function commit(db: Database.Database): void {
  try {
    db.exec('COMMIT');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!code.startsWith('SQLITE_CONSTRAINT')) throw error;
    throw archiveDamaged('data.json', 'a row of its data.json refers to one that is not in it', error);
  }
}
