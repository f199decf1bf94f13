/** The patterns of a shell: `*`, `?`, `[…]`, and a backslash before what stands for itself. */

const known = new Map<string, RegExp>();
const mostKnown = 1000;

const escaped = (c: string): string => c.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

export const hasPattern = (text: string): boolean => /[*?[]/.test(text);

/** So that all of it stands for itself. */
export const literal = (text: string): string => text.replaceAll(/[\\*?[\]!-]/g, '\\$&');

export function patternOf(pattern: string): RegExp {
  let found = known.get(pattern);
  if (found === undefined) {
    found = new RegExp(`^${source(pattern)}$`, 's');
    if (known.size >= mostKnown) known.clear();
    known.set(pattern, found);
  }
  return found;
}

function source(pattern: string): string {
  let out = '';
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern[at] ?? '';
    if (c === '\\') out += escaped(pattern[++at] ?? '\\');
    else if (c === '*') out += '[^]*';
    else if (c === '?') out += '[^]';
    else if (c === '[') {
      const close = closing(pattern, at);
      if (close < 0) out += '\\[';
      else {
        out += bracket(pattern.slice(at + 1, close));
        at = close;
      }
    } else out += escaped(c);
  }
  return out;
}

function closing(pattern: string, open: number): number {
  let at = open + (pattern[open + 1] === '!' ? 2 : 1);
  if (pattern[at] === ']') at++;
  for (; at < pattern.length; at++) {
    if (pattern.startsWith('[:', at)) at = pattern.indexOf(':]', at) + 1;
    else if (pattern[at] === '\\') at++;
    else if (pattern[at] === ']') return at;
  }
  return -1;
}

const classes: Readonly<Record<string, string>> = {
  space: '\\s',
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
};

function bracket(inside: string): string {
  const negated = inside.startsWith('!');
  const body = (negated ? inside.slice(1) : inside)
    .replaceAll(/\[:(\w+):\]/g, (_, name: string) => `\0${name}\0`)
    .replaceAll(/[\\^[\]]/g, '\\$&')
    .replaceAll(/\0(\w+)\0/g, (_, name: string) => classes[name] ?? '');
  return `[${negated ? '^' : ''}${body}]`;
}

/** What is left of `text` without the beginning that fits. */
export function withoutPrefix(text: string, pattern: string, longest: boolean): string {
  const fits = patternOf(pattern);
  for (let count = 0; count <= text.length; count++) {
    const end = longest ? text.length - count : count;
    if (fits.test(text.slice(0, end))) return text.slice(end);
  }
  return text;
}

/** What is left of `text` without the end that fits. */
export function withoutSuffix(text: string, pattern: string, longest: boolean): string {
  const fits = patternOf(pattern);
  for (let count = 0; count <= text.length; count++) {
    const start = longest ? count : text.length - count;
    if (fits.test(text.slice(start))) return text.slice(0, start);
  }
  return text;
}
