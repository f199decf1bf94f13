import { nothingSaid } from '#shared/provenance/archive-words.ts';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HandlerContext } from '#shared/channel/server.ts';
import { defaultImportOptions } from '#shared/contract/areas/import-defaults.ts';
import type { ImportReport } from '#shared/contract/areas/sharing.ts';
import type { ImportItem } from '#main/handlers/import-jobs.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { archiveProfile } from '../../support/archive-profile.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const options = defaultImportOptions;
const context = (): HandlerContext => ({ signal: new AbortController().signal });

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** What a preview or an import ends with. */
function reportIn(items: readonly ImportItem[]): ImportReport {
  const last = items.at(-1);
  if (last?.kind !== 'done') throw new Error('it did not end');
  return last.report;
}

/** A calculation whose output has a small file and a large one. */
async function archive(): Promise<{ file: string; large: Buffer; uuids: readonly string[] }> {
  const builder = new ArchiveBuilder();
  const large = Buffer.alloc(6_000_000, 'pattern that packs well ');
  builder.calculation();
  const folder = builder.node({ nodeType: NodeType.folder, files: { 'large.bin': large.toString() } });
  builder.link(2, folder, 'create', 'retrieved');
  return { file: await builder.write('study.aiida'), large, uuids: builder.uuids };
}

describe('a window', () => {
  test('previews and imports a file that was chosen, and hears how far it is', async () => {
    const profile = await archiveProfile();
    const { file } = await archive();
    const { handle, name, size } = await profile.files.offer(file);
    expect({ name, size }).toEqual({ name: 'study.aiida', size: readFileSync(file).length });
    const seen = await all(profile.handlers['archives.previewImport']({ file: handle, options }, context()));
    expect(seen.slice(0, -1).every(({ kind }) => kind === 'progress')).toBe(true);
    expect(seen.length).toBeGreaterThan(1);
    const preview = reportIn(seen);
    expect(preview.nodes.new).toBe(4);
    expect(preview.created).toBe('2026-03-10T20:49:47');
    expect(preview.names).toMatchObject({ groups: [], users: [expect.stringContaining('@')] });
    const items = await all(profile.handlers['archives.import']({ file: handle, options }, context()));
    expect(items.length).toBeGreaterThan(1);
    expect(items.slice(0, -1).every(({ kind }) => kind === 'progress')).toBe(true);
    expect(items.at(-1)).toMatchObject({ kind: 'done', report: { nodes: { new: 4 } } });
  });

  test('exports to a place that was chosen, and gets the finished file', async () => {
    const profile = await archiveProfile();
    const { file } = await archive();
    await profile.archives.import(file, null);
    const { handle } = await profile.files.reserve(join(temporaryFolder(), 'out.aiida'));
    const selection = { what: { kind: 'all' }, rules: {}, logs: true, comments: true } as const;
    const items = await all(
      profile.handlers['archives.export'](
        { selection, to: handle, about: nothingSaid, anonymous: null, compression: 6 },
        context(),
      ),
    );
    const done = items.at(-1);
    if (done?.kind !== 'done') throw new Error('the export did not end');
    expect(done.info.nodes).toBe(4);
    expect(done.file.size).toBe(readFileSync(profile.files.pathOf(handle) ?? '').length);
    expect(done.file.handle).toBe(handle);
  });

  test('can name no file that was not chosen, nor write over one that was chosen to be read', async () => {
    const profile = await archiveProfile();
    const { file } = await archive();
    const { handle } = await profile.files.offer(file);
    const selection = { what: { kind: 'all' }, rules: {}, logs: true, comments: true } as const;
    await expect(
      all(
        profile.handlers['archives.export'](
          { selection, to: handle, about: nothingSaid, anonymous: null, compression: 6 },
          context(),
        ),
      ),
    ).rejects.toMatchObject({ code: 'unknown-file' });
    for (const other of [file, '../../etc/passwd', '']) {
      await expect(
        all(profile.handlers['archives.previewImport']({ file: other, options }, context())),
      ).rejects.toThrow('not chosen here');
    }
  });

  test('cancels a preview by no longer listening', async () => {
    const profile = await archiveProfile();
    const { file } = await archive();
    const { handle } = await profile.files.offer(file);
    const cancel = new AbortController();
    const items = profile.handlers['archives.previewImport'](
      { file: handle, options },
      { signal: cancel.signal },
    );
    const heard = (async () => {
      for await (const { kind } of items) if (kind === 'progress') cancel.abort();
    })();
    await expect(heard).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('cancels an import by no longer listening', async () => {
    const profile = await archiveProfile();
    const { file } = await archive();
    const { handle } = await profile.files.offer(file);
    const cancel = new AbortController();
    const items = profile.handlers['archives.import']({ file: handle, options }, { signal: cancel.signal });
    const heard = (async () => {
      for await (const { kind } of items) if (kind === 'progress') cancel.abort();
    })();
    await expect(heard).rejects.toMatchObject({ code: 'cancelled' });
    expect(profile.rows('SELECT * FROM nodes')).toEqual([]);
  });

  test('is offered the demo project', async () => {
    const profile = await archiveProfile();
    const { handle, name } = await profile.handlers['archives.demo']({}, context());
    expect(name).toBe('demo.aiida');
    const report = reportIn(
      await all(profile.handlers['archives.previewImport']({ file: handle, options }, context())),
    );
    expect(report.conflicts).toEqual([]);
  });
});

describe('an archive that is open without being imported', () => {
  test('is a source like the profile, with its files, until it is closed', async () => {
    const profile = await archiveProfile();
    const { file, large, uuids } = await archive();
    const { handle } = await profile.files.offer(file);
    const opened = await profile.handlers['archives.open']({ file: handle }, context());
    expect(opened).toMatchObject({
      file: handle,
      name: 'study.aiida',
      info: { nodes: 4, links: 3, files: 2, version: 'main_0001' },
    });
    expect(profile.rows('SELECT * FROM nodes')).toEqual([]);

    const { reader, objects } = profile.readers.source(opened.source);
    const node = await reader.node({ uuid: uuids[2] ?? '' });
    expect(node?.ref.nodeType).toBe(NodeType.int);
    const small = (await reader.fileHash({ uuid: uuids[2] ?? '', path: 'out.txt' })) as ObjectHash;
    expect(Buffer.from(await objects.read(small, 0, 100)).toString()).toBe('result 2');
    expect(Buffer.from(await objects.read(small, 3, 2)).toString()).toBe('ul');
    const big = createHash('sha256').update(large).digest('hex') as ObjectHash;
    const absent = '0'.repeat(64) as ObjectHash;
    expect(await objects.sizes([small, big, absent])).toEqual([8, large.length, null]);
    for (const [offset, length] of [
      [0, 10],
      [5_999_990, 100],
      [3_000_001, 70_000],
      [7_000_000, 5],
    ] as const) {
      const part = Buffer.from(await objects.read(big, offset, length));
      expect(part.equals(large.subarray(offset, offset + length))).toBe(true);
    }
    await expect(objects.read(absent, 0, 1)).rejects.toMatchObject({ code: 'object-missing' });

    await profile.handlers['archives.close']({ source: opened.source }, context());
    expect(() => profile.readers.source(opened.source)).toThrow('not open any more');
    expect(readdirSync(join(profile.folder, 'cache'))).toEqual([]);
    await profile.handlers['archives.close']({ source: opened.source }, context());
  });

  test('stands in the list of what is open, which is live', async () => {
    const profile = await archiveProfile();
    const { file } = await archive();
    const { handle } = await profile.files.offer(file);
    const cancel = new AbortController();
    const names: string[][] = [];
    let source = '';
    for await (const list of profile.handlers['archives.opened']({}, { signal: cancel.signal })) {
      names.push(list.map(({ name }) => name));
      if (names.length === 1)
        source = (await profile.handlers['archives.open']({ file: handle }, context())).source;
      if (names.length === 2) await profile.handlers['archives.close']({ source }, context());
      if (names.length === 3) cancel.abort();
    }
    expect(names).toEqual([[], ['study.aiida'], []]);
  });

  test('is refused like one to import, and leaves nothing', async () => {
    const profile = await archiveProfile();
    const builder = new ArchiveBuilder();
    builder.db.exec('CREATE VIEW evil AS SELECT 1');
    const { handle } = await profile.files.offer(await builder.write());
    await expect(profile.handlers['archives.open']({ file: handle }, context())).rejects.toMatchObject({
      code: 'archive-unsafe',
    });
    expect(readdirSync(join(profile.folder, 'cache'))).toEqual([]);
    expect(profile.open.list()).toEqual([]);
  });

  test('shows no file whose content is not what its name says', async () => {
    const profile = await archiveProfile();
    const builder = new ArchiveBuilder();
    builder.calculation();
    const [hash] = [...builder.objects.keys()];
    builder.objects.set(hash ?? '', Buffer.from('another'));
    const { handle } = await profile.files.offer(await builder.write());
    const { source } = await profile.handlers['archives.open']({ file: handle }, context());
    await expect(profile.readers.source(source).objects.read(hash as ObjectHash, 0, 9)).rejects.toMatchObject(
      {
        code: 'archive-damaged',
      },
    );
  });
});
