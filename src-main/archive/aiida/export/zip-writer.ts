import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { crc32, deflateRaw, deflateRawSync } from 'node:zlib';
import { deflateInParallel } from './deflate-in-parallel.ts';
import { DirectoryRecords } from './directory-records.ts';
import { dosTime, type DosTime } from './dos-time.ts';
import { piecesOf, type PackedFile } from './pack-file.ts';
import { directoryEnd, directoryEntry, fits32, localHeader, type ZipEntry } from './zip-headers.ts';

/** An entry that is packed and not written yet. */
export interface PackedEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  /** Bytes before they were packed. */
  readonly size: number;
  readonly packed: Uint8Array;
}

const pack = promisify(deflateRaw);
/** Below this size handing the bytes to another core costs more than packing them. */
const packHere = 4096;
/** Enough for so few bytes, and made in a third of the time: windows and tables of deflate are zeroed for each entry. */
const smallTables = { windowBits: 12, memLevel: 5 };
/** Of a stream of zlib, in bytes. */
const leastChunk = 64;
const gatherBytes = 1 << 18;
/** Deflate may make an entry longer by some hundredths of a percent. */
const surelyBelow32 = 0xf000_0000;

/**
 * Writes a zip as AiiDA and Python do: sizes and checksum in the local header (no data descriptors), Unix attributes
 * 0600, ZIP64 only where it is needed, and entries at the head of the directory that readers look for first. PKWARE
 * APPNOTE 6.3; synchronous, for a thread of its own. Why not a library: docs/decisions/own-zip-writer.md.
 */
export class ZipWriter {
  readonly #fd: number;
  readonly #level: number;
  readonly #modified: DosTime;
  readonly #directory = new DirectoryRecords();
  /** Small writes are gathered: an archive has tens of thousands of entries of some hundred bytes. */
  readonly #gathered = Buffer.allocUnsafeSlow(gatherBytes);
  #used = 0;
  /** Where the next byte belongs, and how many are in the file. */
  #at = 0;
  #written = 0;

  /** `level` 0 stores, 1–9 deflates; `modified` stands at every entry, in the zone of this machine. */
  constructor(file: string, level: number, modified: Date) {
    this.#fd = openSync(file, 'wx', 0o644);
    this.#level = level;
    this.#modified = dosTime(modified);
  }

  /** Packs, on another core where that pays; many at once. */
  async pack(name: string, bytes: Uint8Array, level = this.#level): Promise<PackedEntry> {
    const packed =
      level === 0
        ? bytes
        : bytes.length < packHere
          ? deflateRawSync(bytes, { level, ...smallTables, chunkSize: Math.max(leastChunk, bytes.length) })
          : await pack(bytes, { level });
    return { name, method: level === 0 ? 0 : 8, crc: crc32(bytes), size: bytes.length, packed };
  }

  add({ name, method, crc, size, packed }: PackedEntry): void {
    const entry = { ...this.#begin(name, method, false), crc, size, compressedSize: packed.length };
    this.#write(localHeader(entry, this.#modified));
    this.#write(packed);
    this.#directory.add(directoryEntry(entry, this.#modified));
  }

  /** For what does not fit in memory. The header is written again when the sizes are known. */
  async addStream(name: string, content: AsyncIterable<Uint8Array>, expectedSize: number): Promise<void> {
    const entry = this.#begin(name, this.#level === 0 ? 0 : 8, expectedSize > surelyBelow32);
    this.#write(localHeader(entry, this.#modified));
    const start = this.#at;
    const measured = async function* (): AsyncGenerator<Uint8Array> {
      for await (const bytes of content) {
        entry.crc = crc32(bytes, entry.crc);
        entry.size += bytes.length;
        yield bytes;
      }
    };
    const packed = this.#level === 0 ? measured() : deflateInParallel(measured(), this.#level);
    for await (const bytes of packed) this.#write(bytes);
    entry.compressedSize = this.#at - start;
    const header = localHeader(entry, this.#modified);
    this.#flush();
    writeSync(this.#fd, header, 0, header.length, entry.offset);
    this.#directory.add(directoryEntry(entry, this.#modified));
  }

  /** What `packFile` has made. */
  addPacked(name: string, { path, method, crc, size, packedSize }: PackedFile): void {
    const zip64 = size > fits32 || packedSize > fits32;
    const entry = { ...this.#begin(name, method, zip64), crc, size, compressedSize: packedSize };
    this.#write(localHeader(entry, this.#modified));
    for (const piece of piecesOf(path)) this.#write(piece);
    this.#directory.add(directoryEntry(entry, this.#modified));
  }

  /** Writes the directory, those of `first` at its head, and makes the file durable. */
  finish(first: readonly string[]): void {
    const start = this.#at;
    for (const record of this.#directory.inOrder(first)) this.#write(record);
    this.#write(directoryEnd(this.#directory.count, start, this.#at - start));
    this.#flush();
    fsyncSync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #begin(name: string, method: number, zip64: boolean): ZipEntry {
    return {
      name: Buffer.from(name),
      method,
      offset: this.#at,
      zip64,
      crc: 0,
      size: 0,
      compressedSize: 0,
    };
  }

  #write(bytes: Uint8Array): void {
    this.#at += bytes.length;
    if (bytes.length > gatherBytes - this.#used) this.#flush();
    if (bytes.length > gatherBytes) return this.#writeOut(bytes);
    this.#gathered.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #flush(): void {
    this.#writeOut(this.#gathered.subarray(0, this.#used));
    this.#used = 0;
  }

  #writeOut(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const count = writeSync(this.#fd, bytes, done, bytes.length - done, this.#written);
      done += count;
      this.#written += count;
    }
  }
}
