import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fromRandomAccessReaderPromise, type Entry } from 'yauzl';
import type { StemmaError } from '#shared/base/errors.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { archiveDamaged, archiveUnsafe, cutOff, notAnArchive } from './archive-errors.ts';
import { budgets, checkRatio } from './budgets.ts';
import { entryKind } from './entry-grammar.ts';
import { FileReader } from './file-reader.ts';
import { readMetadata, type ArchiveMetadata } from './metadata.ts';
import { Extents } from './overlaps.ts';
import { describeOther } from './other-formats.ts';
import { isKnownMethod, readEntry, streamEntry, type ZipEntry } from './zip-entry.ts';

/** Objects up to here are unpacked in memory. */
const inMemory = 4 << 20;

interface Found {
  metadata: ZipEntry | null;
  database: ZipEntry | null;
  readonly objects: Map<ObjectHash, ZipEntry>;
  ignored: number;
  objectBytes: number;
}

/**
 * A `.aiida` file, read by its central directory alone. Entries that are not of the format (`__MACOSX/`, folders) are
 * counted and ignored; nothing is unpacked under a name from the file.
 */
export class ZipArchive {
  readonly name: string;
  readonly metadata: ArchiveMetadata;
  readonly #file: FileReader;
  readonly #found: Found;
  readonly #database: ZipEntry;

  /** @throws StemmaError `not-an-archive`, `archive-version`, `archive-damaged`, `archive-unsafe` */
  static async open(file: string): Promise<ZipArchive> {
    const name = path.basename(file);
    const reader = openFile(file, name);
    try {
      const found = await readDirectory(reader, name);
      if (found.metadata === null) throw notAnArchive(name, 'it has no metadata.json');
      if (found.metadata.size > budgets.metadata) throw archiveUnsafe(name, 'its metadata.json is too large');
      const metadata = readMetadata(readEntry(reader, found.metadata), name);
      if (found.database === null) throw archiveDamaged(name, 'it has no db.sqlite3');
      return new ZipArchive(name, metadata, reader, found, found.database);
    } catch (error) {
      reader.closeFile();
      throw error;
    }
  }

  private constructor(
    name: string,
    metadata: ArchiveMetadata,
    file: FileReader,
    found: Found,
    database: ZipEntry,
  ) {
    this.name = name;
    this.metadata = metadata;
    this.#file = file;
    this.#found = found;
    this.#database = database;
  }

  get databaseBytes(): number {
    return this.#database.size;
  }

  /** Tells this archive from others wherever it lies, by what its directory says of it. */
  get fingerprint(): string {
    const { metadata, database, objects, objectBytes } = this.#found;
    const facts = [metadata?.crc, database?.crc, database?.size, objects.size, objectBytes];
    return createHash('sha256').update(facts.join(' ')).digest('hex').slice(0, 32);
  }

  get objectCount(): number {
    return this.#found.objects.size;
  }

  /** Entries that are not of the format. */
  get ignored(): number {
    return this.#found.ignored;
  }

  objectSize(hash: ObjectHash): number | null {
    return this.#found.objects.get(hash)?.size ?? null;
  }

  /** The order in which the file is read from start to end. */
  inFileOrder(hashes: Iterable<ObjectHash>): readonly ObjectHash[] {
    const offset = (hash: ObjectHash): number => this.#found.objects.get(hash)?.offset ?? 0;
    return [...hashes].sort((a, b) => offset(a) - offset(b));
  }

  /**
   * The content of an object, not yet compared with its hash (that is for who stores it).
   * @throws StemmaError `archive-damaged`
   */
  object(hash: ObjectHash): Buffer | Readable {
    const entry = this.#found.objects.get(hash);
    if (entry === undefined) throw archiveDamaged(hash, 'a file that a node names is not in it');
    return entry.size <= inMemory
      ? readEntry(this.#file, entry)
      : Readable.from(streamEntry(this.#file, entry));
  }

  /** Writes the database to `target`, a new file of ours. */
  async extractDatabase(target: string, signal?: AbortSignal): Promise<void> {
    const fd = openSync(target, 'wx', 0o600);
    try {
      for await (const piece of streamEntry(this.#file, this.#database)) {
        signal?.throwIfAborted();
        writeSync(fd, piece);
      }
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  close(): void {
    this.#file.closeFile();
  }
}

function openFile(file: string, name: string): FileReader {
  try {
    return new FileReader(file);
  } catch (error) {
    throw notAnArchive(name, `it cannot be opened (${(error as Error).message})`, error);
  }
}

async function readDirectory(reader: FileReader, name: string): Promise<Found> {
  const other = await describeOther(reader, name);
  if (other !== null) throw other;
  try {
    const zip = await fromRandomAccessReaderPromise(reader, reader.size, {
      lazyEntries: true,
      autoClose: false,
      // names are compared with a grammar, never used as paths: bytes will do
      decodeStrings: false,
    });
    if (zip.entryCount > budgets.entries) throw archiveUnsafe(name, `it has ${zip.entryCount} entries`);
    const found: Found = { metadata: null, database: null, objects: new Map(), ignored: 0, objectBytes: 0 };
    const extents = new Extents();
    for await (const entry of zip.eachEntry()) take(found, entry, extents, name);
    extents.refuseOverlaps(name, reader.size);
    return found;
  } catch (error) {
    if (error instanceof Error && error.name === 'StemmaError') throw error;
    throw unreadable(reader, name, error as Error);
  }
}

/** A zip has its directory at its end: one that begins like a zip has most often lost that on its way here. */
function unreadable(reader: FileReader, name: string, error: Error): StemmaError {
  const begins = reader.size >= 4 && reader.at(0, 4).equals(localHeader);
  if (error.message.startsWith('End of central directory')) {
    return begins ? cutOff(name, error) : notAnArchive(name, 'it is no zip file', error);
  }
  return notAnArchive(name, `its directory cannot be read (${error.message})`, error);
}

const localHeader = Buffer.from('PK\u0003\u0004', 'latin1');

function take(found: Found, entry: Entry, extents: Extents, archive: string): void {
  const entryName = entry.fileNameRaw.toString('latin1');
  const offset = entry.relativeOffsetOfLocalHeader;
  extents.add(offset, offset + 30 + entry.fileNameRaw.length + entry.compressedSize);
  const kind = entryKind(entryName);
  if (kind.kind === 'ignored') {
    found.ignored++;
    return;
  }
  const type = (entry.externalFileAttributes >>> 28) & 0xf;
  if (type !== 0 && type !== 0o10) throw archiveUnsafe(archive, `“${entryName}” is not a regular file`);
  if (entry.isEncrypted()) throw archiveUnsafe(archive, `“${entryName}” is encrypted`);
  if (!isKnownMethod(entry.compressionMethod)) {
    throw archiveUnsafe(
      archive,
      `“${entryName}” is packed by method ${entry.compressionMethod}, which is not known here`,
    );
  }
  checkRatio(entryName, entry.uncompressedSize, entry.compressedSize);
  const kept: ZipEntry = {
    name: entryName,
    offset,
    size: entry.uncompressedSize,
    compressedSize: entry.compressedSize,
    method: entry.compressionMethod,
    crc: entry.crc32,
  };
  const twice = (): Error => archiveUnsafe(archive, `“${entryName}” is in it twice`);
  if (kind.kind === 'object') {
    if (found.objects.has(kind.hash)) throw twice();
    found.objects.set(kind.hash, kept);
    found.objectBytes += kept.size;
    return;
  }
  if (found[kind.kind] !== null) throw twice();
  found[kind.kind] = kept;
}
