import type { Progress } from '#shared/contract/common.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { ObjectReader } from '../../../repository/object-reader.ts';
import { isShortLogin, isUnsafe } from './common-words.ts';
import { isPseudonym } from './pseudonyms.ts';
import { homeLogin } from './telling-texts.ts';
import { contextLength, type KnownStrings } from './known-strings.ts';

export interface FileScan {
  /** How often one of the known texts stands in a content, for those in which there is one. */
  readonly found: ReadonlyMap<ObjectHash, number>;
  /** Contents that have a NUL among their first bytes, as Git tells what is no text. */
  readonly notText: number;
}

const firstBytes = 8000;
/** Read at once, which takes less than a stream. */
const small = 1 << 20;
/** Between two reports, and two looks at whether it was cancelled. */
const filesAtOnce = 50;

/**
 * Looks for known texts in contents, as UTF-8, a
 * piece at a time. What is compressed is not unpacked.
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
    if (done % filesAtOnce === 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      signal.throwIfAborted();
      progress({ done, total: hashes.length, unit: 'files', words: 'Looking into files' });
    }
    const isSmall = (objects.size(hash) ?? 0) <= small;
    const { count, isText } = isSmall
      ? scanBytes(await objects.bytes(hash), known)
      : await scanContent(objects.stream(hash), known, signal);
    if (count > 0) found.set(hash, count);
    if (!isText) notText++;
  }
  return { found, notText };
}

/** Folders of homes, of people of whom nothing else is known, that begin in a stretch of a text. */
function strangersIn(text: string, from: number, to: number, known: KnownStrings): number {
  let count = 0;
  homeLogin.lastIndex = from;
  for (let home = homeLogin.exec(text); home !== null && home.index < to; home = homeLogin.exec(text)) {
    const login = (home[1] ?? '').replace(/[.-]+$/, '');
    const says = !isUnsafe(login) || isShortLogin(login);
    if (says && !isPseudonym(login) && known.countIn(home[0], 0, home[0].length).count === 0) count++;
  }
  return count;
}

const isTextAt = (bytes: Uint8Array): boolean => !bytes.subarray(0, firstBytes).includes(0);

function scanBytes(
  bytes: Uint8Array,
  known: KnownStrings,
): { readonly count: number; readonly isText: boolean } {
  const text = new TextDecoder('utf-8').decode(bytes);
  const count = known.countIn(text, 0, text.length).count + strangersIn(text, 0, text.length, known);
  return { count, isText: isTextAt(bytes) };
}

async function scanContent(
  content: AsyncIterable<Uint8Array>,
  known: KnownStrings,
  signal: AbortSignal,
): Promise<{ readonly count: number; readonly isText: boolean }> {
  const decoder = new TextDecoder('utf-8');
  // what may be the beginning of one that goes on in the next piece, and what says what it is before it
  const kept = known.longest + 2;
  let [count, isText, seen] = [0, true, 0];
  let text = '';
  let from = 0;
  for await (const bytes of content) {
    signal.throwIfAborted();
    if (seen === 0) isText = isTextAt(bytes);
    seen += bytes.length;
    text += decoder.decode(bytes, { stream: true });
    const to = text.length - kept;
    if (to <= from) continue;
    const looked = known.countIn(text, from, to);
    count += looked.count + strangersIn(text, from, to, known);
    const next = Math.max(to, looked.end);
    const cut = Math.max(0, next - contextLength);
    text = text.slice(cut);
    from = next - cut;
  }
  text += decoder.decode();
  const rest = known.countIn(text, from, text.length).count + strangersIn(text, from, text.length, known);
  return { count: count + rest, isText };
}
