import { mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSettings } from '#main/profile/settings.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('settings start with their defaults and survive a restart', async () => {
  const file = join(temporaryFolder(), 'settings');
  const first = await openSettings(file);
  expect(first.current.theme).toBe('system');
  await first.change({ theme: 'dark' });
  expect((await openSettings(file)).current).toEqual({ ...first.current, theme: 'dark' });
});

test('changes that come at once are all kept, and leave no draft', async () => {
  const folder = temporaryFolder();
  const settings = await openSettings(join(folder, 'settings'));
  await Promise.all([
    settings.change({ theme: 'light' }),
    settings.change({ density: 'compact' }),
    settings.change({ hintsDismissed: ['a'] }),
  ]);
  const { current } = await openSettings(join(folder, 'settings'));
  expect(current).toMatchObject({ theme: 'light', density: 'compact', hintsDismissed: ['a'] });
  expect(readdirSync(folder)).toEqual(['settings']);
});

test('nonsense is refused and changes nothing', async () => {
  const settings = await openSettings(join(temporaryFolder(), 'settings'));
  const nonsense = { theme: 'pink' } as unknown as { theme: 'dark' };
  await expect(settings.change(nonsense)).rejects.toMatchObject({ code: 'bad-settings' });
  expect(settings.current.theme).toBe('system');
});

test('what cannot be written is refused, does not hold, and does not hinder the next change', async () => {
  const file = join(temporaryFolder(), 'settings');
  const settings = await openSettings(file);
  mkdirSync(`${file}.new`);
  await expect(settings.change({ theme: 'dark' })).rejects.toMatchObject({ code: 'EISDIR' });
  expect(settings.current.theme).toBe('system');
  rmdirSync(`${file}.new`);
  await settings.change({ density: 'compact' });
  expect((await openSettings(file)).current).toMatchObject({ theme: 'system', density: 'compact' });
});

test('a damaged file is kept aside and said, never overwritten', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'settings');
  writeFileSync(file, '{"theme": "da');
  const settings = await openSettings(file, () => 42);
  expect(settings.current.theme).toBe('system');
  expect(settings.warning).toContain(`${file}.damaged-42`);
  expect(readFileSync(`${file}.damaged-42`, 'utf8')).toBe('{"theme": "da');
});
