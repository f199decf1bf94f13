import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deflateInParallel } from '#main/archive/aiida/export/deflate-in-parallel.ts';
import { seededRandom } from '#shared/base/random.ts';

async function packed(pieces: readonly Uint8Array[], level: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  async function* content(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield await Promise.resolve(piece);
  }
  for await (const part of deflateInParallel(content(), level)) parts.push(part);
  return Buffer.concat(parts);
}

/** Some that repeats and some that does not, so that one block refers to the one before. */
function sample(length: number, seed: number): Buffer {
  const random = seededRandom(seed);
  const words = Array.from({ length: 50 }, () => Buffer.from(random.bytes(20)).toString('hex'));
  let text = '';
  while (text.length < length) text += words[Math.floor(random.next() * words.length)] ?? '';
  return Buffer.from(text.slice(0, length));
}

test('what was packed in blocks at once unpacks as one stream', async () => {
  const block = 1 << 19;
  const lengths = fc.oneof(
    fc.constantFrom(0, 1, block - 1, block, block + 1, 2 * block, 5 * block + 7),
    fc.nat(3 * block),
  );
  await fc.assert(
    fc.asyncProperty(
      lengths,
      fc.integer({ min: 1, max: 9 }),
      fc.nat(),
      fc.nat(2 * block),
      async (length, level, seed, cut) => {
        const bytes = sample(length, seed);
        const all = await packed([bytes.subarray(0, cut), bytes.subarray(cut)], level);
        expect(inflateRawSync(all).equals(bytes)).toBe(true);
      },
    ),
    { numRuns: 20 },
  );
});

test('blocks that look like each other cost little more than one stream', async () => {
  const bytes = sample(20_000, 1);
  const same = Array.from({ length: 100 }, () => bytes);
  const all = await packed(same, 6);
  expect(all.length).toBeLessThan(bytes.length * 2);
});

test('what fails while it is read fails', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(new Uint8Array(3 << 19));
    throw new Error('the disk failed');
  }
  await expect(async () => {
    for await (const _part of deflateInParallel(broken(), 6));
  }).rejects.toThrow('the disk failed');
});
