import { spawn } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { archiveProfile, makeArchiveProfile } from '../../support/archive-profile.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { addNode, previewOf, problemsOf, purgeNow, putAndGo, restoreNow, sha256 } from './purge-bench.ts';

const small = (text: string): Buffer => Buffer.from(text);
const large = (text: string): Buffer => Buffer.alloc(200_000, text);

test('of random nodes that share content, a purge never takes what another node has, and its restore gives every byte back', async () => {
  const profile = await archiveProfile();
  const contents = Array.from({ length: 12 }, (_, i) =>
    i % 4 === 0 ? large(`${i}`) : small(`content ${i}`),
  );
  await putAndGo(profile, contents);
  const graph = fc.array(
    fc.record({ files: fc.uniqueArray(fc.nat(11), { maxLength: 5 }), chosen: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 8,
    },
  );
  await fc.assert(
    fc.asyncProperty(graph, async (made) => {
      profile.write('DELETE FROM nodes');
      const uuids = made.map(({ files }) =>
        addNode(
          profile,
          files.map((i) => contents[i] as Buffer),
        ),
      );
      const chosen = uuids.filter((_, i) => made[i]?.chosen);
      if (chosen.length === 0) return;
      const stays = new Set(made.flatMap(({ files, chosen: is }) => (is ? [] : files)));
      const goes = new Set(
        made.flatMap(({ files, chosen: is }) => (is ? files : [])).filter((i) => !stays.has(i)),
      );
      const preview = await previewOf(profile, { kind: 'nodes', uuids: chosen });
      expect(preview.files).toBe(goes.size);
      expect(preview.bytes).toBe([...goes].reduce((sum, i) => sum + (contents[i]?.length ?? 0), 0));
      if (goes.size === 0) return;
      const purge = await purgeNow(profile, { kind: 'nodes', uuids: chosen });
      const sizes = await profile.repository.sizes(contents.map(sha256));
      expect(sizes).toEqual(contents.map(({ length }, i) => (goes.has(i) ? null : length)));
      await restoreNow(profile, purge.uuid);
      for (const bytes of contents)
        expect(Buffer.from(await profile.repository.bytes(sha256(bytes))).equals(bytes)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('killed in the middle of a purge, of its restore or of freeing, a profile is whole, and each file is there or purged by record', async () => {
  const folder = temporaryFolder();
  const first = await makeArchiveProfile(folder);
  const contents = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? large(`n${i}`) : small(`n${i}`)));
  await putAndGo(first, contents);
  for (const bytes of contents) addNode(first, [bytes]);
  await first.close();
  for (const doing of ['purge', 'restore', 'free']) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-purge.ts'), folder, doing], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve) => {
      child.stdout.once('data', () => child.kill('SIGKILL'));
      child.once('close', () => resolve());
    });
    const profile = await makeArchiveProfile(folder);
    await profile.storage.settle();
    expect(profile.rows(`SELECT * FROM purges WHERE state = 'begun'`)).toEqual([]);
    expect(await problemsOf(profile)).toEqual([]);
    const purged = new Set(
      profile.rows<{ hash: Buffer }>('SELECT hash FROM purged_files').map(({ hash }) => hash.toString('hex')),
    );
    // a purge that was cut is taken back, a restore that was cut is done again, and what is gone is on record
    if (doing === 'purge') expect(purged.size).toBe(0);
    for (const { uuid, state } of await profile.readers.profile.purges(null)) {
      if (state === 'restorable') await profile.storage.restorePurge(uuid);
    }
    for (const bytes of contents) {
      const hash = sha256(bytes);
      if (doing === 'free' && purged.has(hash)) continue;
      expect((await profile.repository.bytes(hash)).length).toBe(bytes.length);
    }
    await profile.close();
  }
});
