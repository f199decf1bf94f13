/**
 * Writes zip files that lie: every field of every header can say something else than what is there. Source of the
 * layout: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3.
 */
import { crc32, deflateRawSync } from 'node:zlib';

export interface RawEntry {
  name: Buffer;
  /** The bytes as they lie in the file, packed already. */
  packed: Buffer;
  method: number;
  flags: number;
  crc: number;
  size: number;
  compressedSize: number;
  /** Mode bits of the file in the upper half. */
  attributes: number;
  extra: Buffer;
  comment: Buffer;
  /** What the header before the content says, where it differs from the directory. */
  local: {
    signature?: number;
    name?: Buffer;
    method?: number;
    flags?: number;
    crc?: number;
    size?: number;
    compressedSize?: number;
    extra?: Buffer;
  };
  /** Said by the directory instead of the true place. */
  offset: number | null;
  /** Sizes and checksum come after the content, and the header before it says 0. */
  descriptor: boolean;
  /** Nothing of it lies in the file but its line in the directory. */
  absent: boolean;
}

export interface RawZip {
  entries: RawEntry[];
  prefix: Buffer;
  comment: Buffer;
  /** Lies of the end record; null for the truth. */
  count: number | null;
  directorySize: number | null;
  directoryOffset: number | null;
  /** Adds the end record of zip64 and its locator, with these instead of the true numbers. */
  zip64: { count?: bigint; size?: bigint; offset?: bigint; locator?: bigint } | null;
}

export function rawEntry(
  name: string | Buffer,
  content: string | Buffer,
  change: Partial<RawEntry> & { stored?: boolean } = {},
): RawEntry {
  const { stored = false, ...more } = change;
  const bytes = Buffer.from(content);
  const packed = stored ? bytes : deflateRawSync(bytes);
  return {
    name: Buffer.from(name),
    packed,
    method: stored ? 0 : 8,
    flags: 0,
    crc: crc32(bytes),
    size: bytes.length,
    compressedSize: packed.length,
    attributes: (0o100644 << 16) >>> 0,
    extra: Buffer.alloc(0),
    comment: Buffer.alloc(0),
    local: {},
    offset: null,
    descriptor: false,
    absent: false,
    ...more,
  };
}

export const rawZip = (entries: RawEntry[], change: Partial<RawZip> = {}): RawZip => ({
  entries,
  prefix: Buffer.alloc(0),
  comment: Buffer.alloc(0),
  count: null,
  directorySize: null,
  directoryOffset: null,
  zip64: null,
  ...change,
});

/** The extra field of zip64: the true numbers where the header says 0xffffffff. */
export function zip64Extra(...numbers: readonly bigint[]): Buffer {
  const extra = Buffer.alloc(4 + numbers.length * 8);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(numbers.length * 8, 2);
  for (const [i, number] of numbers.entries()) extra.writeBigUInt64LE(BigInt.asUintN(64, number), 4 + i * 8);
  return extra;
}

const u16 = (n: number): number => n & 0xffff;
const u32 = (n: number): number => Math.trunc(n) >>> 0;

function localHeader(entry: RawEntry): Buffer {
  const { local, descriptor } = entry;
  const name = local.name ?? entry.name;
  const extra = local.extra ?? Buffer.alloc(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(u32(local.signature ?? 0x04034b50), 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(u16(local.flags ?? entry.flags | (descriptor ? 8 : 0)), 6);
  header.writeUInt16LE(u16(local.method ?? entry.method), 8);
  header.writeUInt32LE(u32(local.crc ?? (descriptor ? 0 : entry.crc)), 14);
  header.writeUInt32LE(u32(local.compressedSize ?? (descriptor ? 0 : entry.compressedSize)), 18);
  header.writeUInt32LE(u32(local.size ?? (descriptor ? 0 : entry.size)), 22);
  header.writeUInt16LE(u16(name.length), 26);
  header.writeUInt16LE(u16(extra.length), 28);
  return Buffer.concat([header, name, extra]);
}

function centralHeader(entry: RawEntry, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(0x0314, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(u16(entry.flags | (entry.descriptor ? 8 : 0)), 8);
  header.writeUInt16LE(u16(entry.method), 10);
  header.writeUInt32LE(u32(entry.crc), 16);
  header.writeUInt32LE(u32(entry.compressedSize), 20);
  header.writeUInt32LE(u32(entry.size), 24);
  header.writeUInt16LE(u16(entry.name.length), 28);
  header.writeUInt16LE(u16(entry.extra.length), 30);
  header.writeUInt16LE(u16(entry.comment.length), 32);
  header.writeUInt32LE(u32(entry.attributes), 38);
  header.writeUInt32LE(u32(entry.offset ?? offset), 42);
  return Buffer.concat([header, entry.name, entry.extra, entry.comment]);
}

function dataDescriptor({ crc, compressedSize, size }: RawEntry): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(u32(crc), 4);
  bytes.writeUInt32LE(u32(compressedSize), 8);
  bytes.writeUInt32LE(u32(size), 12);
  return bytes;
}

export function writeRawZip(zip: RawZip): Buffer {
  const pieces: Buffer[] = [zip.prefix];
  let at = zip.prefix.length;
  const put = (piece: Buffer): void => {
    pieces.push(piece);
    at += piece.length;
  };
  const places = zip.entries.map((entry) => {
    const place = at;
    if (entry.absent) return place;
    put(localHeader(entry));
    put(entry.packed);
    if (entry.descriptor) put(dataDescriptor(entry));
    return place;
  });
  const directory = at;
  for (const [i, entry] of zip.entries.entries()) put(centralHeader(entry, places[i] ?? 0));
  const size = at - directory;
  if (zip.zip64 !== null) {
    const end = at;
    const { count, size: said, offset, locator } = zip.zip64;
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50, 0);
    record.writeBigUInt64LE(44n, 4);
    record.writeUInt16LE(45, 12);
    record.writeUInt16LE(45, 14);
    const entries = BigInt.asUintN(64, count ?? BigInt(zip.entries.length));
    record.writeBigUInt64LE(entries, 24);
    record.writeBigUInt64LE(entries, 32);
    record.writeBigUInt64LE(BigInt.asUintN(64, said ?? BigInt(size)), 40);
    record.writeBigUInt64LE(BigInt.asUintN(64, offset ?? BigInt(directory)), 48);
    put(record);
    const pointer = Buffer.alloc(20);
    pointer.writeUInt32LE(0x07064b50, 0);
    pointer.writeBigUInt64LE(BigInt.asUintN(64, locator ?? BigInt(end)), 8);
    pointer.writeUInt32LE(1, 16);
    put(pointer);
  }
  const wide = zip.zip64 !== null;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  const count = zip.count ?? (wide ? 0xffff : zip.entries.length);
  end.writeUInt16LE(u16(count), 8);
  end.writeUInt16LE(u16(count), 10);
  end.writeUInt32LE(u32(zip.directorySize ?? (wide ? 0xffff_ffff : size)), 12);
  end.writeUInt32LE(u32(zip.directoryOffset ?? (wide ? 0xffff_ffff : directory)), 16);
  end.writeUInt16LE(u16(zip.comment.length), 20);
  put(end);
  put(zip.comment);
  return Buffer.concat(pieces);
}
