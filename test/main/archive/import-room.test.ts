import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeArchives } from '#main/archive/archives.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { UserId } from '#shared/provenance/ids.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { archiveProfile } from '../../support/archive-profile.ts';

const mebibyte = 1 << 20;

/** An archive of some files of a mebibyte each, every one with another content. */
function withFiles(count: number): ArchiveBuilder {
  const builder = new ArchiveBuilder();
  for (let i = 0; i < count; i++) {
    builder.node({ nodeType: NodeType.folder, files: { 'a.txt': String(i).padEnd(mebibyte, 'x') } });
  }
  return builder;
}

describe('the room that an import needs', () => {
  test('is stated before, with what is free', async () => {
    const profile = await archiveProfile();
    const file = await withFiles(3).write();
    const { disk, files, bytes } = await profile.archives.previewImport(file);
    expect(files).toEqual({ new: 3, identical: 0, changed: 0 });
    expect(disk.files).toBe(3 * mebibyte);
    expect(bytes).toBe(disk.files);
    expect(disk.database).toBeGreaterThan(100_000);
    expect(disk.free).toBeGreaterThan(0);
    await profile.archives.import(file, null);
    const again = await profile.archives.previewImport(file);
    expect(again.disk).toMatchObject({ files: 0, database: 0, temporary: 0 });
  });

  test('refuses the import in words where there is less, before anything is stored', async () => {
    const profile = await archiveProfile();
    const file = await withFiles(1).write();
    const archives = makeArchives({
      database: profile.database,
      repository: profile.repository,
      cache: `${profile.folder}/cache`,
      user: () => 1 as UserId,
      keepFree: () => 1e18,
      onImported: () => {},
    });
    await expect(archives.import(file, null)).rejects.toMatchObject({
      code: 'disk-short',
      message: expect.stringMatching(
        /it needs 1\.\d+ MB for files, .* are free, of which .* are kept/,
      ) as string,
      hint: expect.stringMatching(/^Free .* on the disk of this profile/) as string,
    });
    expect(profile.rows('SELECT * FROM nodes')).toEqual([]);
    const { files } = await archives.previewImport(file);
    expect(files.new).toBe(1);
  });
});

describe('an import that was stopped', () => {
  test('goes on from the files that it has stored, and says so', async () => {
    const profile = await archiveProfile();
    const file = await withFiles(12).write();
    const stop = new AbortController();
    const stopped = profile.archives.import(file, null, {
      signal: stop.signal,
      onProgress: ({ words, done }) => {
        if (words === 'Storing files' && done > 0) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    const preview = await profile.archives.previewImport(file);
    const stored = preview.files.identical;
    expect(stored).toBeGreaterThan(0);
    expect(preview.files.new).toBe(12 - stored);
    expect(preview.resumed).toEqual({ files: stored, bytes: stored * mebibyte });

    let copied = 0;
    const report = await profile.archives.import(file, null, {
      onProgress: ({ words, done }) => {
        if (words === 'Storing files') copied = done;
      },
    });
    expect(copied).toBe((12 - stored) * mebibyte);
    expect(report.resumed).toEqual(preview.resumed);
    expect(report.files).toEqual(preview.files);
    expect((await profile.archives.previewImport(file)).resumed).toBe(null);
    expect(profile.rows('SELECT count(*) AS n FROM nodes')).toEqual([{ n: 12 }]);
  });

  test('begins anew where its notes are gone or cannot be read: they are only for words', async () => {
    const profile = await archiveProfile();
    const builder = withFiles(1);
    builder.log(77, 'of a node that is not there');
    await expect(profile.archives.import(await builder.write(), null)).rejects.toMatchObject({
      code: 'import-refused',
    });
    rmSync(`${profile.folder}/cache`, { recursive: true });
    const preview = await profile.archives.previewImport(await builder.write());
    expect(preview.resumed).toBe(null);
    expect(preview.files).toEqual({ new: 0, identical: 1, changed: 0 });
  });
});
