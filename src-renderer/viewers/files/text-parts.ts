/** Of a text file, what is read and shown at once. */
export const textPartBytes = 2_000_000;
/** Of a binary file: each byte takes five characters. */
export const hexPartBytes = 262_144;
/** Beyond the end of a part, a line is followed so far. */
export const longestTail = 65_536;

/** At least one, for an empty file too. */
export const partCount = (size: number, partBytes: number): number =>
  Math.max(1, Math.ceil(size / partBytes));

const newline = 10;

/**
 * The whole lines of a part of a text: from the first line that begins in the part to the end of the last such line, so
 * that each line is in one part only and no letter is cut in two. A line that is longer than the tail is cut there.
 *
 * @param bytes from one byte before the part (from its beginning for the first part) to `longestTail` beyond its end
 * @param isFirst whether the part begins the file
 * @param partBytes how many of the bytes belong to the part
 */
export function linesOfPart(bytes: Uint8Array, isFirst: boolean, partBytes: number): Uint8Array {
  let from = 0;
  if (!isFirst) {
    const end = bytes.subarray(0, partBytes + 1).indexOf(newline);
    if (end < 0) return bytes.subarray(0, 0);
    from = end + 1;
  }
  const reach = (isFirst ? 0 : 1) + partBytes;
  if (bytes.length <= reach) return bytes.subarray(from);
  if (from >= reach) return bytes.subarray(0, 0);
  // The line in which the part ends goes on; one that ends with the part's last byte does not.
  const end = bytes.indexOf(newline, reach - 1);
  return bytes.subarray(from, end < 0 ? bytes.length : end + 1);
}
