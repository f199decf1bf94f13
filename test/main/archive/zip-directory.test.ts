import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { FileReader } from '#main/archive/aiida/container/file-reader.ts';
import {
  findDirectory,
  readDirectory,
  ZipFault,
  type DirectoryEntry,
} from '#main/archive/aiida/container/zip-directory.ts';
import { ZipObjects } from '#main/archive/aiida/container/zip-objects.ts';
import { entryKind } from '#main/archive/aiida/container/entry-grammar.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { rawEntry, rawZip, writeRawZip, zip64Extra } from '../../support/raw-zip.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function onDisk<T>(folder: string, bytes: Buffer, work: (reader: FileReader) => T): T {
  const file = join(folder, 'test.zip');
  writeFileSync(file, bytes);
  const reader = new FileReader(file);
  try {
    return work(reader);
  } finally {
    reader.closeFile();
  }
}

type Line = readonly [
  name: string,
  method: number,
  crc: number,
  packed: number,
  size: number,
  at: number,
  attributes: number,
];

const nameOf = ({ page, nameStart, nameLength }: DirectoryEntry): string =>
  Buffer.from(page.subarray(nameStart, nameStart + nameLength)).toString('latin1');

/** null where it is no zip. */
const ours = (folder: string, bytes: Buffer): readonly Line[] | null =>
  onDisk(folder, bytes, (reader) => {
    const lines: Line[] = [];
    try {
      readDirectory(reader, findDirectory(reader), (entry) => {
        const { method, crc, compressedSize, size, offset, attributes } = entry;
        lines.push([nameOf(entry), method, crc, compressedSize, size, offset, attributes]);
      });
      return lines;
    } catch (error) {
      expect(error).toBeInstanceOf(ZipFault);
      return null;
    }
  });

async function theirs(bytes: Buffer): Promise<readonly Line[] | null> {
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false });
    const lines: Line[] = [];
    for await (const entry of zip.eachEntry()) {
      lines.push([
        entry.fileNameRaw.toString('latin1'),
        entry.compressionMethod,
        entry.crc32,
        entry.compressedSize,
        entry.uncompressedSize,
        entry.relativeOffsetOfLocalHeader,
        entry.externalFileAttributes,
      ]);
    }
    return lines;
  } catch {
    return null;
  }
}

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

const entry = fc
  .record({
    name: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      hex(64).map((hash) => `repo/${hash}`),
    ),
    content: fc.string({ maxLength: 100 }),
    stored: fc.boolean(),
    isWide: fc.boolean(),
    comment: fc.string({ maxLength: 5 }),
  })
  .map(({ name, content, stored, isWide, comment }) => {
    const plain = rawEntry(name, content, { stored, comment: Buffer.from(comment) });
    if (!isWide) return plain;
    const all = 0xffff_ffff;
    const extra = zip64Extra(BigInt(plain.size), BigInt(plain.compressedSize), 7n);
    return { ...plain, extra, size: all, compressedSize: all, offset: all };
  });

const zips = fc.record({ entries: fc.array(entry, { maxLength: 6 }), isWide: fc.boolean() });

describe('the directory of a zip', () => {
  test('is read as another reader reads it, however its numbers are written', async () => {
    const folder = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(zips, async ({ entries, isWide }) => {
        const bytes = writeRawZip(rawZip(entries, { zip64: isWide ? {} : null }));
        const read = ours(folder, bytes);
        expect(read).toHaveLength(entries.length);
        expect(read).toEqual(await theirs(bytes));
      }),
    );
  });

  test('is refused where another reader refuses it, and else read the same, with any bytes changed', async () => {
    const folder = temporaryFolder();
    const change = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 0x40, 0x7f, 0x80, 0xff));
    await fc.assert(
      fc.asyncProperty(zips, fc.array(change, { minLength: 1, maxLength: 4 }), async (zip, changes) => {
        const bytes = writeRawZip(rawZip(zip.entries, { zip64: zip.isWide ? {} : null }));
        for (const [at, value] of changes) {
          // near the end, where the directory is
          bytes[bytes.length - 1 - (at % Math.min(bytes.length, 400))] = value;
        }
        const other = await theirs(bytes);
        // only its numbers beyond 2^53 are of another mind: both are outside of every file
        const isExact = (other ?? []).every((line) =>
          line.every((n) => typeof n === 'string' || n < 2 ** 53),
        );
        if (isExact) expect(ours(folder, bytes)).toEqual(other);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the objects of a zip', () => {
  const hash = (text: string): ObjectHash => text as ObjectHash;

  /** As the directory shows it. */
  function shown(name: string, size: number): DirectoryEntry {
    const page = Buffer.from(`before${name}after`, 'latin1');
    const numbers = { crc: size * 3, compressedSize: size + 1, size, offset: size * 2 ** 33, attributes: 0 };
    return { page, nameStart: 6, nameLength: name.length, isEncrypted: false, method: size % 9, ...numbers };
  }

  test('are those that the grammar of names says', () => {
    const folder = temporaryFolder();
    const objects = onDisk(folder, Buffer.from('x'), (reader) => new ZipObjects(reader));
    const names = fc.oneof(
      fc.string({ maxLength: 75 }),
      hex(64).map((text) => `repo/${text}`),
      fc
        .tuple(hex(63), fc.constantFrom('A', 'F', 'g', '/', ':', '`', '\0', ' '))
        .map(([a, b]) => `repo/${a}${b}`),
    );
    fc.assert(
      fc.property(names, (name) => {
        expect(objects.isObject(shown(name, 1))).toBe(entryKind(name).kind === 'object');
      }),
    );
  });

  test('are found again as they were, each name once', () => {
    const folder = temporaryFolder();
    const few = fc.array(fc.tuple(hex(64), fc.nat()), { maxLength: 50 });
    // so many that the table grows, twice
    const many = fc
      .integer({ min: 2500, max: 3000 })
      .map((count) =>
        Array.from(
          { length: count },
          (_, i) => [(i * 7919).toString(16).padStart(64, '0'), i] as [string, number],
        ),
      );
    fc.assert(
      fc.property(fc.oneof({ arbitrary: few, weight: 20 }, { arbitrary: many, weight: 1 }), (added) => {
        const objects = onDisk(folder, Buffer.from('x'), (reader) => new ZipObjects(reader));
        const expected = new Map<string, number>();
        for (const [text, size] of added) {
          const entry = shown(`repo/${text}`, size);
          expect(objects.isObject(entry)).toBe(true);
          expect(objects.add(entry)).toBe(!expected.has(text));
          if (!expected.has(text)) expected.set(text, size);
        }
        expect(objects.size).toBe(expected.size);
        for (const [text, size] of expected) {
          const member = objects.get(hash(text));
          expect([member?.name, member?.size, member?.offset]).toEqual([
            `repo/${text}`,
            size,
            size * 2 ** 33,
          ]);
        }
        expect([...objects.values()].map(({ size }) => size)).toEqual([...expected.values()]);
        expect(objects.has(hash('f'.repeat(63)))).toBe(false);
        expect(objects.get(hash('f'.repeat(64)))).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });
});
