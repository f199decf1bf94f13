import path from 'node:path';
import type { StemmaError } from '#shared/base/errors.ts';
import { archiveEncrypted, archiveUnsafe, cutOff, notAnArchive } from './archive-errors.ts';
import { budgets, checkRatio } from './budgets.ts';
import type { FileReader } from './file-reader.ts';
import { FoundMembers, notRegular, thereTwice, type OpenMembers } from './found-members.ts';
import { Extents } from './overlaps.ts';
import { findDirectory, readDirectory, ZipFault, type DirectoryEntry } from './zip-directory.ts';
import { isKnownMethod, ZipMember } from './zip-entry.ts';
import { ZipObjects } from './zip-objects.ts';

/**
 * Reads a zip by its central directory alone. Closes the file where it fails.
 * @throws StemmaError `not-an-archive`, `archive-damaged`, `archive-unsafe`, `archive-encrypted`
 */
export function zipMembers(reader: FileReader, file: string): OpenMembers {
  const name = path.basename(file);
  try {
    return { name, found: findMembers(reader, name), close: () => reader.closeFile() };
  } catch (error) {
    reader.closeFile();
    throw error;
  }
}

function findMembers(reader: FileReader, name: string): FoundMembers {
  try {
    const place = findDirectory(reader);
    if (place.entries > budgets.entries) throw archiveUnsafe(name, `it has ${place.entries} entries`);
    const objects = new ZipObjects(reader);
    const found = new FoundMembers(name, objects);
    const extents = new Extents();
    readDirectory(reader, place, (entry) => {
      extents.add(entry.offset, entry.offset + 30 + entry.nameLength + entry.compressedSize);
      if (objects.isObject(entry)) takeObject(found, objects, entry, name);
      else takeOther(found, reader, entry, name);
    });
    extents.refuseOverlaps(name, reader.size);
    return found;
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    throw unreadable(reader, name, error);
  }
}

/** A zip has its directory at its end: one that begins like a zip has most often lost that on its way here. */
function unreadable(reader: FileReader, name: string, error: ZipFault): StemmaError {
  if (!error.isWithoutEnd)
    return notAnArchive(name, `its directory cannot be read (${error.message})`, error);
  const begins = reader.size >= 4 && reader.at(0, 4).equals(localHeader);
  return begins ? cutOff(name, error) : notAnArchive(name, 'it is no zip file', error);
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

const rawName = ({ page, nameStart, nameLength }: DirectoryEntry): Buffer =>
  Buffer.from(page.subarray(nameStart, nameStart + nameLength));

/** Bits of the mode say what it is, where the program that wrote it had such; 0 where it had not. */
function isFile({ attributes }: DirectoryEntry): boolean {
  const type = (attributes >>> 28) & 0xf;
  return type === 0 || type === 0o10;
}

function checkEntry(entry: DirectoryEntry, archive: string): void {
  const { method, size, compressedSize } = entry;
  if (entry.isEncrypted) throw archiveEncrypted(archive);
  if (!isKnownMethod(method)) {
    const name = rawName(entry).toString('latin1');
    throw archiveUnsafe(archive, `“${name}” is packed by method ${method}, which is not known here`);
  }
  // most are far from any limit
  if (size > budgets.ratioFrom) checkRatio(rawName(entry).toString('latin1'), size, compressedSize);
}

/** What nearly every entry of a large archive is. */
function takeObject(found: FoundMembers, objects: ZipObjects, entry: DirectoryEntry, archive: string): void {
  found.count();
  if (!isFile(entry)) throw notRegular(archive, rawName(entry).toString('latin1'));
  checkEntry(entry, archive);
  if (!objects.add(entry)) throw thereTwice(archive, rawName(entry).toString('latin1'));
}

function takeOther(found: FoundMembers, reader: FileReader, entry: DirectoryEntry, archive: string): void {
  const raw = rawName(entry);
  found.take(decoded(raw), isFile(entry) ? 'file' : 'other', () => {
    checkEntry(entry, archive);
    const { offset, size, compressedSize, method, crc } = entry;
    const name = raw.toString('latin1');
    return new ZipMember(reader, { name, offset, size, compressedSize, method, crc });
  });
}
