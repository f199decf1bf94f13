import { createHash } from 'node:crypto';

/** Longest name of a file or folder, in bytes of UTF-8: a path of many steps must fit where paths are short. */
const longest = 80;
/** Names that Windows keeps for devices, with any extension. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** The first bytes of a text, cut between characters. */
function cut(text: string, bytes: number): string {
  let size = 0;
  let kept = '';
  for (const character of text) {
    size += bytesOf(character);
    if (size > bytes) break;
    kept += character;
  }
  return kept;
}

/**
 * A name from a file of anybody as one that every common file system takes and that means itself only: no separator, no
 * control character, nothing that Windows refuses, never `.` or `..`. A long one is cut, with a mark of the whole of it.
 */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029/\\:*?"<>|]/gu, '_')
    .replaceAll(/^ +|[ .]+$/g, '');
  const named = plain === '' || /^\.+$/.test(plain) || devices.test(plain) ? `_${plain}` : plain;
  if (bytesOf(named) <= longest) return named;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(named)?.[0] ?? '';
  const mark = `~${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  return `${cut(named, longest - mark.length - extension.length)}${mark}${extension}`;
}

/** Gives the names of one folder, each once also where letters differ only in case. */
export class NameBook {
  readonly #taken = new Set<string>();

  take(name: string): string {
    const safe = safeName(name);
    for (let i = 1; ; i++) {
      const tried = i === 1 ? safe : numbered(safe, i);
      const key = tried.toLowerCase();
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return tried;
    }
  }
}

function numbered(name: string, i: number): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)}~${i}${name.slice(dot)}` : `${name}~${i}`;
}
