import { userError } from '#shared/base/errors.ts';
import { rawFromText, type RawPath } from './raw-path.ts';

/**
 * What to retrieve: a path, or a path with `*`, `?` and `[…]` (`[!…]`), which stand for bytes of a name and never for
 * `/` or for the dot that a name begins with.
 */
export interface Pattern {
  readonly text: string;
  readonly kind: 'name' | 'glob';
  readonly raw: RawPath;
}

const bad = (text: string, why: string): Error =>
  userError({ code: 'bad-pattern', message: `“${text}” cannot be retrieved: ${why}.`, subject: text });

/** @throws StemmaError `bad-pattern` */
export function parsePattern(text: string): Pattern {
  const path = text.replace(/^(\.\/+)+/, '').replace(/\/+$/, '');
  if (/[\0\n]/.test(path)) throw bad(text, 'it has a line break');
  if (text.startsWith('/')) throw bad(text, 'it is not relative to the work directory');
  if (path.split('/').includes('..')) throw bad(text, 'it leaves the work directory');
  if (path === '' || path === '.') return { text, kind: 'glob', raw: rawFromText('*') };
  const isGlob = /[*?[]/.test(path);
  if (isGlob && path.includes('\\')) throw bad(text, 'a pattern cannot have a backslash');
  return { text, kind: isGlob ? 'glob' : 'name', raw: rawFromText(path) };
}

/** A pattern for one name, on the bytes of the name. */
export function segmentMatcher(pattern: RawPath): (name: RawPath) => boolean {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern[at] ?? '';
    const close = c === '[' ? closingBracket(pattern, at) : -1;
    if (c === '*') source += '[^]*';
    else if (c === '?') source += '[^]';
    else if (close > 0) {
      source += bracket(pattern.slice(at + 1, close));
      at = close;
    } else source += escape(c);
  }
  const expression = new RegExp(`^${source}$`, 's');
  return (name) => (pattern.startsWith('.') || !name.startsWith('.')) && expression.test(name);
}

const escape = (c: string): string => c.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A `]` right after `[` or `[!` is one of the characters. */
function closingBracket(pattern: string, open: number): number {
  const first = open + (pattern[open + 1] === '!' ? 2 : 1);
  return pattern.indexOf(']', first + 1);
}

function bracket(inside: string): string {
  const negated = inside.startsWith('!');
  const set = negated ? inside.slice(1) : inside;
  let out = '';
  for (let at = 0; at < set.length; at++) {
    const [from, dash, to] = [set[at] ?? '', set[at + 1], set[at + 2]];
    if (dash === '-' && to !== undefined) {
      if (from <= to) out += `${escape(from)}-${escape(to)}`;
      at += 2;
    } else out += escape(from);
  }
  if (out === '') return negated ? '[^]' : '(?!)';
  return `[${negated ? '^' : ''}${out}]`;
}
