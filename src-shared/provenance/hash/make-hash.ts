/**
 * AiiDA's hash of a value (aiida-core 2.9, `common/hashing.py`): a BLAKE2b tree whose leaves are the pieces of the
 * value in order, each marked with its type; lists and dictionaries are brackets around what is in them. Equal hashes
 * here and there are what lets an archive take its cache along.
 */
import { PyFloat, type PyJson } from '../python-json.ts';
import { blake2b, blake2bStart, type Blake2bStart } from './blake2b.ts';

const digestBytes = 32;
const tree = { digestSize: digestBytes, fanout: 0, depth: 2, innerSize: 64 } as const;
const utf8 = new TextEncoder();
const leafOf = (type: string): Blake2bStart => blake2bStart({ ...tree, person: utf8.encode(type) });
const leaves = {
  none: leafOf('none'),
  bool: leafOf('bool'),
  int: leafOf('int'),
  float: leafOf('float'),
  str: leafOf('str'),
} as const;
const root = blake2bStart({ ...tree, nodeDepth: 1, lastNode: true });

/** Digests of what has no content of its own; worked out when the first hash is. */
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};
const marks = once(() => {
  const empty = new Uint8Array();
  const mark = (type: string): Uint8Array => blake2b(leafOf(type), empty);
  return {
    none: mark('none'),
    no: blake2b(leaves.bool, Uint8Array.of(0)),
    yes: blake2b(leaves.bool, Uint8Array.of(1)),
    listBegins: mark('list('),
    dictBegins: mark('dict('),
    ends: mark(')'),
    lastLeaf: blake2b(blake2bStart({ ...tree, lastNode: true }), empty),
  };
});

/** Hexadecimal, 64 digits. */
export function makeHash(value: PyJson): string {
  const digests: Uint8Array[] = [];
  gather(value, digests);
  digests.push(marks().lastLeaf);
  const message = new Uint8Array(digests.length * digestBytes);
  digests.forEach((digest, i) => message.set(digest, i * digestBytes));
  return hex(blake2b(root, message));
}

function gather(value: PyJson, into: Uint8Array[]): void {
  if (value === null) into.push(marks().none);
  else if (typeof value === 'string') into.push(ofText(value));
  else if (typeof value === 'boolean') into.push(value ? marks().yes : marks().no);
  else if (typeof value === 'bigint') into.push(blake2b(leaves.int, utf8.encode(value.toString())));
  else if (typeof value === 'number') into.push(ofNumber(value));
  else if (value instanceof PyFloat) into.push(ofFloat(value.value));
  else if (Array.isArray(value)) {
    into.push(marks().listBegins);
    for (const item of value as readonly PyJson[]) gather(item, into);
    into.push(marks().ends);
  } else {
    into.push(marks().dictBegins);
    const pairs = Object.entries(value as { readonly [key: string]: PyJson }).map(
      ([key, item]) => [ofText(key), item] as const,
    );
    pairs.sort(([a], [b]) => compareBytes(a, b));
    for (const [key, item] of pairs) {
      into.push(key);
      gather(item, into);
    }
    into.push(marks().ends);
  }
}

/** As `writePyJson` writes it: whole numbers are integers. */
function ofNumber(value: number): Uint8Array {
  if (!Number.isInteger(value)) return ofFloat(value);
  const text = BigInt(value).toString();
  return text.length > 6
    ? blake2b(leaves.int, utf8.encode(text))
    : remembered(knownIntegers, text, () => blake2b(leaves.int, utf8.encode(text)));
}

const ofFloat = (value: number): Uint8Array => blake2b(leaves.float, utf8.encode(floatText(value)));

/** Names of attributes, of classes and of files come again and again, and so do small numbers. */
const knownTexts = new Map<string, Uint8Array>();
const knownIntegers = new Map<string, Uint8Array>();
const knownAtMost = 5000;
const longestKnown = 40;

function remembered(known: Map<string, Uint8Array>, text: string, make: () => Uint8Array): Uint8Array {
  let digest = known.get(text);
  if (digest === undefined) {
    digest = make();
    if (known.size >= knownAtMost) known.clear();
    known.set(text, digest);
  }
  return digest;
}

/** What AiiDA hashes of the files of a node that has none: `make_hash({'__dirnames__': []})`. Most nodes have none. */
export const emptyRepository = '076c4a75b0e7f3de89d0f21d3c4fad9c09fb83054f8e6c467b875095d93fd154';

function ofText(text: string): Uint8Array {
  const isKnown = text.length <= longestKnown || text.startsWith("<class '") || text === emptyRepository;
  return isKnown
    ? remembered(knownTexts, text, () => blake2b(leaves.str, bytesOf(text)))
    : blake2b(leaves.str, bytesOf(text));
}

/** UTF-8. Half a surrogate pair, which UTF-8 cannot hold, gets bytes of its own: two texts never share a hash. */
function bytesOf(text: string): Uint8Array {
  if (text.isWellFormed()) return utf8.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0xd800 || code > 0xdfff) bytes.push(...utf8.encode(character));
    else bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
  return Uint8Array.from(bytes);
}

const significant = 14;

/** `'{:.14g}'.format(value)` of Python, with -0 as 0. */
export function floatText(value: number): string {
  if (value === 0) return '0';
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [mantissa = '', exponentText = '0'] = rounded(value).split('e');
  const exponent = Number(exponentText);
  const negative = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace('-', '').replace('.', '').replace(/0+$/, '');
  if (exponent < -4 || exponent >= significant) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${negative}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `${negative}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return `${negative}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** 14 digits and an exponent. Exactly in the middle, JavaScript rounds away from zero and Python to the even digit. */
function rounded(value: number): string {
  const text = value.toExponential(significant - 1);
  const more = value.toExponential(significant);
  const [digits = '', exponent = '0'] = more.split('e');
  if (!digits.endsWith('5') || Number(digits.at(-2)) % 2 === 1) return text;
  const whole = BigInt(digits.replace('.', ''));
  return isExactly(whole, Number(exponent) - significant, value)
    ? `${digits.slice(0, -1)}e${exponent}`
    : text;
}

/** Whether a double is `digits` · 10^`power` to the last bit. */
function isExactly(digits: bigint, power: number, value: number): boolean {
  if (power >= 0) return BigInt(value) === digits * 10n ** BigInt(power);
  // a binary fraction with 15 decimal digits has few places
  if (power < -21) return false;
  const fives = 5n ** BigInt(-power);
  return digits % fives === 0n && Number(digits / fives) / 2 ** -power === value;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < digestBytes; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOf[byte] ?? '';
  return text;
}
