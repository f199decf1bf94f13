import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readArchiveInfo } from '#main/archive/aiida/archive-info.ts';
import { forkChild } from '#main/isolate/peer.ts';
import { residentMemory } from '#main/isolate/resident-memory.ts';
import { errorInfo } from '#shared/base/errors.ts';
import type { ArchiveInfo } from '#shared/contract/areas/sharing.ts';
import { noSharedArchives, sharedArchives, type IndexedArchive } from '../../support/shared-archives.ts';
import { skipReason } from '../../support/skips.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const archives = sharedArchives();

/** In this thread; a task of its own for each would load all modules for each. */
function infoOf({ path }: IndexedArchive, cache: string): Promise<ArchiveInfo> {
  const startReader = () => forkChild(residentMemory)('foreign-child');
  return readArchiveInfo(path, { cache, startReader, now: Date.now }, new AbortController().signal);
}

/**
 * Archives whose tables have the names of Django classes (0.1, 0.2, and some that call themselves 0.3): whoever made the
 * index looked for `Group` and `Computer`, and so counted none of theirs.
 */
const countsNoGroups = ({ version, groups, computers }: IndexedArchive): boolean =>
  ['0.1', '0.2', '0.3'].includes(version) && groups === 0 && computers === 0;

describe.skipIf(skipReason('real archives', noSharedArchives) !== null)('of real archives', () => {
  test('each gives the version and the counts of the index, and leaves nothing behind', async () => {
    const cache = temporaryFolder();
    const known = archives.filter(({ version }) => version !== '?');
    expect(known.length).toBe(164);
    let uncounted = 0;
    for (const archive of known) {
      const { file, version, aiida, nodes, links, groups, computers, logs, comments, repo } = archive;
      const info = await infoOf(archive, cache);
      if (countsNoGroups(archive) && info.groups + info.computers > 0) uncounted++;
      else
        expect({ file, groups: info.groups, computers: info.computers }).toEqual({ file, groups, computers });
      expect({ file, ...info }).toMatchObject({
        file,
        version,
        aiidaVersion: aiida,
        nodes,
        links,
        logs,
        comments,
        // the index says nothing of archives that have their files by node
        ...(version.startsWith('0.') ? {} : { files: repo }),
      });
      expect(info.users).toBeGreaterThanOrEqual(nodes > 0 ? 1 : 0);
    }
    expect(uncounted).toBe(14);
    expect(readdirSync(cache)).toEqual([]);
  });

  test('what is no archive is refused by one sentence', async () => {
    const cache = temporaryFolder();
    const others = archives.filter(({ version }) => version === '?');
    expect(others.length).toBe(3);
    for (const archive of others) {
      const error = await infoOf(archive, cache).then(() => null, errorInfo);
      expect(error).toMatchObject({ code: 'not-an-archive', family: 'user' });
      expect(error?.message).toMatch(/^“[^”]+” is not an AiiDA archive: [^.\n]+\.$/);
    }
    expect(readdirSync(cache)).toEqual([]);
  });
});
