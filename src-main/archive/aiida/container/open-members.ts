import { statSync } from 'node:fs';
import path from 'node:path';
import { notAnArchive } from './archive-errors.ts';
import type { FileReader } from './file-reader.ts';
import { folderMembers } from './folder-members.ts';
import type { OpenMembers } from './found-members.ts';
import { openFile } from './open-file.ts';
import type { Spooling } from './tar-members.ts';
import { zipMembers } from './zip-members.ts';

/** What begins like this is packed by a program that archives are not packed with. */
const otherPackers: readonly (readonly [begins: string, name: string])[] = [
  ['BZh', 'bzip2'],
  ['\u00fd7zXZ\0', 'xz'],
  ['(\u00b5/\u00fd', 'zstd'],
  ['7z\u00bc\u00af\u0027\u001c', '7-Zip'],
  ['Rar!', 'RAR'],
];

/**
 * Opens an archive whatever it is packed as, which is seen from its first bytes and never from its name.
 * @throws StemmaError `not-an-archive`, `archive-damaged`, `archive-unsafe`, `archive-encrypted`, `archive-too-large`
 */
export async function openMembers(file: string, spooling: Spooling): Promise<OpenMembers> {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
    return folderMembers(file, spooling.signal);
  }
  const reader = openFile(file);
  const packing = packingOf(reader, path.basename(file));
  if (packing === 'zip') return zipMembers(reader, file);
  const { tarMembers, withoutMetadata } = await import('./tar-members.ts');
  const members = await tarMembers(reader, file, packing === 'gzip', spooling);
  if (members.found.metadata !== null) return members;
  members.close();
  throw notAnArchive(members.name, withoutMetadata(packing === 'gzip'));
}

function packingOf(reader: FileReader, name: string): 'zip' | 'gzip' | 'tar' {
  const start = reader.at(0, 262);
  const refuse = (why: string): never => {
    reader.closeFile();
    throw notAnArchive(name, why);
  };
  if (start.length === 0) return refuse('it is empty');
  const text = start.toString('latin1');
  const packer = otherPackers.find(([begins]) => text.startsWith(begins))?.[1];
  if (packer !== undefined)
    return refuse(`it is packed with ${packer}, which archives are not; unpack it first`);
  if (text.startsWith('\u001f\u008b')) return 'gzip';
  return text.slice(257, 262) === 'ustar' ? 'tar' : 'zip';
}
