import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Extents } from '#main/archive/aiida/container/overlaps.ts';
import { openContainer } from '#main/archive/aiida/open-container.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import {
  rawEntry,
  rawZip,
  writeRawZip,
  zip64Extra,
  type RawEntry,
  type RawZip,
} from '../../support/raw-zip.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const metadata = '{"export_version": "main_0001", "aiida_version": "2.9.0"}';
const database = `SQLite format 3\0${'x'.repeat(4000)}`;
const content = 'some text of a calculation\n'.repeat(50);
const hash = createHash('sha256').update(content).digest('hex') as ObjectHash;

const parts = (): [metadata: RawEntry, database: RawEntry, object: RawEntry] => [
  rawEntry('metadata.json', metadata, { stored: true }),
  rawEntry('db.sqlite3', database),
  rawEntry(`repo/${hash}`, content),
];

type Verdict =
  { readonly code: string; readonly family: string } | { readonly objects: number; readonly ignored: number };

/** Opens it and takes out all that it has, in a folder in which nothing else may appear. */
async function open(zip: RawZip | Buffer): Promise<Verdict> {
  const around = temporaryFolder();
  const folder = join(around, 'a', 'b');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'evil.aiida');
  writeFileSync(file, Buffer.isBuffer(zip) ? zip : writeRawZip(zip));
  try {
    const archive = await openContainer(file, { scratch: folder, now: Date.now });
    try {
      if (archive.objectSize(hash) !== null) {
        const object = archive.object(hash);
        if (object instanceof Readable) for await (const piece of object) void piece;
      }
      await archive.extractDatabase(join(folder, 'db'));
      return { objects: archive.objectCount, ignored: archive.ignored };
    } finally {
      archive.close();
    }
  } catch (error) {
    expect(error).toMatchObject({ name: 'StemmaError' });
    const { code, family } = error as { readonly code: string; readonly family: string };
    return { code, family };
  } finally {
    expect(readdirSync(around)).toEqual(['a']);
    expect(readdirSync(join(around, 'a'))).toEqual(['b']);
    expect(readdirSync(folder).filter((name) => name !== 'evil.aiida' && name !== 'db')).toEqual([]);
  }
}

const read = (ignored = 0): Verdict => ({ objects: 1, ignored });
const refused = (code: string): Verdict => ({ code, family: 'user' });
const damaged = refused('archive-damaged');
const unsafe = refused('archive-unsafe');
const none = refused('not-an-archive');

/** What each does, and what becomes of it. */
const corpus: Readonly<Record<string, readonly [verdict: Verdict, make: () => RawZip | Buffer]>> = {
  'nothing wrong': [read(), () => rawZip(parts())],

  'a name that leads up': [read(1), () => rawZip([...parts(), rawEntry('../../evil', 'evil')])],
  'a name that leads up with backslashes': [
    read(1),
    () => rawZip([...parts(), rawEntry('..\\..\\evil', 'evil')]),
  ],
  'an absolute name': [read(1), () => rawZip([...parts(), rawEntry('/etc/evil', 'evil')])],
  'a name with a drive': [read(1), () => rawZip([...parts(), rawEntry('C:\\evil', 'evil')])],
  'a name of another machine': [
    read(1),
    () => rawZip([...parts(), rawEntry('\\\\host\\share\\evil', 'evil')]),
  ],
  'a name that leads out of the objects': [
    read(1),
    () => rawZip([...parts(), rawEntry('repo/../../evil', 'evil')]),
  ],
  'a name with NUL after a good one': [
    read(1),
    () => rawZip([...parts(), rawEntry('metadata.json\0.txt', '{}')]),
  ],
  'a name of a device': [read(1), () => rawZip([...parts(), rawEntry('CON', 'evil')])],
  'a name in capitals': [read(1), () => rawZip([...parts(), rawEntry('METADATA.JSON', '{}')])],
  'an object in capitals': [read(1), () => rawZip([...parts(), rawEntry(`repo/${hash.toUpperCase()}`, 'x')])],
  'an empty name': [read(1), () => rawZip([...parts(), rawEntry('', 'evil')])],
  'a name of 65 535 bytes': [read(1), () => rawZip([...parts(), rawEntry('x'.repeat(65_535), 'evil')])],
  'a name that is no UTF-8': [
    read(1),
    () => rawZip([...parts(), rawEntry(Buffer.from([0xff, 0xfe]), 'evil', { flags: 0x800 })]),
  ],
  'a log for the database': [
    read(2),
    () => rawZip([...parts(), rawEntry('db.sqlite3-wal', 'x'), rawEntry('db.sqlite3-journal', 'x')]),
  ],

  'a second database': [unsafe, () => rawZip([...parts(), rawEntry('db.sqlite3', 'other')])],
  'a second metadata.json': [unsafe, () => rawZip([...parts(), rawEntry('metadata.json', '{}')])],
  'a second object of a name': [unsafe, () => rawZip([...parts(), rawEntry(`repo/${hash}`, 'other')])],

  'a database that is a link': [unsafe, () => changed(1, { attributes: (0o120777 << 16) >>> 0 })],
  'an object that is a link, then a file': [
    unsafe,
    () =>
      rawZip([
        ...parts().slice(0, 2),
        rawEntry(`repo/${hash}`, '/etc/passwd', { attributes: (0o120777 << 16) >>> 0 }),
        rawEntry(`repo/${hash}`, content),
      ]),
  ],
  'an object that is a device': [unsafe, () => changed(2, { attributes: (0o060666 << 16) >>> 0 })],
  'an object that is a pipe': [unsafe, () => changed(2, { attributes: (0o010666 << 16) >>> 0 })],
  'a link under a name of nobody': [
    read(1),
    () => rawZip([...parts(), rawEntry('link', '/etc', { attributes: (0o120777 << 16) >>> 0 })]),
  ],

  'an encrypted database': [refused('archive-encrypted'), () => changed(1, { flags: 1 })],
  'a method that is not known': [unsafe, () => changed(1, { method: 14 })],
  'deflate that is not': [
    damaged,
    () => changed(1, { packed: Buffer.from('no deflate at all'), compressedSize: 17 }),
  ],
  'deflate said, stored meant': [
    damaged,
    () => changed(1, { packed: Buffer.from(database), compressedSize: database.length }),
  ],

  'a size that is too small': [damaged, () => changed(1, { size: 10 })],
  'a size that is too large': [damaged, () => changed(1, { size: database.length + 1 })],
  'a packed size that reaches into the next entry': [
    unsafe,
    () => changed(1, { compressedSize: rawEntry('', database).packed.length + 60 }),
  ],
  'a packed size of 4 GB': [unsafe, () => changed(1, { compressedSize: 0xffff_fff0 })],
  'a packed size of 0': [damaged, () => changed(1, { compressedSize: 0 })],
  'metadata that would be packed into more than it can': [
    damaged,
    () => {
      const packed = Buffer.alloc(3_000_000);
      const big = rawEntry('metadata.json', metadata, { packed, compressedSize: packed.length });
      return rawZip([big, ...parts().slice(1)]);
    },
  ],
  'a wrong checksum': [damaged, () => changed(1, { crc: 1 })],
  'a data descriptor': [read(), () => rawZip(parts().map((entry) => ({ ...entry, descriptor: true })))],
  'another name at its place': [unsafe, () => changed(1, { local: { name: Buffer.from('db.sqlite4') } })],
  'another method at its place': [unsafe, () => changed(1, { local: { method: 0 } })],
  'no header at its place': [damaged, () => changed(1, { local: { signature: 0 } })],
  'content that is not there': [damaged, () => changed(2, { packed: Buffer.alloc(0) })],

  'two entries in one place': [
    unsafe,
    () => {
      const [first, second, third] = parts();
      return rawZip([
        first,
        second,
        third,
        { ...third, name: Buffer.from(`repo/${'a'.repeat(64)}`), absent: true, offset: 0 },
      ]);
    },
  ],
  'an entry within another (Fifield)': [
    unsafe,
    () => {
      const inner = parts();
      const kernel = rawEntry(`repo/${'b'.repeat(64)}`, Buffer.alloc(100_000));
      const quoting = {
        ...kernel,
        name: Buffer.from(`repo/${'c'.repeat(64)}`),
        absent: true,
        compressedSize: kernel.compressedSize + 30,
      };
      return rawZip([...inner, { ...quoting, offset: 10 }, kernel]);
    },
  ],
  'an offset beyond the end': [unsafe, () => changed(1, { offset: 0x7fff_ffff })],
  'an offset into the directory': [unsafe, () => changed(2, { offset: 2_000 })],

  'a bomb by ratio': [
    unsafe,
    () => {
      // 200 MB of zeros, said honestly: 1 to 1030
      const packed = deflateRawSync(Buffer.alloc(200_000_000), { level: 9 });
      return rawZip([
        ...parts(),
        {
          ...rawEntry(`repo/${'d'.repeat(64)}`, ''),
          packed,
          compressedSize: packed.length,
          size: 200_000_000,
        },
      ]);
    },
  ],
  'a bomb that says it is small': [
    damaged,
    () => {
      const packed = deflateRawSync(Buffer.alloc(50_000_000));
      return changed(1, { packed, compressedSize: packed.length, size: 5_000 });
    },
  ],
  'a bomb in metadata.json': [
    unsafe,
    () => rawZip([rawEntry('metadata.json', Buffer.alloc(40_000_000, ' ')), ...parts().slice(1)]),
  ],
  'a zip in a zip in a zip': [
    read(1),
    () => {
      let inner = writeRawZip(rawZip([rawEntry('zeros', Buffer.alloc(1_000_000))]));
      for (let i = 0; i < 3; i++) inner = writeRawZip(rawZip([rawEntry('inner.zip', inner)]));
      return rawZip([...parts(), rawEntry('nested.zip', inner)]);
    },
  ],
  'a count of entries that is too large': [none, () => rawZip(parts(), { count: 500 })],
  'a count of entries that is too small': [none, () => rawZip(parts(), { count: 0 })],
  'a hundred thousand entries of nobody': [
    read(100_000),
    () => {
      const few = rawZip([
        ...parts(),
        ...Array.from({ length: 100_000 }, (_, i) => rawEntry(`x${i}`, '', { stored: true })),
      ]);
      return { ...few, zip64: {} };
    },
  ],

  'numbers of zip64 beyond 2^53': [
    unsafe,
    () =>
      changed(1, {
        extra: zip64Extra(2n ** 63n, 2n ** 63n, 2n ** 63n),
        size: 0xffff_ffff,
        compressedSize: 0xffff_ffff,
        offset: 0xffff_ffff,
      }),
  ],
  'an end record of zip64 far away': [none, () => rawZip(parts(), { zip64: { locator: 2n ** 40n } })],
  'an end record of zip64 with 2^63 entries': [
    unsafe,
    () => rawZip(parts(), { zip64: { count: 2n ** 63n } }),
  ],
  'an end record of zip64 that is right': [read(), () => rawZip(parts(), { zip64: {} })],
  'a directory beyond the end': [none, () => rawZip(parts(), { directoryOffset: 0x7fff_ffff })],
  'a comment that looks like another end': [
    none,
    () => rawZip(parts(), { comment: writeRawZip(rawZip([rawEntry('metadata.json', '{}')])) }),
  ],
  'cut off in the middle': [damaged, () => writeRawZip(rawZip(parts())).subarray(0, 300)],
};

function changed(which: 0 | 1 | 2, change: Partial<RawEntry>): RawZip {
  const entries = parts();
  entries[which] = { ...entries[which], ...change };
  return rawZip(entries);
}

describe('of an evil zip', () => {
  for (const [what, [verdict, make]] of Object.entries(corpus)) {
    test(`with ${what}: ${'code' in verdict ? verdict.code : 'only what is of the format is read'}`, async () => {
      expect(await open(make())).toEqual(verdict);
    });
  }
});

test('places of entries that only touch each other do not overlap, and those that share a byte do', () => {
  const judge = (...places: readonly (readonly [number, number])[]): boolean => {
    const extents = new Extents();
    for (const [start, end] of places) extents.add(start, end);
    try {
      extents.refuseOverlaps('x', 100);
      return true;
    } catch {
      return false;
    }
  };
  expect(judge()).toBe(true);
  expect(judge([50, 100], [0, 50])).toBe(true);
  expect(judge([50, 101], [0, 50])).toBe(false);
  expect(judge([49, 100], [0, 50])).toBe(false);
  expect(judge([0, 100], [10, 20])).toBe(false);
  expect(judge([0, 10], [0, 10])).toBe(false);
  expect(judge([NaN, NaN])).toBe(false);
});
