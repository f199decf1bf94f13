/**
 * Where words begin and end in texts that programs write: runs of letters and digits, and what stands directly behind an
 * escape: `\nada` in a text of JSON in JSON, `%2Fada` in an address, `ESC[31mada` in what a terminal shows.
 */

const asciiWord = Uint8Array.from({ length: 128 }, (_, code) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ? 1 : 0,
);
const wordPoint = /[\p{L}\p{N}]/u;

/** How many units of UTF-16 a letter or digit has at a place; 0 where there is none. */
function wordUnits(text: string, at: number): 0 | 1 | 2 {
  const code = text.charCodeAt(at);
  if (code < 128) return asciiWord[code] === 1 ? 1 : 0;
  const point = text.codePointAt(at);
  if (point === undefined || !wordPoint.test(String.fromCodePoint(point))) return 0;
  return point > 0xff_ff ? 2 : 1;
}

/** Whether a letter or digit ends directly before a place. */
export function isWordBefore(text: string, at: number): boolean {
  if (at <= 0) return false;
  const low = text.charCodeAt(at - 1);
  const isLow = low >= 0xdc_00 && low <= 0xdf_ff;
  return wordUnits(text, isLow && at > 1 ? at - 2 : at - 1) !== 0;
}

export const isWordAt = (text: string, at: number): boolean => at < text.length && wordUnits(text, at) !== 0;

/** The end of the run of letters and digits that begins at a place. */
export function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const units = wordUnits(text, at);
    if (units === 0) break;
    at += units;
  }
  return at;
}

/** The next place from `from` on where a run begins or goes on; the length of the text where there is none. */
export function nextWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && wordUnits(text, at) === 0) at++;
  return at;
}

const hex = /^[0-9A-Fa-f]+$/;

/** Where, inside of a run, a word begins behind an escape; -1 where it has none. */
export function behindEscape(text: string, start: number, end: number): number {
  if (start === 0) return -1;
  const before = text[start - 1];
  const first = text[start] ?? '';
  let at = -1;
  if (before === '\\') {
    if (first === 'u' && hex.test(text.slice(start + 1, start + 5))) at = start + 5;
    else if (first === 'x' && hex.test(text.slice(start + 1, start + 3))) at = start + 3;
    else if ('nrtbfv0'.includes(first)) at = start + 1;
  } else if (before === '%') {
    if (hex.test(text.slice(start, start + 2))) at = start + 2;
  } else if (before === '[' || before === ';') {
    const colour = /^\d*m/.exec(text.slice(start, Math.min(end, start + 5)));
    if (colour !== null && /\u001B\[[\d;]*$/.test(text.slice(Math.max(0, start - 16), start)))
      at = start + colour[0].length;
  }
  return at > start && at < end ? at : -1;
}
