import { userError } from '../base/errors.ts';
import { writePyJson, type PyJson } from './python-json.ts';

/** Where a member stands in the text of an object: from the quote of its key to the end of its value. */
interface Member {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

const malformed = (at: number): Error =>
  userError({ code: 'bad-json', message: `Not a valid JSON object: see character ${at}.` });

/** The place after the string that begins at `at`. */
function afterString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x5c) i++;
    else if (c === 0x22) return i + 1;
  }
  throw malformed(at);
}

function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && text.charCodeAt(i) <= 0x20) i++;
  return i;
}

/** The place after the value that begins at `at`; what is inside of it is not looked at. */
function afterValue(text: string, at: number): number {
  let depth = 0;
  let i = at;
  while (i < text.length) {
    const c = text[i];
    if (c === '"') {
      i = afterString(text, i);
      continue;
    }
    if (depth === 0 && (c === ',' || c === '}')) break;
    if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') depth--;
    i++;
  }
  if (depth !== 0 || i === at) throw malformed(at);
  return i;
}

/** The top-level members of the text of an object, in the order in which they stand there. */
function membersOf(text: string): readonly Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, 0);
  if (text[at] !== '{') throw malformed(at);
  at = skipSpace(text, at + 1);
  if (text[at] === '}') return members;
  for (;;) {
    const start = at;
    if (text[at] !== '"') throw malformed(at);
    const keyEnd = afterString(text, at);
    at = skipSpace(text, keyEnd);
    if (text[at] !== ':') throw malformed(at);
    const end = afterValue(text, skipSpace(text, at + 1));
    members.push({ key: JSON.parse(text.slice(start, keyEnd)) as string, start, end });
    if (text[end] === '}') return members;
    if (text[end] !== ',') throw malformed(end);
    at = skipSpace(text, end + 1);
  }
}

/**
 * Sets top-level members of the text of a JSON object, or with `undefined` takes them away. Every character of the other
 * members stays: Python tells `1` from `1.0`, keeps integers of any length and the order of keys. New members come last,
 * changed ones stay where they are.
 * @throws StemmaError `bad-json` where the text is no object
 */
export function patchJsonObject(text: string, patch: { readonly [key: string]: PyJson | undefined }): string {
  const left = new Map(Object.entries(patch));
  const written = (key: string, value: PyJson): string => `${writePyJson(key)}: ${writePyJson(value)}`;
  const out: string[] = [];
  for (const { key, start, end } of membersOf(text)) {
    if (!left.has(key)) {
      out.push(text.slice(start, end).trimEnd());
      continue;
    }
    const value = left.get(key);
    // A key that stands there twice is set once.
    left.set(key, undefined);
    if (value !== undefined) out.push(written(key, value));
  }
  for (const [key, value] of left) if (value !== undefined) out.push(written(key, value));
  return `{${out.join(', ')}}`;
}
