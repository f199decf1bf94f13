import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Temp, fsync, rename, fsync of the folder: after a power cut the file is the old one or the new one.
 * @param encoding of a file whose bytes are not ours to judge: `latin1` keeps each
 */
export async function replaceFile(
  file: string,
  text: string,
  encoding: 'utf8' | 'latin1' = 'utf8',
): Promise<void> {
  const draft = `${file}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(text, encoding);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  if (process.platform === 'win32') return;
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
