/** Patterns for one name, as a shell has them in the locale C (POSIX, 2.14.3), on the bytes of the name. */
import { exactly, matchesParts, type PatternPart } from '../base/wildcard.ts';

/** `[:digit:]` and its like, as ranges. */
const classes: Readonly<Record<string, readonly string[]>> = {
  alnum: ['AZ', 'az', '09'],
  alpha: ['AZ', 'az'],
  blank: ['  ', '\t\t'],
  digit: ['09'],
  lower: ['az'],
  punct: ['!/', ':@', '[`', '{~'],
  space: ['  ', '\t\r'],
  upper: ['AZ'],
  xdigit: ['09', 'AF', 'af'],
};

/** A text as its UTF-8 bytes, one character for each: file names are not text. */
export function byteText(text: string): string {
  let out = '';
  for (const byte of new TextEncoder().encode(text)) out += String.fromCharCode(byte);
  return out;
}

/** Whether a shell would look at it as a pattern. */
export const hasWildcard = (path: string): boolean => /[*?[]/.test(path);

/**
 * `*`, `?` and `[…]` (`[!…]`, `[a-f]`, `[[:digit:]]`) stand for bytes of a name, never for the dot that it begins with.
 * @param pattern without `/`, one character for each byte, as the names are
 */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const parts: PatternPart[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern.charAt(at);
    const close = c === '[' ? closingBracket(pattern, at) : -1;
    if (c === '*') parts.push(null);
    else if (c === '?') parts.push(() => true);
    else if (close > 0) {
      parts.push(bracket(pattern.slice(at + 1, close)));
      at = close;
    } else parts.push(exactly(c));
  }
  const showsHidden = pattern.startsWith('.');
  return (name) => (showsHidden || !name.startsWith('.')) && matchesParts(name, parts);
}

/** What follows `[:`, `[.` or `[=` in a set and is not known here; null where everything is. */
export function unknownClass(pattern: string): string | null {
  for (let open = pattern.indexOf('['); open >= 0; open = pattern.indexOf('[', open + 1)) {
    const close = closingBracket(pattern, open);
    if (close < 0) continue;
    for (const [whole, name = ''] of pattern.slice(open + 1, close).matchAll(/\[(?:[.=]|:(\w*):\])/g)) {
      if (!Object.hasOwn(classes, name)) return whole;
    }
    open = close;
  }
  return null;
}

/** A `]` right after `[` or `[!` is one of the characters, and so is the one of a class. */
function closingBracket(pattern: string, open: number): number {
  let at = open + (pattern.charAt(open + 1) === '!' ? 2 : 1);
  if (pattern.charAt(at) === ']') at++;
  for (; at < pattern.length; at++) {
    const end = pattern.startsWith('[:', at) ? pattern.indexOf(':]', at + 2) : -1;
    if (end >= 0) at = end + 1;
    else if (pattern.charAt(at) === ']') return at;
  }
  return -1;
}

function bracket(inside: string): (character: string) => boolean {
  const negated = inside.startsWith('!');
  const set = negated ? inside.slice(1) : inside;
  const ranges: string[] = [];
  for (let at = 0; at < set.length; at++) {
    const known = /^\[:(\w+):\]/.exec(set.slice(at));
    const named = known === null ? undefined : classes[known[1] ?? ''];
    if (known !== null && named !== undefined) {
      ranges.push(...named);
      at += known[0].length - 1;
    } else if (set.charAt(at + 1) === '-' && at + 2 < set.length) {
      ranges.push(set.charAt(at) + set.charAt(at + 2));
      at += 2;
    } else ranges.push(set.charAt(at).repeat(2));
  }
  return (c) => ranges.some((range) => range.charAt(0) <= c && c <= range.charAt(1)) !== negated;
}
