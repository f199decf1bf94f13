import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { archiveProfile, type ArchiveTestProfile } from '../../support/archive-profile.ts';
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
