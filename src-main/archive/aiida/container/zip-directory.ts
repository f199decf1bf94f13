import type { FileReader } from './file-reader.ts';

/** What the central directory of a zip says of one entry: one object for all of them, which changes from one to the next. */
export interface DirectoryEntry {
  /** Bytes that hold its name, good until the next entry; and where in them it stands. */
  page: Uint8Array;
  nameStart: number;
  nameLength: number;
  isEncrypted: boolean;
  method: number;
  crc: number;
  /** Bytes, as the next one. */
  compressedSize: number;
  size: number;
  /** Of its local header. */
  offset: number;
  /** The upper half is of Unix where a program of Unix wrote it: the mode of the file. */
  attributes: number;
}

/** Why a file is no zip, in words that go on after “its directory cannot be read”. */
export class ZipFault extends Error {
  /** The record that ends a zip was not found: it is none, or was cut off. */
  readonly isWithoutEnd: boolean;

  constructor(why: string, isWithoutEnd = false) {
    super(why);
    this.isWithoutEnd = isWithoutEnd;
  }
}

const endSize = 22;
const longestComment = 0xffff;
const locatorSize = 20;
const zip64EndSize = 56;
const entrySize = 46;
const elsewhere = 0xffff_ffff;
/** Of the directory in memory; an entry has less than a fifth of it. */
const pageSize = 1 << 20;

/** Where the central directory is. */
export interface DirectoryPlace {
  readonly entries: number;
  readonly offset: number;
}

/**
 * Finds the directory of a zip by the record at the file's end (PKWARE's APPNOTE 6.3.10, 4.3.14 to 4.3.16). The last
 * signature counts, and its comment must reach the end of the file: bytes behind it could be another zip.
 * @throws ZipFault
 */
export function findDirectory(file: FileReader): DirectoryPlace {
  const length = Math.min(file.size, locatorSize + endSize + longestComment);
  const tail = file.at(file.size - length, length);
  const at = tail.lastIndexOf('PK\u0005\u0006', tail.length - endSize, 'latin1');
  if (tail.length < endSize || at < 0) throw new ZipFault('it has no end', true);
  if (at + endSize + tail.readUInt16LE(at + 20) !== tail.length)
    throw new ZipFault('other bytes follow its end');
  const locator = at - locatorSize;
  if (locator >= 0 && tail.readUInt32LE(locator) === 0x07064b50)
    return findZip64(file, uint64(tail, locator + 8));
  if (tail.readUInt16LE(at + 4) !== 0) throw severalDisks();
  return { entries: tail.readUInt16LE(at + 10), offset: tail.readUInt32LE(at + 16) };
}

function findZip64(file: FileReader, at: number): DirectoryPlace {
  const end = file.at(at, zip64EndSize);
  if (end.length < zip64EndSize || end.readUInt32LE(0) !== 0x06064b50)
    throw new ZipFault('its end points to something else');
  if (end.readUInt32LE(16) !== 0) throw severalDisks();
  return { entries: uint64(end, 32), offset: uint64(end, 48) };
}

const severalDisks = (): ZipFault => new ZipFault('it is a part of several');

/**
 * Shows `visit` the entries in the order of the directory. An archive may have hundreds of thousands: this reads bytes one
 * by one out of the same pages and makes nothing new for any of them.
 * @throws ZipFault and what `visit` throws
 */
export function readDirectory(
  file: FileReader,
  place: DirectoryPlace,
  visit: (entry: DirectoryEntry) => void,
): void {
  const entry: DirectoryEntry = {
    page: new Uint8Array(),
    nameStart: 0,
    nameLength: 0,
    isEncrypted: false,
    method: 0,
    crc: 0,
    compressedSize: 0,
    size: 0,
    offset: 0,
    attributes: 0,
  };
  let position = place.offset;
  let page: Buffer = Buffer.alloc(0);
  let at = 0;
  for (let i = 0; i < place.entries; i++) {
    if (at + entrySize > page.length) {
      page = file.at(position, pageSize);
      at = 0;
    }
    if (at + entrySize > page.length) throw new ZipFault('it ends too early');
    if (uint32(page, at) !== 0x02014b50) throw new ZipFault('an entry of it is none');
    const length = entrySize + uint16(page, at + 28) + uint16(page, at + 30) + uint16(page, at + 32);
    if (at + length > page.length) {
      page = file.at(position, pageSize);
      at = 0;
      if (length > page.length) throw new ZipFault('it ends too early');
    }
    readEntry(entry, page, at);
    visit(entry);
    at += length;
    position += length;
  }
}

const uint16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
const uint32 = (bytes: Uint8Array, at: number): number =>
  uint16(bytes, at) + uint16(bytes, at + 2) * 0x1_0000;
/** Not exact beyond 2^53, which no file has: whoever takes it as a size or a place sees that it lies outside. */
const uint64 = (bytes: Uint8Array, at: number): number => uint32(bytes, at) + uint32(bytes, at + 4) * 2 ** 32;

/** 4.3.12 of APPNOTE; sizes and places of 4 GB and more stand in an extra field (4.5.3). */
function readEntry(entry: DirectoryEntry, page: Buffer, at: number): void {
  const flags = uint16(page, at + 8);
  if ((flags & 0x40) !== 0) throw new ZipFault('an entry of it is locked in a way that is not known here');
  const extraLength = uint16(page, at + 30);
  entry.page = page;
  entry.nameStart = at + entrySize;
  entry.nameLength = uint16(page, at + 28);
  entry.isEncrypted = (flags & 1) !== 0;
  entry.method = uint16(page, at + 10);
  entry.crc = uint32(page, at + 16);
  entry.compressedSize = uint32(page, at + 20);
  entry.size = uint32(page, at + 24);
  entry.attributes = uint32(page, at + 38);
  entry.offset = uint32(page, at + 42);
  if (extraLength > 0) {
    const start = entry.nameStart + entry.nameLength;
    readZip64(entry, page.subarray(start, start + extraLength));
  }
  // a password puts 12 bytes before the content
  if (entry.method === 0 && entry.compressedSize !== entry.size + (entry.isEncrypted ? 12 : 0))
    throw new ZipFault('an entry of it that is not packed has two sizes');
}

/** All extra fields must lie inside; the first one of zip64 has the numbers that are all ones, in this order. */
function readZip64(entry: DirectoryEntry, extra: Buffer): void {
  let field: Buffer | null = null;
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + uint16(extra, at + 2);
    if (end > extra.length) throw new ZipFault('an extra field of an entry is too long');
    if (field === null && uint16(extra, at) === 1) field = extra.subarray(at + 4, end);
    at = end;
  }
  if (field === null) return;
  let at = 0;
  for (const key of ['size', 'compressedSize', 'offset'] as const) {
    if (entry[key] !== elsewhere) continue;
    if (at + 8 > field.length) throw new ZipFault('an entry of it lacks its size or its place');
    entry[key] = uint64(field, at);
    at += 8;
  }
}
