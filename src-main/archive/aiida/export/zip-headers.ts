import type { DosTime } from './dos-time.ts';

/** What stands in the headers of an entry. PKWARE APPNOTE 6.3. */
export interface ZipEntry {
  readonly name: Buffer;
  readonly method: number;
  /** Of its local header. */
  readonly offset: number;
  readonly zip64: boolean;
  crc: number;
  size: number;
  compressedSize: number;
}

/** The largest size that stands in a header without ZIP64. */
export const fits32 = 0xffff_fffe;

/** `sizes` as ZIP64 extra field 0x0001. */
function zip64Field(sizes: readonly number[]): Buffer {
  if (sizes.length === 0) return Buffer.alloc(0);
  const field = Buffer.alloc(4 + sizes.length * 8);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(sizes.length * 8, 2);
  for (const [i, size] of sizes.entries()) field.writeBigUInt64LE(BigInt(size), 4 + i * 8);
  return field;
}

const capped = (size: number): number => Math.min(size, 0xffff_ffff);

export function localHeader(entry: ZipEntry, { time, date }: DosTime): Buffer {
  const extra = entry.zip64 ? zip64Field([entry.size, entry.compressedSize]) : Buffer.alloc(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(entry.zip64 ? 45 : 20, 4);
  header.writeUInt16LE(entry.method, 8);
  header.writeUInt16LE(time, 10);
  header.writeUInt16LE(date, 12);
  header.writeUInt32LE(entry.crc, 14);
  header.writeUInt32LE(entry.zip64 ? 0xffff_ffff : entry.compressedSize, 18);
  header.writeUInt32LE(entry.zip64 ? 0xffff_ffff : entry.size, 22);
  header.writeUInt16LE(entry.name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, entry.name, extra]);
}

export function directoryEntry(entry: ZipEntry, { time, date }: DosTime): Buffer {
  const large: number[] = [];
  if (entry.size > fits32) large.push(entry.size);
  if (entry.compressedSize > fits32) large.push(entry.compressedSize);
  if (entry.offset > fits32) large.push(entry.offset);
  const extra = zip64Field(large);
  const version = large.length > 0 || entry.zip64 ? 45 : 20;
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt8(version, 4);
  header.writeUInt8(3, 5); // made on Unix
  header.writeUInt16LE(version, 6);
  header.writeUInt16LE(entry.method, 10);
  header.writeUInt16LE(time, 12);
  header.writeUInt16LE(date, 14);
  header.writeUInt32LE(entry.crc, 16);
  header.writeUInt32LE(capped(entry.compressedSize), 20);
  header.writeUInt32LE(capped(entry.size), 24);
  header.writeUInt16LE(entry.name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(0o600 * 0x10000, 38);
  header.writeUInt32LE(capped(entry.offset), 42);
  return Buffer.concat([header, entry.name, extra]);
}

/** With the ZIP64 records before it where there are too many entries or bytes. */
export function directoryEnd(count: number, start: number, size: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(capped(size), 12);
  end.writeUInt32LE(capped(start), 16);
  if (count < 0xffff && size < 0xffff_ffff && start < 0xffff_ffff) return end;
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(start), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(start + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator, end]);
}
