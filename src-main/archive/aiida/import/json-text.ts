import { PyFloat, readPyJson, type PyJson } from '#shared/provenance/python-json.ts';

const deepest = 200;

/** Whether brackets are nested deeper than any program of ours reads. Looks at each character once. */
function isTooDeep(text: string): boolean {
  if (text.length <= 2 * deepest) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (inString) {
      if (c === 0x5c) at++;
      else if (c === 0x22) inString = false;
    } else if (c === 0x22) inString = true;
    else if (c === 0x7b || c === 0x5b) {
      if (++depth > deepest) return true;
    } else if (c === 0x7d || c === 0x5d) depth--;
  }
  return false;
}

export type JsonObjectText =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly why: string };

const emptyObject: JsonObjectText = { ok: true, value: {} };

/** Reads the text of a JSON object for a look inside; the text itself is what is kept. */
export function readJsonObject(text: string): JsonObjectText {
  // most extras, and the lists of files of most nodes
  if (text === '{}') return emptyObject;
  if (isTooDeep(text)) return { ok: false, why: `has more than ${deepest} levels` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, why: 'is not JSON' };
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ok: true, value: value as Record<string, unknown> }
    : { ok: false, why: 'is not an object' };
}

const skipString = (text: string, at: number): number => {
  let i = at + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
};

/** Where the top-level members of the text of an object stand. The text was found to be valid JSON. */
function* members(
  text: string,
): Generator<{ readonly key: string; readonly start: number; readonly end: number }> {
  let depth = 0;
  let start = -1;
  let keyEnd = -1;
  for (let at = text.indexOf('{'); at < text.length;) {
    const c = text[at];
    if (c === '"') {
      const end = skipString(text, at);
      if (depth === 1 && start === -1) {
        start = at;
        keyEnd = end;
      }
      at = end;
      continue;
    }
    const closing = c === '}' || c === ']';
    if ((c === ',' && depth === 1) || (closing && depth === 1)) {
      if (start !== -1) yield { key: JSON.parse(text.slice(start, keyEnd)) as string, start, end: at };
      start = -1;
    }
    if (c === '{' || c === '[') depth++;
    if (closing && --depth === 0) return;
    at++;
  }
}

/**
 * The same object without some of its top-level members, and every other character of its text kept: Python tells `1`
 * from `1.0`, and keeps integers of any length.
 */
export function withoutMembers(text: string, isDropped: (key: string) => boolean): string {
  const kept: string[] = [];
  let dropped = false;
  for (const { key, start, end } of members(text)) {
    if (isDropped(key)) dropped = true;
    else kept.push(text.slice(start, end).trimEnd());
  }
  return dropped ? objectText(kept) : text;
}

/** The texts of the top-level members, each `"key": value`, by their keys. Of a key that stands twice the last counts. */
export function memberTexts(text: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { key, start, end } of members(text)) texts.set(key, text.slice(start, end).trimEnd());
  return texts;
}

/** An object of such members. */
export const objectText = (memberTextsOfIt: Iterable<string>): string =>
  `{${[...memberTextsOfIt].join(', ')}}`;

/**
 * Whether two texts mean the same to a reader: order of keys and form of numbers aside, which PostgreSQL does not keep.
 * Texts that cannot be read are the same only where they are equal.
 */
export function sameJson(a: string, b: string): boolean {
  if (a === b) return true;
  try {
    return sameValue(readPyJson(a), readPyJson(b));
  } catch {
    return false;
  }
}

const numberOf = (value: PyJson): number | bigint | null => {
  if (value instanceof PyFloat) return value.value;
  return typeof value === 'number' || typeof value === 'bigint' ? value : null;
};

function sameValue(a: PyJson, b: PyJson): boolean {
  const [x, y] = [numberOf(a), numberOf(b)];
  // == compares a bigint with a number by value
  // oxlint-disable-next-line eslint/eqeqeq
  if (x !== null || y !== null) return x !== null && y !== null && x == y;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => sameValue(item as PyJson, b[i] as PyJson))
    );
  }
  if (typeof a !== 'object' || a === null) return a === b;
  if (typeof b !== 'object' || b === null || Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, PyJson>, b as Record<string, PyJson>];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => {
      const [mine, other] = [left[key], right[key]];
      return mine !== undefined && other !== undefined && sameValue(mine, other);
    })
  );
}
