import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { defaultProfileDirectory, makeProfileFolder, profilePaths } from '#main/profile/folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('the default profile lies where each platform keeps the data of its programs', () => {
  const at = (platform: NodeJS.Platform, env: Record<string, string>): string =>
    defaultProfileDirectory({ platform, env, home: '/home/u' });
  expect(at('linux', {})).toBe('/home/u/.local/share/stemma/default');
  expect(at('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/stemma/default');
  expect(at('linux', { XDG_DATA_HOME: 'relative' })).toBe('/home/u/.local/share/stemma/default');
  expect(at('darwin', {})).toBe('/home/u/Library/Application Support/Stemma/default');
  expect(at('win32', { LOCALAPPDATA: '/l' })).toBe('/l/Stemma/default');
});

test('the folders are for their owner alone, even under the most open umask', async () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const paths = profilePaths(join(temporaryFolder(), 'deep', 'profile'));
  await makeProfileFolder(paths);
  await makeProfileFolder(paths);
  for (const folder of [paths.directory, paths.repository, paths.logs, paths.exports, paths.cache]) {
    expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
  }
});

test('a folder with other files is refused and left as it was', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'thesis'));
  await expect(makeProfileFolder(profilePaths(folder))).rejects.toMatchObject({
    code: 'not-a-profile',
    message: expect.stringContaining('thesis'),
  });
  expect(readdirSync(folder)).toEqual(['thesis']);
});

test('a folder with other files beside a database of ours is a profile', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'stemma.sqlite'), '');
  writeFileSync(join(folder, 'notes.txt'), '');
  await makeProfileFolder(profilePaths(folder));
  expect(readdirSync(folder)).toContain('repository');
});

test('a file is no profile', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  await expect(makeProfileFolder(profilePaths(file))).rejects.toMatchObject({ code: 'profile-not-a-folder' });
});

test('a folder that cannot be looked into is refused: it may hold what is not ours', async () => {
  const folder = join(temporaryFolder(), 'round');
  symlinkSync(folder, folder);
  await expect(makeProfileFolder(profilePaths(folder))).rejects.toMatchObject({
    code: 'profile-not-readable',
  });
});
