import { randomFillSync } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FileReader } from '#main/archive/aiida/container/file-reader.ts';
import { ZipMember } from '#main/archive/aiida/container/zip-entry.ts';

/** An entry of 3 MB in a file whose disk fails after so many reads. */
function onFailingDisk(method: 'stored' | 'deflated', reads: number): ZipMember {
  const content = randomFillSync(Buffer.alloc(3_000_000));
  const packed = method === 'stored' ? content : deflateRawSync(content);
  const header = Buffer.alloc(31);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(method === 'stored' ? 0 : 8, 8);
  header.writeUInt16LE(1, 26);
  header.write('x', 30);
  const file = Buffer.concat([header, packed]);
  let done = 0;
  const reader = {
    at(position: number, length: number) {
      if (++done > reads) throw new Error('EIO: i/o error, read');
      return file.subarray(position, position + length);
    },
  };
  return new ZipMember(reader as unknown as FileReader, {
    name: 'x',
    offset: 0,
    size: content.length,
    compressedSize: packed.length,
    method: method === 'stored' ? 0 : 8,
    crc: crc32(content),
  });
}

const sizeOf = async (member: ZipMember): Promise<number> => {
  let size = 0;
  for await (const piece of member.stream()) size += piece.length;
  return size;
};

describe('an entry of a zip that is read piece by piece', () => {
  it.each(['stored', 'deflated'] as const)('is whole where the disk answers (%s)', async (method) => {
    expect(await sizeOf(onFailingDisk(method, Infinity))).toBe(3_000_000);
  });

  it.each(['stored', 'deflated'] as const)(
    'fails for who reads it where the disk fails in its middle (%s)',
    async (method) => {
      await expect(sizeOf(onFailingDisk(method, 4))).rejects.toThrow('EIO');
    },
  );
});
