import type { Progress } from '#shared/contract/common.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { ObjectReader } from '../../../repository/object-reader.ts';
import type { KnownStrings } from './known-strings.ts';

export interface FileScan {
  /** How often one of the known texts stands in a content, for those in which there is one. */
  readonly found: ReadonlyMap<ObjectHash, number>;
  /** Contents that have a NUL among their first bytes, as Git tells what is no text. */
  readonly notText: number;
}

const firstBytes = 8000;

/**
 * Looks for known texts in contents, as UTF-8, a piece at a time. What is compressed is not unpacked.
 * @throws StemmaError `object-missing`, `object-damaged`
 */
export async function scanFiles(
  hashes: readonly ObjectHash[],
  objects: ObjectReader,
  known: KnownStrings,
  progress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<FileScan> {
  const found = new Map<ObjectHash, number>();
  let notText = 0;
  for (const [done, hash] of hashes.entries()) {
    signal.throwIfAborted();
    const { count, isText } = await scanContent(objects.stream(hash), known);
    if (count > 0) found.set(hash, count);
    if (!isText) notText++;
    progress({ done: done + 1, total: hashes.length, unit: 'files', words: 'Looking into files' });
  }
  return { found, notText };
}

async function scanContent(
  content: AsyncIterable<Uint8Array>,
  known: KnownStrings,
): Promise<{ readonly count: number; readonly isText: boolean }> {
  const decoder = new TextDecoder('utf-8');
  // what may be the beginning of one that goes on in the next piece, and a character before it
  const kept = known.longest + 2;
  let [count, isText, seen] = [0, true, 0];
  let text = '';
  let from = 0;
  for await (const bytes of content) {
    if (seen < firstBytes && bytes.subarray(0, firstBytes - seen).includes(0)) isText = false;
    seen += bytes.length;
    text += decoder.decode(bytes, { stream: true });
    const to = text.length - kept;
    if (to <= from) continue;
    const looked = known.countIn(text, from, to);
    count += looked.count;
    const next = Math.max(to, looked.end);
    const cut = Math.max(0, next - 1);
    text = text.slice(cut);
    from = next - cut;
  }
  text += decoder.decode();
  return { count: count + known.countIn(text, from, text.length).count, isText };
}
