import { constants, lstatSync, openSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { archiveUnsafe } from './archive-errors.ts';
import { FileMember } from './file-member.ts';
import { FileReader } from './file-reader.ts';
import { FoundMembers, type OpenMembers } from './found-members.ts';

const deepest = 110;

/**
 * A plain folder with the members of an archive in it, which AiiDA reads, too. Links in it are not followed.
 * @throws StemmaError `archive-unsafe`
 */
export async function folderMembers(folder: string, signal?: AbortSignal): Promise<OpenMembers> {
  const name = path.basename(folder);
  const found = new FoundMembers(name);
  let order = 0;
  const walk = async (within: string, depth: number): Promise<void> => {
    if (depth > deepest) throw archiveUnsafe(name, `it has more than ${deepest} levels of folders`);
    for await (const entry of await opendir(path.join(folder, within))) {
      signal?.throwIfAborted();
      const inside = `${within}${entry.name}`;
      if (entry.isDirectory()) {
        found.take(`${inside}/`, 'folder', noMember);
        await walk(`${inside}/`, depth + 1);
        continue;
      }
      found.take(inside, entry.isFile() ? 'file' : 'other', () => {
        const file = path.join(folder, inside);
        const { size } = lstatSync(file);
        return new FileMember({ name: inside, size, offset: order++ }, () => openPlain(file), true);
      });
    }
  };
  await walk('', 0);
  return { name, found, close: () => {} };
}

const noMember = (): never => {
  throw new Error('A folder is no member.');
};

/** O_NOFOLLOW: a file that has become a link since then is not read. */
const openPlain = (file: string): FileReader =>
  new FileReader(openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW));
