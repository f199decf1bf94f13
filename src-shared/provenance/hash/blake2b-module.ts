/**
 * The compression function of BLAKE2b (RFC 7693, section 3.2) as a WebAssembly module, written instruction by
 * instruction: its words have 64 bits, which JavaScript has not. A tenth of the time of the same in JavaScript, and a
 * hash is worked out with every node that is stored.
 *
 * Its memory: 0 the state (8 words), 64 the block (16 words), 192 the bytes so far, 200 and 208 the two flags of a last
 * block. `compress` takes no argument and works on that.
 */
export const places = { state: 0, block: 64, length: 192, lastBlock: 200, lastNode: 208 } as const;

/** The first words of the fractions of the square roots of the first eight primes. */
export const initialWords = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
] as const;

/** Which word of the message each mixing takes; rounds 11 and 12 are as 1 and 2. */
const permutations = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/** The four columns and the four diagonals of the sixteen words. */
const mixings = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

type Code = readonly number[];

/** Numbers as WebAssembly writes them: seven bits a byte, the lowest first. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
function signed(value: bigint): Code {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const zero: Code = [0x41, 0];
const load = (place: number): Code => [...zero, 0x29, 3, ...unsigned(place)];
const store = (place: number): Code => [0x37, 3, ...unsigned(place)];
const constant = (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))];
const add = 0x7c;
const xor = 0x85;
const rotateRight = 0x8a;

/** The function G: locals 0 to 15 are the working words. */
function mix([a, b, c, d]: (typeof mixings)[number], x: number, y: number): Code {
  const addTo = (to: number, from: number, word: number | null): Code => [
    ...get(to),
    ...get(from),
    add,
    ...(word === null ? [] : [...load(places.block + word * 8), add]),
    ...set(to),
  ];
  const turn = (to: number, from: number, bits: bigint): Code => [
    ...get(to),
    ...get(from),
    xor,
    ...constant(bits),
    rotateRight,
    ...set(to),
  ];
  return [
    ...addTo(a, b, x),
    ...turn(d, a, 32n),
    ...addTo(c, d, null),
    ...turn(b, c, 24n),
    ...addTo(a, b, y),
    ...turn(d, a, 16n),
    ...addTo(c, d, null),
    ...turn(b, c, 63n),
  ];
}

function body(): Code {
  const code: number[] = [];
  const put = (...parts: readonly Code[]): void => {
    for (const part of parts) for (const byte of part) code.push(byte);
  };
  const mask = new Map([
    [4, places.length],
    [6, places.lastBlock],
    [7, places.lastNode],
  ]);
  initialWords.forEach((word, i) => {
    put(load(places.state + i * 8), set(i));
    const place = mask.get(i);
    put(constant(word), place === undefined ? [] : [...load(place), xor], set(i + 8));
  });
  for (const permutation of [...permutations, ...permutations.slice(0, 2)]) {
    mixings.forEach((mixing, i) => put(mix(mixing, permutation[i * 2] ?? 0, permutation[i * 2 + 1] ?? 0)));
  }
  for (let i = 0; i < 8; i++) {
    const place = places.state + i * 8;
    put(zero, load(place), get(i), [xor], get(i + 8), [xor], store(place));
  }
  return code;
}

const version: Code = [1, 0, 0, 0];
const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
const named = (name: string): Code => [name.length, ...Array.from(name, (c) => c.charCodeAt(0))];

/** The module: exports `memory` (64 kB) and `compress`. */
export function blake2bModule(): Uint8Array<ArrayBuffer> {
  // sixteen locals of type i64, the instructions, the end
  const locals: Code = [1, 16, 0x7e];
  const code = [...locals, ...body(), 0x0b];
  return Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d,
    ...version,
    ...section(1, [1, 0x60, 0, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...named('memory'), 2, 0, ...named('compress'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}
