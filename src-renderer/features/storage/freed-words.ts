import { plural } from '#renderer/model/count-words.ts';
import { formatBytes } from '#shared/base/bytes.ts';
import type { FreeReport } from '#shared/contract/areas/storage.ts';

/** What freeing space has done, as sentences. */
export function freedWords(report: FreeReport): string {
  const { files, bytes, compacted, held, database, stopped, unfinished } = report;
  const words: string[] = [];
  if (stopped) words.push('Stopped: the rest is found the next time.');
  if (files > 0) words.push(`${plural(files, 'file', 'files')} let go, ${formatBytes(bytes)}.`);
  if (database.after < database.before)
    words.push(
      `The database has ${formatBytes(database.after)} now instead of ${formatBytes(database.before)}.`,
    );
  if (compacted > 0) words.push(`The index of files is ${formatBytes(compacted)} smaller.`);
  if (held > 0)
    words.push(`${plural(held, 'file stays', 'files stay')} that the running app has put or found.`);
  words.push(...unfinished);
  return words.length === 0 ? 'There was nothing to free.' : words.join(' ');
}
