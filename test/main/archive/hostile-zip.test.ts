import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { openContainer } from '#main/archive/aiida/open-container.ts';
import { ZipWriter } from '#main/archive/aiida/export/zip-writer.ts';
import { StemmaError, errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { tarOf } from '../../fuzz/tar.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const metadata = Buffer.from('{"export_version": "main_0001", "aiida_version": "2.9.0"}');
const database = Buffer.from(`SQLite format 3\0${'x'.repeat(4000)}`);
const sha256 = (bytes: Uint8Array): ObjectHash =>
  createHash('sha256').update(bytes).digest('hex') as ObjectHash;
const content = Buffer.from('some text of a calculation\n'.repeat(50));
const objectEntry = `repo/${sha256(content)}`;

type Parts = readonly (readonly [name: string, bytes: Buffer])[];
const usual: Parts = [
  ['metadata.json', metadata],
  ['db.sqlite3', database],
  [objectEntry, content],
];

async function written(parts: Parts, level = 6): Promise<Buffer> {
  const file = join(temporaryFolder(), 'made.aiida');
  const zip = new ZipWriter(file, level, new Date(2025, 0, 1));
  for (const [name, bytes] of parts) zip.add(await zip.pack(name, bytes));
  zip.finish([]);
  zip.close();
  return readFileSync(file);
}

async function tryOpen(
  bytes: Uint8Array,
): Promise<ErrorInfo | { readonly objects: number; readonly ignored: number }> {
  const folder = temporaryFolder();
  const file = join(folder, 'test.aiida');
  writeFileSync(file, bytes);
  try {
    const archive = await openContainer(file, { scratch: temporaryFolder(), now: Date.now });
    try {
      for (const [name] of usual.slice(2)) {
        const object = archive.object(name.slice(5) as ObjectHash);
        expect(Buffer.isBuffer(object) && object.equals(content)).toBe(true);
      }
      await archive.extractDatabase(join(folder, 'db'));
      return { objects: archive.objectCount, ignored: archive.ignored };
    } finally {
      archive.close();
    }
  } catch (error) {
    if (error instanceof StemmaError) return errorInfo(error);
    throw error;
  } finally {
    expect(readdirSync(folder).filter((name) => name !== 'test.aiida' && name !== 'db')).toEqual([]);
  }
}

const at = (bytes: Buffer, signature: number): number =>
  bytes.indexOf(Buffer.from(new Uint32Array([signature]).buffer));
const central = 0x02014b50;

describe('an archive is read', () => {
  test('whatever wrote the zip: with data descriptors, folders, other entries, text before it', async () => {
    const zip = new ZipFile();
    zip.addEmptyDirectory('repo/');
    zip.addReadStream((await import('node:stream')).Readable.from([content]), objectEntry);
    zip.addBuffer(Buffer.from('x'), '__MACOSX/._metadata.json');
    zip.addBuffer(metadata, 'metadata.json');
    zip.addBuffer(database, 'db.sqlite3', { compress: false });
    zip.end();
    const file = join(temporaryFolder(), 'yazl.zip');
    await pipeline(zip.outputStream, createWriteStream(file));
    expect(await tryOpen(readFileSync(file))).toEqual({ objects: 1, ignored: 2 });
  });

  test('stored or packed, and with names that would lead elsewhere ignored', async () => {
    const evil = [
      '../../evil',
      '/etc/evil',
      'C:\\evil',
      'repo/../evil',
      '..\\evil',
      'repo/short',
      'con',
      'a\0b',
      'metadata.json/',
    ];
    const parts: Parts = [...usual, ...evil.map((name) => [name, Buffer.from('evil')] as const)];
    for (const level of [0, 9]) {
      expect(await tryOpen(await written(parts, level))).toEqual({ objects: 1, ignored: evil.length });
    }
  });
});

/** A folder that says it has bytes, which do not follow. */
const folder = { type: '5', size: 47 };

test('a tar whose folders say a size is opened', async () => {
  const parts = usual.map(([name, data]) => ({ name, data, lies: {} }));
  const folders = ['repo/', 'other/'].map((name) => ({ name, data: Buffer.alloc(0), lies: folder }));
  expect(await tryOpen(tarOf([...folders, ...parts], false))).toMatchObject({ objects: 1 });
});

describe('an archive is refused', () => {
  test('when a part is missing', async () => {
    expect(await tryOpen(await written(usual.slice(1)))).toMatchObject({ code: 'not-an-archive' });
    expect(await tryOpen(await written([usual[0] ?? ['', metadata]]))).toMatchObject({
      code: 'archive-damaged',
    });
    expect(await tryOpen(Buffer.alloc(0))).toMatchObject({ code: 'not-an-archive' });
    expect(await tryOpen(Buffer.from('a letter to a colleague'))).toMatchObject({
      code: 'not-an-archive',
      message: expect.stringMatching(/it is no zip file\.$/) as string,
    });
    expect(await tryOpen(gzipSync(Buffer.from('not a tar')))).toMatchObject({ code: 'not-an-archive' });
    expect(await tryOpen(gzipSync(Buffer.alloc(5000, 1)).subarray(0, 30))).toMatchObject({
      code: 'not-an-archive',
    });
  });

  test('when a tar has a folder in place of a part', async () => {
    const parts = usual.map(([name, data]) => ({ name, data, lies: name === 'db.sqlite3' ? folder : {} }));
    expect(await tryOpen(tarOf(parts, false))).toMatchObject({ code: 'archive-damaged' });
    const first = { name: 'metadata.json', data: Buffer.alloc(0), lies: folder };
    expect(await tryOpen(tarOf([first], true))).toMatchObject({ code: 'not-an-archive' });
  });

  test('when its end is missing, in words that say so', async () => {
    const whole = await written(usual);
    for (const length of [20, Math.floor(whole.length / 2), whole.length - 23]) {
      expect(await tryOpen(whole.subarray(0, length))).toMatchObject({
        code: 'archive-damaged',
        message: expect.stringContaining('is cut off') as string,
      });
    }
  });

  test('when its metadata is no metadata', async () => {
    for (const text of ['', '{', '[]', '{}', '{"export_version": 1}', 'null']) {
      const parts: Parts = [['metadata.json', Buffer.from(text)], ...usual.slice(1)];
      const { code } = (await tryOpen(await written(parts))) as ErrorInfo;
      expect(['not-an-archive', 'archive-damaged']).toContain(code);
    }
  });

  test('when an entry is there twice', async () => {
    for (const part of usual) {
      expect(await tryOpen(await written([...usual, part]))).toMatchObject({ code: 'archive-unsafe' });
    }
  });

  test('when entries lie on top of each other', async () => {
    const bytes = await written([...usual, [`repo/${'a'.repeat(64)}`, content]]);
    // the last entry of the directory says that it lies where the object lies
    const last = bytes.lastIndexOf(Buffer.from(new Uint32Array([central]).buffer));
    const object = bytes.indexOf(Buffer.from(new Uint32Array([central]).buffer), at(bytes, central) + 1);
    const offset = bytes.readUInt32LE(
      bytes.indexOf(Buffer.from(new Uint32Array([central]).buffer), object + 1) + 42,
    );
    bytes.writeUInt32LE(offset, last + 42);
    expect(await tryOpen(bytes)).toMatchObject({ code: 'archive-unsafe' });
  });

  test('when a part is a link, encrypted, or packed by another method', async () => {
    const change = async (edit: (bytes: Buffer, entry: number) => void): Promise<unknown> => {
      const bytes = await written(usual);
      edit(bytes, at(bytes, central));
      return tryOpen(bytes);
    };
    expect(await change((bytes, entry) => bytes.writeUInt32LE(0o120777 * 0x10000, entry + 38))).toMatchObject(
      {
        code: 'archive-unsafe',
      },
    );
    expect(await change((bytes, entry) => bytes.writeUInt16LE(1, entry + 8))).toMatchObject({
      code: 'archive-encrypted',
    });
    expect(await change((bytes, entry) => bytes.writeUInt16LE(12, entry + 10))).toMatchObject({
      code: 'archive-unsafe',
    });
  });

  test('when an entry would unpack to a thousand times its size', async () => {
    const bytes = await written(usual);
    const entry = at(bytes, central);
    bytes.writeUInt32LE(0x0fff_ffff, entry + 24);
    expect(await tryOpen(bytes)).toMatchObject({ code: 'archive-unsafe' });
  });

  test('when an entry is not what the directory says: name, checksum or length', async () => {
    const renamed = await written(usual);
    renamed.write('metadata.jsox', 30);
    expect(await tryOpen(renamed)).toMatchObject({ code: 'archive-unsafe' });
    for (const [field, change] of [
      [16, 1],
      [24, 1],
      [24, -1],
    ] as const) {
      const bytes = await written(usual);
      const entry = at(bytes, central);
      bytes.writeUInt32LE(bytes.readUInt32LE(entry + field) + change, entry + field);
      expect(await tryOpen(bytes)).toMatchObject({ code: 'archive-damaged' });
    }
  });

  test('or read right, wherever bytes are flipped, cut off or added: never anything else', async () => {
    const good = await written(usual);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.option(fc.nat(good.length)),
        fc.uint8Array({ maxLength: 40 }),
        async (flips, length, tail) => {
          const bytes = Buffer.concat([good, tail]).subarray(0, length ?? undefined);
          for (const [place, value] of flips) if (place < bytes.length) bytes[place] = value;
          const result = await tryOpen(bytes);
          if ('code' in result) expect(result.family).toBe('user');
        },
      ),
      { numRuns: 400 },
    );
  });
});
