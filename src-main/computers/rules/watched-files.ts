/** New parts of many files in many work directories, by one command. */
import { sentinelFiles } from '../job-script/sentinels.ts';
import type { Question } from '../schedulers/scheduler.ts';
import { transportError } from '../transport-error.ts';

/** What one look asks of one file. */
export interface FileWish {
  readonly directory: string;
  /** Relative to it, without a newline. */
  readonly file: string;
  /** Bytes that are known already. */
  readonly from: number;
  /** At most so many bytes; where more are new, the last of them. */
  readonly limit: number;
}

/** What was new in it. */
export interface FilePart {
  /** Bytes of the whole file; null where there is none. */
  readonly size: number | null;
  /** Seconds since somebody wrote to it, or since the job began where that is later; null where neither is known. */
  readonly quietForSeconds: number | null;
  /** Where the bytes begin: later than wished for where parts were left out, 0 where the file was written anew. */
  readonly from: number;
  readonly bytes: Uint8Array;
}

/**
 * Input: three lines for each file. Output: `@file i size changed began from count`, then exactly `count` bytes and a
 * newline; in the end `@end n now`. Times are those of the computer, in seconds.
 */
export const askWatchedFiles = (wishes: readonly FileWish[]): Question => ({
  script: `
changed() { stat -c %Y "$1" 2>/dev/null || stat -f %m "$1" 2>/dev/null || echo -; }
i=0
while IFS= read -r d && IFS= read -r f && read -r from limit; do
  size=- at=- began=- count=0
  if [ -f "$d/${sentinelFiles.fence}" ]; then began=$(changed "$d/${sentinelFiles.fence}"); fi
  if [ -f "$d/$f" ]; then
    size=$(($(wc -c < "$d/$f")))
    at=$(changed "$d/$f")
    if [ "$size" -lt "$from" ]; then from=0; fi
    count=$((size - from))
    if [ "$count" -gt "$limit" ]; then from=$((size - limit)); count=$limit; fi
  fi
  echo "@file $i $size $at $began $from $count"
  if [ "$count" -gt 0 ]; then tail -c "+$((from + 1))" "$d/$f" | head -c "$count"; fi
  echo
  i=$((i + 1))
done
echo "@end $i $(date +%s)"
`,
  input: Buffer.from(
    wishes.map(({ directory, file, from, limit }) => `${directory}\n${file}\n${from} ${limit}\n`).join(''),
  ),
});

const decoder = new TextDecoder();

/** In the order of the wishes. @throws StemmaError `garbled-answer` where a part is not as long as it was said to be */
export function readWatchedFiles(bytes: Uint8Array, count: number): FilePart[] {
  const garbled = (): Error =>
    transportError('garbled-answer', { message: 'The new parts of watched files cannot be read.' });
  let at = 0;
  const line = (): string => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) throw garbled();
    const text = decoder.decode(bytes.subarray(at, end));
    at = end + 1;
    return text;
  };
  const parts: { size: string; changed: string; began: string; from: number; bytes: Uint8Array }[] = [];
  for (let i = 0; i < count; i++) {
    const head = /^@file (\d+) (\d+|-) (\d+|-) (\d+|-) (\d+) (\d+)$/.exec(line());
    if (head === null || Number(head[1]) !== i) throw garbled();
    const [, , size = '-', changed = '-', began = '-', from = '0', length = '0'] = head;
    const end = at + Number(length);
    if (end >= bytes.length || bytes[end] !== 0x0a) throw garbled();
    parts.push({ size, changed, began, from: Number(from), bytes: bytes.subarray(at, end) });
    at = end + 1;
  }
  const end = /^@end (\d+) (\d+)$/.exec(line());
  if (end === null || Number(end[1]) !== count || at !== bytes.length) throw garbled();
  const now = Number(end[2]);
  return parts.map(({ size, changed, began, from, bytes: content }) => {
    const times = [changed, began].filter((time) => time !== '-').map(Number);
    return {
      size: size === '-' ? null : Number(size),
      quietForSeconds: times.length === 0 ? null : Math.max(0, now - Math.max(...times)),
      from,
      bytes: content,
    };
  });
}
