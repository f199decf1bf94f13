import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RecentArchives } from '#main/handlers/recent-archives.ts';
import { FileHandles } from '#main/profile/file-handles.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const info = { version: '0.4', nodes: 10 };

function place() {
  const folder = temporaryFolder();
  const warnings: string[] = [];
  let now = 1000;
  const start = () =>
    new RecentArchives({
      file: join(folder, 'recent-archives'),
      files: new FileHandles(),
      now: () => now++,
      warn: (message) => warnings.push(message),
    });
  const archive = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, 'an archive');
    return path;
  };
  return { folder, warnings, start, archive };
}

const names = async (recent: RecentArchives) => (await recent.list()).map(({ file }) => file.name);

describe('the archives that were opened last', () => {
  test('stand newest first, once each, at most ten, and are known after a restart', async () => {
    const { start, archive } = place();
    const recent = start();
    for (let i = 0; i < 12; i++) await recent.note(archive(`paper/${i}.aiida`), 'of another start', info);
    await recent.note(archive('paper/5.aiida'), 'of another start', info);
    const wanted = [5, 11, 10, 9, 8, 7, 6, 4, 3, 2].map((i) => `${i}.aiida`);
    expect(await names(recent)).toEqual(wanted);
    expect(await names(start())).toEqual(wanted);
    expect((await start().list())[0]).toMatchObject({ folder: 'paper', version: '0.4', nodes: 10 });
  });

  test('have one handle for as long as the core runs, and no path leaves it', async () => {
    const { start, archive, folder } = place();
    const recent = start();
    await recent.note(archive('a.aiida'), 'of another start', info);
    const [first] = await recent.list();
    const [second] = await recent.list();
    expect(second?.file.handle).toBe(first?.file.handle);
    expect(JSON.stringify(first)).not.toContain(`${folder}/`);
  });

  test('pass over what is gone, and come back with the file', async () => {
    const { start, archive } = place();
    const recent = start();
    const path = archive('a.aiida');
    await recent.note(path, 'of another start', info);
    rmSync(path);
    expect(await recent.list()).toEqual([]);
    archive('a.aiida');
    expect(await names(recent)).toEqual(['a.aiida']);
  });

  test('are forgotten when a person says so', async () => {
    const { start, archive, folder } = place();
    const recent = start();
    await recent.note(archive('a.aiida'), 'of another start', info);
    let told = 0;
    recent.changes.on(() => told++);
    await recent.forget();
    expect(told).toBe(1);
    expect(await start().list()).toEqual([]);
    expect(readFileSync(join(folder, 'recent-archives'), 'utf8')).toBe('[]\n');
  });

  test('begin anew where the list is damaged, and say so', async () => {
    const { start, folder, warnings } = place();
    writeFileSync(join(folder, 'recent-archives'), '{ no list');
    expect(await start().list()).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('cannot be read')]);
  });
});
