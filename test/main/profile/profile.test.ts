import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openProfile } from '#main/profile/profile.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('an open profile is locked, writes its log, and is free again when it is closed', async () => {
  const directory = join(temporaryFolder(), 'p');
  const profile = await openProfile({ directory });
  await expect(openProfile({ directory })).rejects.toMatchObject({ code: 'profile-in-use' });
  profile.redactor.learn('open sesame');
  profile.log.info('test', 'Said open sesame');
  profile.close();
  expect(readFileSync(join(profile.paths.logs, 'stemma.jsonl'), 'utf8')).toContain('Said [redacted]');
  (await openProfile({ directory })).close();
});
