import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openArchives } from '#main/cli/core-for-archives.ts';
import type { ArchiveCore } from '#main/cli/world.ts';
import type { ImportReport } from '#shared/contract/areas/sharing.ts';
import { ArchiveBuilder } from '../support/archive-builder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function imported(core: ArchiveCore, file: string): Promise<ImportReport | null> {
  const { handle } = await core.files.offer(file);
  let report: ImportReport | null = null;
  for await (const item of core.client.listen('archives.import', { file: handle })) {
    if (item.kind === 'done') ({ report } = item);
  }
  return report;
}

test('a profile that is open for its archives alone takes them in and gives them out', async () => {
  const builder = new ArchiveBuilder();
  builder.node({ files: { 'a.txt': 'some text' } });
  const file = await builder.write();
  const profile = join(temporaryFolder(), 'profile');
  const core = await openArchives(profile);
  try {
    await expect(openArchives(profile)).rejects.toMatchObject({ code: 'profile-in-use' });
    expect(await imported(core, file)).toMatchObject({ nodes: { new: 1 }, files: { new: 1 } });
    const { handle } = await core.files.reserve(join(temporaryFolder(), 'out.aiida'));
    const selection = { what: { kind: 'all' } } as const;
    const kinds: unknown[] = [];
    for await (const item of core.client.listen('archives.export', { selection, to: handle })) {
      kinds.push(item.kind);
      if (item.kind === 'done') expect(item.info).toMatchObject({ nodes: 1, files: 1 });
    }
    expect(kinds.at(-1)).toBe('done');
  } finally {
    await core.close();
  }
  // it has let go of the lock
  const again = await openArchives(profile);
  expect(await imported(again, file)).toMatchObject({ nodes: { new: 0, identical: 1 } });
  await again.close();
});

test('what is no archive is refused in words, and the profile closes as ever', async () => {
  const core = await openArchives(join(temporaryFolder(), 'profile'));
  await expect(imported(core, import.meta.filename)).rejects.toMatchObject({ code: 'not-an-archive' });
  await core.close();
});
