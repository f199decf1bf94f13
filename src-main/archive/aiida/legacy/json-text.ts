import { archiveDamaged } from '../container/archive-errors.ts';

const damaged = (): Error => archiveDamaged('data.json', 'its data.json is not JSON as AiiDA writes it');

const skipSpace = (text: string, at: number): number => {
  let i = at;
  while (i < text.length && text.charCodeAt(i) <= 0x20) i++;
  return i;
};

/** The place behind the string that begins at `at`. */
function skipString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x5c) i++;
    else if (c === 0x22) return i + 1;
  }
  throw damaged();
}

/** The place behind the value that begins at `at`, which is looked at only as far as its end is to be found. */
function skipValue(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length;) {
    const c = text[i];
    if (c === '"') {
      i = skipString(text, i);
      if (depth === 0) return i;
      continue;
    }
    if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') {
      if (depth === 0) return i;
      if (--depth === 0) return i + 1;
    } else if (depth === 0 && (c === ',' || c === ':' || text.charCodeAt(i) <= 0x20)) return i;
    i++;
  }
  return text.length;
}

/** The texts of the items between the brackets; `item` reads one and gives the place behind it. */
function readItems(text: string, open: string, close: string, item: (at: number) => number): void {
  let at = skipSpace(text, 0);
  if (text[at] !== open) throw damaged();
  at = skipSpace(text, at + 1);
  if (text[at] === close) return;
  for (;;) {
    at = skipSpace(text, item(skipSpace(text, at)));
    if (text[at] === close) return;
    if (text[at] !== ',') throw damaged();
    at++;
  }
}

const valueAt = (text: string, at: number): readonly [value: string, end: number] => {
  const end = skipValue(text, at);
  if (end === at) throw damaged();
  return [text.slice(at, end), end];
};

/**
 * The members of an object with the text of each value as it stands there: Python tells `1` from `1.0`, keeps integers
 * of any length, and writes NaN. Of keys that come twice the last one counts, as Python has it.
 * @throws StemmaError `archive-damaged`
 */
export function splitObject(text: string): Map<string, string> {
  const members = new Map<string, string>();
  readItems(text, '{', '}', (at) => {
    if (text[at] !== '"') throw damaged();
    const keyEnd = skipString(text, at);
    const colon = skipSpace(text, keyEnd);
    if (text[colon] !== ':') throw damaged();
    const [value, end] = valueAt(text, skipSpace(text, colon + 1));
    members.set(readString(text.slice(at, keyEnd)), value);
    return end;
  });
  return members;
}

/** The texts of the elements. @throws StemmaError `archive-damaged` */
export function splitArray(text: string): string[] {
  const elements: string[] = [];
  readItems(text, '[', ']', (at) => {
    const [value, end] = valueAt(text, at);
    elements.push(value);
    return end;
  });
  return elements;
}

/** @throws StemmaError `archive-damaged` where the text is no JSON string */
export function readString(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return value;
  } catch {
    // said below
  }
  throw damaged();
}

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/** The same tokens with the spaces of Python's `json.dumps`, which is how AiiDA keeps them in a database. */
export function respaced(text: string): string {
  if (!/[\n\r\t]/.test(text)) return text;
  const pieces: string[] = [];
  for (const [piece] of text.matchAll(token))
    pieces.push(piece === ',' || piece === ':' ? `${piece} ` : piece);
  return pieces.join('');
}
