import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openReader, openSecondWriter } from '#main/provenance/database.ts';
import { compactDatabase, databaseRoom, looseBytes } from '#main/storage/compact-database.ts';
import type { Work } from '#main/storage/exclusive.ts';
import { freeSpace } from '#main/storage/free-space.ts';
import { ObjectReader } from '#main/repository/object-reader.ts';
import { archiveProfile, makeArchiveProfile } from '../../support/archive-profile.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { fill, rowsLeft, withoutMovablePages } from './compact-bench.ts';
import { putAndGo } from './purge-bench.ts';

const work: Work = { progress: () => undefined, signal: new AbortController().signal };
const plenty = () => Number.POSITIVE_INFINITY;

test('what deletions leave inside of the database goes back to the disk, while others read and write', async () => {
  const profile = await archiveProfile();
  fill(profile, 4000);
  const { database: full } = await profile.storage.report();
  profile.write('DELETE FROM nodes WHERE id % 8 <> 0');
  const left = rowsLeft(profile.database);
  const reader = openReader(profile.database);
  reader.exec('BEGIN');
  const before = reader.prepare('SELECT count(*) FROM nodes').pluck().get();
  const loose = (await profile.storage.report()).loose;
  expect(loose).toBeGreaterThan(full / 2);
  let wrote = 0;
  const report = await profile.storage.free({
    onProgress: ({ words }) => {
      if (!words.startsWith('Giving room of the database') || wrote > 0) return;
      wrote++;
      profile.write(`UPDATE users SET institution = 'meanwhile' WHERE id = 1`);
    },
  });
  expect(wrote).toBe(1);
  expect(report).toMatchObject({ stopped: false, unfinished: [] });
  expect(report.database.before - report.database.after).toBeGreaterThanOrEqual(loose * 0.99);
  expect(reader.prepare('SELECT count(*) FROM nodes').pluck().get()).toBe(before);
  reader.close();
  // the next one cuts the file, which nobody reads as it was any more
  await profile.storage.free();
  expect(statSync(profile.database).size).toBeLessThan(full / 2);
  expect(rowsLeft(profile.database)).toEqual(left);
  expect(profile.rows(`SELECT institution FROM users WHERE id = 1`)).toEqual([{ institution: 'meanwhile' }]);
  expect(await profile.storage.report()).toMatchObject({ loose: 0 });
});

test('a database that was made before pages could move is copied once, and gives room back by parts from then on', async () => {
  const folder = temporaryFolder();
  const made = await makeArchiveProfile(folder);
  await made.close();
  withoutMovablePages(made.database);
  const profile = await makeArchiveProfile(folder);
  fill(profile, 2000);
  profile.write('DELETE FROM nodes WHERE id % 8 <> 0');
  const left = rowsLeft(profile.database);
  const words: string[] = [];
  const report = await profile.storage.free({ onProgress: (progress) => void words.push(progress.words) });
  expect(words).toContain('Copying the database of the profile, once, to make it smaller');
  expect(report.database.after).toBeLessThan(report.database.before / 2);
  expect(statSync(profile.database).size).toBe(report.database.after);
  expect(rowsLeft(profile.database)).toEqual(left);
  profile.write('DELETE FROM nodes');
  words.length = 0;
  expect(
    (await profile.storage.free({ onProgress: (told) => void words.push(told.words) })).unfinished,
  ).toEqual([]);
  expect(words).toContain('Giving room of the database back to the disk');
  await profile.close();
});

test('a copy is refused in words where a disk has no room for it, and not made for little', async () => {
  const folder = temporaryFolder();
  const made = await makeArchiveProfile(folder);
  await made.close();
  withoutMovablePages(made.database);
  const profile = await makeArchiveProfile(folder);
  fill(profile, 2000);
  const db = openSecondWriter(profile.database);
  const objects = new ObjectReader(profile.repository.root);
  expect(looseBytes(db)).toBe(0);
  profile.write('DELETE FROM nodes WHERE id % 8 <> 0');
  const before = databaseRoom(db);
  const report = await freeSpace({ db, objects, repository: profile.repository, roomAt: () => 1000 }, work);
  expect(report.unfinished).toEqual([
    expect.stringMatching(
      /^To make the database smaller, the disk of .* needs \d.* for a while, and has 1\.00 kB\. Free some space there/,
    ),
  ]);
  expect(databaseRoom(db)).toEqual(before);
  await compactDatabase({ db, roomAt: plenty }, work);
  expect(databaseRoom(db).free).toBe(0);
  objects.close();
  db.close();
  await profile.close();
});

test('a freeing that is stopped tells what it has let go of, and the next one does the rest', async () => {
  const profile = await archiveProfile();
  const files = Array.from({ length: 60 }, (_, i) => Buffer.from(`nobody names ${i}`));
  await putAndGo(profile, files);
  fill(profile, 2000);
  profile.write('DELETE FROM nodes');
  const stop = new AbortController();
  const report = await profile.storage.free({
    signal: stop.signal,
    onProgress: ({ words }) => {
      if (words.startsWith('Giving room')) stop.abort();
    },
  });
  expect(report).toMatchObject({ stopped: true, files: 60 });
  expect(await profile.storage.free()).toMatchObject({ stopped: false, files: 0 });
  expect((await profile.storage.report()).loose).toBe(0);
});

test('new profiles are made so that room can be given back part by part', async () => {
  const profile = await archiveProfile();
  const db = new Database(join(profile.folder, 'stemma.sqlite'), { readonly: true });
  expect(db.pragma('auto_vacuum', { simple: true })).toBe(2);
  db.close();
});

test.each(['part by part', 'as a whole'])(
  'killed while its database becomes smaller %s, a profile has every row, and is made smaller the next time',
  async (how) => {
    const folder = temporaryFolder();
    const made = await makeArchiveProfile(folder);
    if (how === 'as a whole') {
      await made.close();
      withoutMovablePages(made.database);
    }
    const first = how === 'as a whole' ? await makeArchiveProfile(folder) : made;
    fill(first, 12_000);
    first.write('DELETE FROM nodes WHERE id % 3 <> 0');
    const left = rowsLeft(first.database);
    await first.close();
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'killed-storage.ts'), folder, 'compact'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const heard = await new Promise<boolean>((resolve) => {
      let told = false;
      child.stdout.once('data', () => {
        told = true;
        child.kill('SIGKILL');
      });
      child.once('close', () => resolve(told));
    });
    expect(heard).toBe(true);
    const profile = await makeArchiveProfile(folder);
    expect(rowsLeft(profile.database)).toEqual(left);
    expect((await profile.storage.free()).unfinished).toEqual([]);
    expect(await profile.storage.report()).toMatchObject({ loose: 0 });
    expect(rowsLeft(profile.database)).toEqual(left);
    await profile.close();
  },
);
