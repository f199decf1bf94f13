import { pieces, type FilePlace, type ReadFile } from './read-file.ts';
import { hexDump } from './hex-dump.ts';
import { hexPartBytes, linesOfPart, longestTail, textPartBytes } from './text-parts.ts';

/** The lines of a part of a text file that is too large to be shown at once. */
export async function readTextPart(
  read: ReadFile,
  place: FilePlace,
  part: number,
  signal: AbortSignal,
): Promise<string> {
  const isFirst = part === 0;
  const from = part * textPartBytes - (isFirst ? 0 : 1);
  const bytes = await pieces(read, place, from, textPartBytes + longestTail + 1, signal);
  return new TextDecoder('utf-8').decode(linesOfPart(bytes, isFirst, textPartBytes));
}

/** A part of a file as numbers of bytes. */
export async function readHexPart(
  read: ReadFile,
  place: FilePlace,
  part: number,
  signal: AbortSignal,
): Promise<string> {
  const from = part * hexPartBytes;
  return hexDump(await pieces(read, place, from, hexPartBytes, signal), from);
}
