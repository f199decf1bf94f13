/**
 * BLAKE2b with its whole parameter block, as tree hashing needs it. Source: RFC 7693, and section 2.8 of the BLAKE2
 * paper (blake2.net/blake2.pdf) for the parameters that the RFC leaves out. Node's own crypto offers none of them.
 *
 * 64-bit words are pairs of 32 bits, low half first: what JavaScript computes fast.
 */
export interface Blake2bOptions {
  /** Bytes of the digest, 1 to 64. */
  readonly digestSize: number;
  readonly fanout: number;
  readonly depth: number;
  readonly nodeDepth: number;
  readonly innerSize: number;
  /** At most 16 bytes. */
  readonly person: Uint8Array;
  readonly lastNode: boolean;
}

const blockBytes = 128;

// prettier-ignore
const initial = Uint32Array.of(
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
);

/** Which word of the message each mixing takes: ten permutations, the first two again for rounds 11 and 12. */
// prettier-ignore
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
const rounds = Uint8Array.from([...permutations, ...permutations.slice(0, 2)].flat(), (word) => word * 2);

const v = new Uint32Array(32);
const m = new Uint32Array(32);

/** The function G of the RFC; all arguments are places in `v` or `m`. */
function mix(a: number, b: number, c: number, d: number, x: number, y: number): void {
  let al = (v[a] as number), ah = (v[a + 1] as number); // prettier-ignore
  let bl = (v[b] as number), bh = (v[b + 1] as number); // prettier-ignore
  let cl = (v[c] as number), ch = (v[c + 1] as number); // prettier-ignore
  let dl = (v[d] as number), dh = (v[d + 1] as number); // prettier-ignore

  let low = al + bl + (m[x] as number);
  ah = (ah + bh + (m[x + 1] as number) + ((low / 0x1_0000_0000) | 0)) | 0;
  al = low | 0;
  // rotate right by 32
  let t = dl ^ al;
  dl = dh ^ ah;
  dh = t;
  low = (cl >>> 0) + (dl >>> 0);
  ch = (ch + dh + ((low / 0x1_0000_0000) | 0)) | 0;
  cl = low | 0;
  // by 24
  t = bl ^ cl;
  let u = bh ^ ch;
  bl = (t >>> 24) | (u << 8);
  bh = (u >>> 24) | (t << 8);

  low = (al >>> 0) + (bl >>> 0) + (m[y] as number);
  ah = (ah + bh + (m[y + 1] as number) + ((low / 0x1_0000_0000) | 0)) | 0;
  al = low | 0;
  // by 16
  t = dl ^ al;
  u = dh ^ ah;
  dl = (t >>> 16) | (u << 16);
  dh = (u >>> 16) | (t << 16);
  low = (cl >>> 0) + (dl >>> 0);
  ch = (ch + dh + ((low / 0x1_0000_0000) | 0)) | 0;
  cl = low | 0;
  // by 63
  t = bl ^ cl;
  u = bh ^ ch;
  bl = (u >>> 31) | (t << 1);
  bh = (t >>> 31) | (u << 1);

  v[a] = al;
  v[a + 1] = ah;
  v[b] = bl;
  v[b + 1] = bh;
  v[c] = cl;
  v[c + 1] = ch;
  v[d] = dl;
  v[d + 1] = dh;
}

/** @param length bytes of the message so far, this block included */
function compress(
  h: Uint32Array,
  block: Uint8Array,
  at: number,
  length: number,
  last: boolean,
  lastNode: boolean,
): void {
  for (let i = 0, p = at; i < 32; i++, p += 4) {
    m[i] =
      (block[p] as number) |
      ((block[p + 1] as number) << 8) |
      ((block[p + 2] as number) << 16) |
      ((block[p + 3] as number) << 24);
  }
  v.set(h);
  v.set(initial, 16);
  v[24] = (v[24] as number) ^ length;
  v[25] = (v[25] as number) ^ Math.floor(length / 0x1_0000_0000);
  if (last) {
    v[28] = ~(v[28] as number);
    v[29] = ~(v[29] as number);
    if (lastNode) {
      v[30] = ~(v[30] as number);
      v[31] = ~(v[31] as number);
    }
  }
  for (let r = 0; r < rounds.length; r += 16) {
    mix(0, 8, 16, 24, rounds[r] as number, rounds[r + 1] as number);
    mix(2, 10, 18, 26, rounds[r + 2] as number, rounds[r + 3] as number);
    mix(4, 12, 20, 28, rounds[r + 4] as number, rounds[r + 5] as number);
    mix(6, 14, 22, 30, rounds[r + 6] as number, rounds[r + 7] as number);
    mix(0, 10, 20, 30, rounds[r + 8] as number, rounds[r + 9] as number);
    mix(2, 12, 22, 24, rounds[r + 10] as number, rounds[r + 11] as number);
    mix(4, 14, 16, 26, rounds[r + 12] as number, rounds[r + 13] as number);
    mix(6, 8, 18, 28, rounds[r + 14] as number, rounds[r + 15] as number);
  }
  for (let i = 0; i < 16; i++) h[i] = (h[i] as number) ^ (v[i] as number) ^ (v[i + 16] as number);
}

/** The state before the first byte: the same for all messages with these options, so that it is worked out once. */
export interface Blake2bStart {
  readonly state: Uint32Array;
  readonly digestSize: number;
  readonly lastNode: boolean;
}

export function blake2bStart(options: Partial<Blake2bOptions> = {}): Blake2bStart {
  const { digestSize = 64, fanout = 1, depth = 1, nodeDepth = 0, innerSize = 0, lastNode = false } = options;
  const { person = new Uint8Array() } = options;
  if (person.length > 16) throw new RangeError('A personalisation has at most 16 bytes.');
  const block = new Uint8Array(64);
  block[0] = digestSize;
  block[2] = fanout;
  block[3] = depth;
  block[16] = nodeDepth;
  block[17] = innerSize;
  block.set(person, 48);
  const words = new DataView(block.buffer);
  const state = initial.map((word, i) => word ^ words.getUint32(i * 4, true));
  return { state, digestSize, lastNode };
}

const lastBlock = new Uint8Array(blockBytes);

export function blake2b(start: Blake2bStart, message: Uint8Array): Uint8Array {
  const h = start.state.slice();
  const { length } = message;
  let at = 0;
  for (; length - at > blockBytes; at += blockBytes) compress(h, message, at, at + blockBytes, false, false);
  lastBlock.fill(0);
  lastBlock.set(at === 0 ? message : message.subarray(at));
  compress(h, lastBlock, 0, length, true, start.lastNode);
  const digest = new Uint8Array(start.digestSize);
  for (let i = 0; i < digest.length; i++) digest[i] = (h[i >> 2] as number) >>> ((i & 3) * 8);
  return digest;
}
