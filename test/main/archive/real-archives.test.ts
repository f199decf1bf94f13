import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ZipArchive } from '#main/archive/aiida/container/zip-archive.ts';
import { archiveInfo } from '#main/archive/archives.ts';
import { errorInfo } from '#shared/base/errors.ts';
import { noSharedArchives, sharedArchives } from '../../support/shared-archives.ts';
import { skipReason } from '../../support/skips.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const archives = sharedArchives();

describe.skipIf(skipReason('real archives', noSharedArchives) !== null)('of real archives', () => {
  test('each of version main_0001 gives the counts that AiiDA gives, and leaves nothing behind', async () => {
    const cache = join(temporaryFolder(), 'cache');
    mkdirSync(cache);
    const ours = archives.filter(({ version }) => version === 'main_0001');
    expect(ours.length).toBe(12);
    for (const {
      file,
      path,
      version,
      aiida,
      nodes,
      links,
      groups,
      computers,
      logs,
      comments,
      repo,
    } of ours) {
      const { users, ...info } = await archiveInfo(path, { cache });
      expect({ file, ...info }).toEqual({
        file,
        version,
        aiidaVersion: aiida,
        nodes,
        links,
        groups,
        computers,
        logs,
        comments,
        files: repo,
      });
      expect(users).toBeGreaterThanOrEqual(nodes > 0 ? 1 : 0);
    }
    expect(readdirSync(cache)).toEqual([]);
  });

  test('each of another version is refused by one sentence that names the version', async () => {
    const others = archives.filter(({ version }) => version !== 'main_0001');
    expect(others.length).toBeGreaterThan(100);
    for (const { file, path, version } of others) {
      const error = await ZipArchive.open(path).then(() => null, errorInfo);
      const code = version === '?' ? 'not-an-archive' : 'archive-version';
      expect({ file, code: error?.code, family: error?.family }).toEqual({ file, code, family: 'user' });
      expect(error?.message.match(/\./g)?.length ?? 0).toBeGreaterThan(0);
      if (version !== '?') expect(error?.message).toContain(`has version ${version}, `);
    }
  });
});
