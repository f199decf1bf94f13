import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { crc32, deflateRaw, deflateRawSync } from 'node:zlib';
import { deflateInParallel } from './deflate-in-parallel.ts';

/** What stands in the headers of an entry. */
interface Written {
  readonly name: Buffer;
  readonly method: number;
  readonly offset: number;
  readonly zip64: boolean;
  crc: number;
  size: number;
  compressedSize: number;
}

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
const smallTables = { windowBits: 12, memLevel: 5, chunkSize: packHere };
const fits32 = 0xffff_fffe;
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
  readonly #time: number;
  readonly #date: number;
  readonly #entries: Written[] = [];
  #at = 0;

  /** `level` 0 stores, 1–9 deflates; `modified` stands at every entry, in the zone of this machine. */
  constructor(file: string, level: number, modified: Date) {
    this.#fd = openSync(file, 'wx', 0o644);
    this.#level = level;
    this.#time = (modified.getHours() << 11) | (modified.getMinutes() << 5) | (modified.getSeconds() >> 1);
    this.#date =
      ((modified.getFullYear() - 1980) << 9) | ((modified.getMonth() + 1) << 5) | modified.getDate();
  }

  /** Packs, on another core where that pays; many at once. */
  async pack(name: string, bytes: Uint8Array, level = this.#level): Promise<PackedEntry> {
    const packed =
      level === 0
        ? bytes
        : bytes.length < packHere
          ? deflateRawSync(bytes, { level, ...smallTables })
          : await pack(bytes, { level });
    return { name, method: level === 0 ? 0 : 8, crc: crc32(bytes), size: bytes.length, packed };
  }

  add({ name, method, crc, size, packed }: PackedEntry): void {
    const entry = this.#begin(name, method, false);
    Object.assign(entry, { crc, size, compressedSize: packed.length });
    this.#write(localHeader(entry, this.#time, this.#date));
    this.#write(packed);
  }

  /** For what does not fit in memory. The header is written again when the sizes are known. */
  async addStream(name: string, content: AsyncIterable<Uint8Array>, expectedSize: number): Promise<void> {
    const entry = this.#begin(name, this.#level === 0 ? 0 : 8, expectedSize > surelyBelow32);
    this.#write(localHeader(entry, this.#time, this.#date));
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
    const header = localHeader(entry, this.#time, this.#date);
    writeSync(this.#fd, header, 0, header.length, entry.offset);
  }

  /** Writes the directory, those of `first` at its head, and makes the file durable. */
  finish(first: readonly string[]): void {
    const rank = (entry: Written): number => {
      const place = first.indexOf(entry.name.toString());
      return place === -1 ? first.length : place;
    };
    const start = this.#at;
    for (const entry of this.#entries.toSorted((a, b) => rank(a) - rank(b))) {
      this.#write(directoryEntry(entry, this.#time, this.#date));
    }
    this.#write(directoryEnd(this.#entries.length, start, this.#at - start));
    fsyncSync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #begin(name: string, method: number, zip64: boolean): Written {
    const entry = {
      name: Buffer.from(name),
      method,
      offset: this.#at,
      zip64,
      crc: 0,
      size: 0,
      compressedSize: 0,
    };
    this.#entries.push(entry);
    return entry;
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const count = writeSync(this.#fd, bytes, done, bytes.length - done, this.#at);
      done += count;
      this.#at += count;
    }
  }
}

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

function localHeader(entry: Written, time: number, date: number): Buffer {
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

function directoryEntry(entry: Written, time: number, date: number): Buffer {
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

function directoryEnd(count: number, start: number, size: number): Buffer {
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
