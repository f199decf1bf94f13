import path from 'node:path';
import { fromRandomAccessReaderPromise, type Entry } from 'yauzl';
import type { StemmaError } from '#shared/base/errors.ts';
import { archiveEncrypted, archiveUnsafe, cutOff, notAnArchive } from './archive-errors.ts';
import { budgets, checkRatio } from './budgets.ts';
import type { FileReader } from './file-reader.ts';
import { FoundMembers, type OpenMembers } from './found-members.ts';
import { Extents } from './overlaps.ts';
import { isKnownMethod, ZipMember } from './zip-entry.ts';

/**
 * Reads a zip by its central directory alone. Closes the file where it fails.
 * @throws StemmaError `not-an-archive`, `archive-damaged`, `archive-unsafe`, `archive-encrypted`
 */
export async function zipMembers(reader: FileReader, file: string): Promise<OpenMembers> {
  const name = path.basename(file);
  try {
    return { name, found: await readDirectory(reader, name), close: () => reader.closeFile() };
  } catch (error) {
    reader.closeFile();
    throw error;
  }
}

async function readDirectory(reader: FileReader, name: string): Promise<FoundMembers> {
  try {
    const zip = await fromRandomAccessReaderPromise(reader, reader.size, {
      lazyEntries: true,
      autoClose: false,
      // names are compared with a grammar, never used as paths: bytes will do
      decodeStrings: false,
    });
    if (zip.entryCount > budgets.entries) throw archiveUnsafe(name, `it has ${zip.entryCount} entries`);
    const found = new FoundMembers(name);
    const extents = new Extents();
    for await (const entry of zip.eachEntry()) take(found, reader, entry, extents, name);
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
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Names of files of nodes are UTF-8 from AiiDA; programs that zip again write other things, too. */
function decoded(raw: Buffer): string {
  try {
    return utf8.decode(raw);
  } catch {
    return raw.toString('latin1');
  }
}

function take(
  found: FoundMembers,
  reader: FileReader,
  entry: Entry,
  extents: Extents,
  archive: string,
): void {
  const offset = entry.relativeOffsetOfLocalHeader;
  extents.add(offset, offset + 30 + entry.fileNameRaw.length + entry.compressedSize);
  const rawName = entry.fileNameRaw.toString('latin1');
  const type = (entry.externalFileAttributes >>> 28) & 0xf;
  const isFile = type === 0 || type === 0o10;
  found.take(decoded(entry.fileNameRaw), isFile ? 'file' : 'other', () => {
    if (entry.isEncrypted()) throw archiveEncrypted(archive);
    if (!isKnownMethod(entry.compressionMethod)) {
      throw archiveUnsafe(
        archive,
        `“${rawName}” is packed by method ${entry.compressionMethod}, which is not known here`,
      );
    }
    checkRatio(rawName, entry.uncompressedSize, entry.compressedSize);
    return new ZipMember(reader, {
      name: rawName,
      offset,
      size: entry.uncompressedSize,
      compressedSize: entry.compressedSize,
      method: entry.compressionMethod,
      crc: entry.crc32,
    });
  });
}
