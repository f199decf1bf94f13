import { copyFileSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OpenArchives } from '#main/handlers/open-archives.ts';
import { archiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { legacyArchive } from '../../support/legacy-archive.ts';

/** So many that the thread takes breath while it converts them. */
const many = 2500;

/** What is told while the file opens, until `until` says so; then it is cancelled. */
async function look(
  profile: ArchiveTestProfile,
  file: string,
  until: (words: string) => boolean,
): Promise<readonly string[]> {
  const { handle } = await profile.files.offer(file);
  const cancel = new AbortController();
  const told: string[] = [];
  const items = profile.handlers['archives.look']({ file: handle }, { signal: cancel.signal });
  try {
    for await (const item of items) {
      if (item.kind === 'done') return [...told, 'done'];
      const { words } = item.progress;
      if (told.at(-1) !== words) told.push(words);
      if (until(words)) cancel.abort();
    }
  } catch (error) {
    if (!cancel.signal.aborted) throw error;
  }
  return told;
}

const cacheOf = ({ folder }: ArchiveTestProfile): readonly string[] => readdirSync(join(folder, 'cache'));

describe('an archive that is opened to be looked at', () => {
  test('tells the stages of an old one, how it was read, and goes without a trace', async () => {
    const profile = await archiveProfile();
    const told = await look(profile, legacyArchive(many), () => false);
    expect(told[0]).toBe('Reading the list of its files');
    expect(told.slice(-2)).toEqual([expect.stringMatching(/^(Checking its|Counting what)/), 'done']);
    const [opened] = profile.open.list();
    expect(opened).toMatchObject({ name: 'old.aiida', info: { version: '0.9', nodes: many } });
    expect(opened?.notes[0]).toContain('version 0.9');
    expect(opened?.notes[0]).toContain('the file itself stays as it is');
    expect(cacheOf(profile)).toHaveLength(1);
    await profile.open.close(opened?.source ?? '');
    expect(cacheOf(profile)).toEqual([]);
  });

  test('takes away what a crash has left, and nothing else', async () => {
    const profile = await archiveProfile();
    const cache = join(profile.folder, 'cache');
    for (const name of ['open-left', 'uploads']) mkdirSync(join(cache, name), { recursive: true });
    await profile.open.clear();
    expect(cacheOf(profile)).toEqual(['uploads']);
  });

  for (const stage of ['Reading the list', 'Reading nodes', 'Converting', 'Checking']) {
    test(`leaves nothing on the disk when it is cancelled at “${stage}…”`, async () => {
      const profile = await archiveProfile();
      const told = await look(profile, legacyArchive(many), (words) => words.startsWith(stage));
      // a stage that is over before it is told is no failure: then it is open
      if (told.at(-1) === 'done')
        for (const { source } of profile.open.list()) await profile.open.close(source);
      expect(profile.open.list()).toEqual([]);
      expect(cacheOf(profile)).toEqual([]);
    });
  }
});

async function small(change: (builder: ArchiveBuilder) => void = () => {}): Promise<string> {
  const builder = new ArchiveBuilder();
  for (let i = 0; i < 3; i++) builder.node();
  change(builder);
  return builder.write();
}

const page = (profile: ArchiveTestProfile, source: string) =>
  profile.readers
    .source(source)
    .reader.findNodes({ filter: '', typePrefix: '', group: null, after: null, limit: 10 });

describe('an archive that is opened twice', () => {
  test('is the same one, also when both began at once, until it is closed', async () => {
    const profile = await archiveProfile();
    const file = await small();
    const told: string[] = [];
    const [one, two] = await Promise.all([
      profile.open.open(file, 'one'),
      profile.open.open(file, 'two', { onProgress: ({ words }) => told.push(words) }),
    ]);
    expect(two).toBe(one);
    expect(told).toEqual(['It is being opened already']);
    expect(await profile.open.open(file, 'three')).toBe(one);
    expect(cacheOf(profile)).toHaveLength(1);
    await profile.open.close(one.source);
    const again = await profile.open.open(file, 'four');
    expect(again.source).not.toBe(one.source);
    await profile.open.closeAll();
    expect(cacheOf(profile)).toEqual([]);
  });

  test('is opened anew when it has changed', async () => {
    const profile = await archiveProfile();
    const file = await small();
    const one = await profile.open.open(file, 'one');
    copyFileSync(await small((builder) => builder.node()), file);
    utimesSync(file, 1, 1);
    const two = await profile.open.open(file, 'two');
    expect([one.info.nodes, two.info.nodes]).toEqual([3, 4]);
    expect(profile.open.list()).toHaveLength(2);
  });

  test('is opened by the second where the first was cancelled or has failed', async () => {
    const profile = await archiveProfile();
    const file = await small();
    const cancel = new AbortController();
    const one = profile.open.open(file, 'one', {
      signal: cancel.signal,
      onProgress: () => cancel.abort(),
    });
    const two = profile.open.open(file, 'two');
    await expect(one).rejects.toThrow();
    expect((await two).info.nodes).toBe(3);
    expect(profile.open.list()).toHaveLength(1);
    const letter = join(profile.folder, 'letter.aiida');
    writeFileSync(letter, 'a letter to a colleague');
    const refused = [profile.open.open(letter, 'a'), profile.open.open(letter, 'b')];
    for (const opening of refused) await expect(opening).rejects.toMatchObject({ code: 'not-an-archive' });
  });
});

describe('an archive that is so large that it shows before all of it was looked at', () => {
  const tooLong = (builder: ArchiveBuilder): void => {
    builder.node({ label: 'x'.repeat(20_000) });
  };

  /** As if every one was large. */
  const largeOnes = ({ readers, folder }: ArchiveTestProfile): OpenArchives =>
    new OpenArchives(readers, join(folder, 'cache'), Date.now, 0);

  test('is as it was when the look has found nothing', async () => {
    const profile = await archiveProfile();
    const open = largeOnes(profile);
    const { source, damage } = await open.open(await small(), 'one');
    expect(damage).toBeNull();
    expect((await page(profile, source)).rows).toHaveLength(3);
    await open.closeAll();
    expect(cacheOf(profile)).toEqual([]);
  });

  test('shows nothing any more, and says why, when the look has found something', async () => {
    const profile = await archiveProfile();
    const open = largeOnes(profile);
    const damaged = new Promise<void>((resolve) => {
      open.changes.on(() => {
        if (open.list().some(({ damage }) => damage !== null)) resolve();
      });
    });
    const file = await small(tooLong);
    const { source } = await open.open(file, 'one');
    await damaged;
    expect(open.list()).toMatchObject([{ source, damage: { code: 'archive-too-large', family: 'user' } }]);
    expect(() => profile.readers.source(source)).toThrow('db_dbnode has a label of 20');
    // it is not handed out again: another try looks again
    expect((await open.open(file, 'two')).source).not.toBe(source);
    await open.closeAll();
    expect(cacheOf(profile)).toEqual([]);
  });

  test('is refused before it shows where it is small', async () => {
    const profile = await archiveProfile();
    await expect(profile.open.open(await small(tooLong), 'one')).rejects.toMatchObject({
      code: 'archive-too-large',
    });
    expect(cacheOf(profile)).toEqual([]);
  });
});
