/**
 * JSON as Python's `json` module writes and reads it. AiiDA keeps attributes as such text, where `1` and `1.0` differ
 * (they hash differently) and integers have no bound. JavaScript's own JSON loses both.
 */
import { userError } from '../base/errors.ts';

/** A JSON number that was, or must be, written as a float although its value may be integral. */
export class PyFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/**
 * A value of Python's `json`: a `number` is an integer, a float is a {@link PyFloat}, and beyond 2^53 there is
 * `bigint`.
 */
export type PyJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyFloat
  | readonly PyJson[]
  | { readonly [key: string]: PyJson };

/** Marks a number as a float: `float(1)` is written `1.0`. */
export const float = (value: number): PyFloat => new PyFloat(value);

/** `repr(float)` of Python: shortest digits, exponent below 1e-4 and from 1e16 on, at least two exponent digits. */
export function floatRepr(value: number): string {
  if (!Number.isFinite(value)) {
    throw userError({
      code: 'not-finite',
      message: 'NaN and infinite numbers cannot be stored in provenance.',
    });
  }
  if (Object.is(value, -0)) return '-0.0';
  if (value === 0) return '0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? '-' : '+';
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const negative = mantissa.startsWith('-');
  const digits = mantissa.replace('-', '').replace('.', '');
  const point = exponent + 1;
  let text: string;
  if (point <= 0) text = `0.${'0'.repeat(-point)}${digits}`;
  else if (point >= digits.length) text = `${digits}${'0'.repeat(point - digits.length)}.0`;
  else text = `${digits.slice(0, point)}.${digits.slice(point)}`;
  return negative ? `-${text}` : text;
}

function writeString(text: string): string {
  // JSON.stringify escapes what it must; Python's ensure_ascii escapes everything beyond ASCII, and DEL not.
  return JSON.stringify(text).replaceAll(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function writeNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  return floatRepr(value);
}

/** `json.dumps(value)` with its defaults: `", "` and `": "`, ASCII only, keys in the order they came. */
export function writePyJson(value: PyJson): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return writeNumber(value);
    case 'bigint':
      return value.toString();
    case 'string':
      return writeString(value);
    default:
  }
  if (value instanceof PyFloat) return floatRepr(value.value);
  if (Array.isArray(value)) return `[${value.map((item: PyJson) => writePyJson(item)).join(', ')}]`;
  const pairs = Object.entries(value as { readonly [key: string]: PyJson });
  return `{${pairs.map(([key, item]) => `${writeString(key)}: ${writePyJson(item)}`).join(', ')}}`;
}

const maxDepth = 200;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): PyJson {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) this.#fail('text after the end');
    return value;
  }

  #fail(what: string): never {
    throw userError({ code: 'bad-json', message: `Not valid JSON: ${what} at character ${this.#at}.` });
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #value(depth: number): PyJson {
    if (depth > maxDepth) this.#fail(`more than ${maxDepth} levels`);
    this.#space();
    const c = this.#text[this.#at];
    if (c === '{') return this.#object(depth);
    if (c === '[') return this.#array(depth);
    if (c === '"') return this.#string();
    for (const [word, value] of words) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #object(depth: number): PyJson {
    const out = Object.create(null) as Record<string, PyJson>;
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === '}') {
      this.#at++;
      return out;
    }
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#fail('a key expected');
      const key = this.#string();
      this.#space();
      if (this.#text[this.#at++] !== ':') this.#fail('“:” expected');
      out[key] = this.#value(depth + 1);
      this.#space();
      const next = this.#text[this.#at++];
      if (next === '}') return out;
      if (next !== ',') this.#fail('“,” or “}” expected');
    }
  }

  #array(depth: number): PyJson {
    const out: PyJson[] = [];
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === ']') {
      this.#at++;
      return out;
    }
    for (;;) {
      out.push(this.#value(depth + 1));
      this.#space();
      const next = this.#text[this.#at++];
      if (next === ']') return out;
      if (next !== ',') this.#fail('“,” or “]” expected');
    }
  }

  #string(): string {
    const start = this.#at++;
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined) this.#fail('a string without end');
      if (c === '"') break;
      this.#at += c === '\\' ? 2 : 1;
    }
    this.#at++;
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as string;
    } catch {
      this.#at = start;
      return this.#fail('a malformed string');
    }
  }

  #number(): PyJson {
    numberPattern.lastIndex = this.#at;
    const found = numberPattern.exec(this.#text);
    if (found === null) this.#fail('a value expected');
    this.#at = numberPattern.lastIndex;
    const text = found[0];
    if (/[.eE]/.test(text)) return new PyFloat(Number(text));
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : BigInt(text);
  }
}

const words: readonly (readonly [string, PyJson])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * Reads JSON without losing what Python distinguishes: floats become {@link PyFloat}, integers beyond 2^53 become
 * bigint, objects have no prototype.
 * @throws StemmaError `bad-json` with the place, also beyond 200 levels.
 */
export function readPyJson(text: string): PyJson {
  return new Reader(text).document();
}

/** The same value with plain numbers, for reading in code: floats lose their mark, large integers become inexact. */
export type PlainJson =
  null | boolean | number | string | readonly PlainJson[] | { readonly [key: string]: PlainJson };

/** Objects have no prototype. For reading only: what was written again from it would hash differently. */
export function toPlain(value: PyJson): PlainJson {
  if (value instanceof PyFloat) return value.value;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map((item: PyJson) => toPlain(item));
  if (value !== null && typeof value === 'object') {
    const out = Object.create(null) as Record<string, PlainJson>;
    for (const [key, item] of Object.entries(value as { readonly [key: string]: PyJson }))
      out[key] = toPlain(item);
    return out;
  }
  return value as PlainJson;
}
