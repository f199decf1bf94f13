import { Readable } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { archiveDamaged, archiveUnsafe } from './archive-errors.ts';
import type { FileReader } from './file-reader.ts';
import type { Member } from './member.ts';

/** What the central directory says of one entry, without what we do not need of it. */
export interface ZipEntry {
  readonly name: string;
  /** Of its local header. */
  readonly offset: number;
  /** Bytes, as the next one. */
  readonly size: number;
  readonly compressedSize: number;
  readonly method: number;
  readonly crc: number;
}

/** An entry with the file that it is in. */
export class ZipMember implements Member {
  readonly #file: FileReader;
  readonly #entry: ZipEntry;

  constructor(file: FileReader, entry: ZipEntry) {
    this.#file = file;
    this.#entry = entry;
  }

  get name(): string {
    return this.#entry.name;
  }

  get size(): number {
    return this.#entry.size;
  }

  get offset(): number {
    return this.#entry.offset;
  }

  read(): Buffer {
    return readEntry(this.#file, this.#entry);
  }

  stream(): AsyncGenerator<Buffer> {
    return streamEntry(this.#file, this.#entry);
  }
}

const stored = 0;
const deflated = 8;
const localHeaderSize = 30;
/** What is read of the file at once, and unpacked at once: each piece is a turn of the event loop. */
const packedPiece = 1 << 18;
const unpackedPiece = 1 << 19;

/** The two methods that AiiDA and common zip programs write: stored and deflated (APPNOTE 6.3, 4.4.5). */
export const isKnownMethod = (method: number): boolean => method === stored || method === deflated;

/** The place of the entry's bytes, after a look at whether the local header says the same as the directory. */
function contentStart(file: FileReader, entry: ZipEntry): number {
  const header = file.at(entry.offset, localHeaderSize);
  if (header.length < localHeaderSize || header.readUInt32LE(0) !== 0x04034b50) {
    throw archiveDamaged(entry.name, `“${entry.name}” is not where the directory says`);
  }
  const nameLength = header.readUInt16LE(26);
  const name = file.at(entry.offset + localHeaderSize, nameLength).toString('latin1');
  if (name !== entry.name || header.readUInt16LE(8) !== entry.method) {
    throw archiveUnsafe(
      entry.name,
      `“${entry.name}” says one thing in the directory and another at its place`,
    );
  }
  return entry.offset + localHeaderSize + nameLength + header.readUInt16LE(28);
}

const wrongContent = (entry: ZipEntry, cause?: unknown): Error =>
  archiveDamaged(entry.name, `the content of “${entry.name}” is not what the directory says`, cause);

/** The most bytes that content of a size can be packed into: deflate stores what it cannot shrink (RFC 1951, 3.2.4). */
const mostPacked = (size: number): number => size + Math.ceil(size / 1000) * 5 + 1024;

/** The whole entry in memory. For entries whose size was found to be small. */
function readEntry(file: FileReader, entry: ZipEntry): Buffer {
  // before so much is read: a small entry may say that it is packed into gigabytes
  if (entry.compressedSize > mostPacked(entry.size)) throw wrongContent(entry);
  const raw = file.at(contentStart(file, entry), entry.compressedSize);
  const bytes = entry.method === stored ? raw : inflate(raw, entry);
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) throw wrongContent(entry);
  return bytes;
}

/** Of Node's zlib. */
const smallestChunk = 64;

function inflate(raw: Buffer, entry: ZipEntry): Buffer {
  try {
    // one byte more than declared, so that a longer content is seen and never held
    // and the room for just that: zlib would take 16 kB for a file of a hundred bytes, and keep it as long as the file
    const most = entry.size + 1;
    return inflateRawSync(raw, { maxOutputLength: most, chunkSize: Math.max(smallestChunk, most) });
  } catch (error) {
    throw wrongContent(entry, error);
  }
}

function* rawPieces(file: FileReader, start: number, length: number): Generator<Buffer> {
  for (let at = 0; at < length; at += packedPiece)
    yield file.at(start + at, Math.min(packedPiece, length - at));
}

/** The entry piece by piece; the last piece is followed by an error where size or checksum are wrong. */
async function* streamEntry(file: FileReader, entry: ZipEntry): AsyncGenerator<Buffer> {
  const raw = Readable.from(rawPieces(file, contentStart(file, entry), entry.compressedSize));
  const content = entry.method === stored ? raw : raw.pipe(createInflateRaw({ chunkSize: unpackedPiece }));
  let size = 0;
  let crc = 0;
  // `pipe` hands no error on: one of the disk would be nobody's, and end the thread
  if (content !== raw) raw.once('error', (error) => content.destroy(error));
  try {
    for await (const piece of content) {
      const bytes = piece as Buffer;
      size += bytes.length;
      if (size > entry.size) throw wrongContent(entry);
      crc = crc32(bytes, crc);
      yield bytes;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw wrongContent(entry, error);
    }
    throw error;
  } finally {
    raw.destroy();
  }
  if (size !== entry.size || crc !== entry.crc) throw wrongContent(entry);
}
