import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import { smallLimit } from '#main/repository/layout.ts';
import { bytesOf, openForTest } from './open-repository.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const absent = '0'.repeat(64) as ObjectHash;
/** Around the limit between the index and a file, and around the size of a piece on its way to the thread. */
const sizes = [0, 1, 1000, smallLimit - 1, smallLimit, smallLimit + 1, 1 << 20, (1 << 20) + 1, 3_500_000];

describe('an object', () => {
  test('comes back byte for byte, whatever its size, and again after the repository was closed', async () => {
    const repository = await openForTest();
    const objects = sizes.map((size) => randomBytes(size));
    for (const object of objects) {
      const stored = await repository.putBytes(object);
      expect(stored).toEqual({ hash: sha256(object), size: object.length });
      expect(Buffer.from(await repository.bytes(stored.hash)).equals(object)).toBe(true);
    }
    await repository.close();
    const again = await openForTest(repository.root);
    for (const object of objects) {
      expect(Buffer.from(await again.bytes(sha256(object) as ObjectHash)).equals(object)).toBe(true);
    }
  });

  test('is stored once, however often and by whichever way it is put', async () => {
    const repository = await openForTest();
    for (const object of [randomBytes(500), randomBytes(smallLimit * 2)]) {
      await Promise.all([
        repository.putBytes(object),
        repository.putMany([object, object]),
        repository.putStream(Readable.from([object.subarray(0, 100), object.subarray(100)])),
      ]);
    }
    expect(await repository.totals()).toEqual({ objects: 2, bytes: 500 + smallLimit * 2 });
    expect(readdirSync(join(repository.root, 'temporary'))).toEqual([]);
    expect((await repository.check([], true)).problems).toEqual([]);
  });

  test('keeps its place in the answer to many', async () => {
    const repository = await openForTest();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 300 }),
            fc.integer({ min: 1, max: 6 }).map((n) => new Uint8Array(n * 60_000).fill(n)),
          ),
          { maxLength: 12 },
        ),
        async (items) => {
          const stored = await repository.putMany(items);
          expect(stored).toEqual(items.map((item) => ({ hash: sha256(item), size: item.length })));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('comes by stream in pieces of any size', async () => {
    const repository = await openForTest();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 8 }),
        fc.integer({ min: 0, max: 255 }),
        async (lengths, fill) => {
          const pieces = lengths.map((length, i) => Buffer.alloc(length, fill + i));
          const whole = Buffer.concat(pieces);
          const stored = await repository.putStream(Readable.from(pieces));
          expect(stored).toEqual({ hash: sha256(whole), size: whole.length });
          expect((await bytesOf(repository.stream(stored.hash))).equals(whole)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('gives any part of itself', async () => {
    const repository = await openForTest();
    const objects = await Promise.all(
      [0, 777, smallLimit + 12_345].map(async (size) => {
        const content = randomBytes(size);
        return { content, ...(await repository.putBytes(content)) };
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...objects),
        fc.nat(150_000),
        fc.nat(150_000),
        async ({ content, hash }, start, end) => {
          const part = await bytesOf(repository.stream(hash, { start, end }));
          expect(part.equals(content.subarray(start, Math.max(start, end)))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('that is not there is said to be missing', async () => {
    const repository = await openForTest();
    const { hash } = await repository.putBytes(Buffer.from('here'));
    expect(await repository.size(absent)).toBe(null);
    expect(await repository.sizes([absent, hash])).toEqual([null, 4]);
    await expect(repository.bytes(absent)).rejects.toMatchObject({ code: 'object-missing', subject: absent });
    await expect(bytesOf(repository.stream(absent))).rejects.toMatchObject({ code: 'object-missing' });
  });
});

describe('a put that does not end', () => {
  test('leaves nothing when its source fails', async () => {
    const repository = await openForTest();
    const source = Readable.from(
      (function* () {
        for (let i = 0; i < 5; i++) yield randomBytes(smallLimit);
        throw new Error('the cable was cut');
      })(),
    );
    await expect(repository.putStream(source)).rejects.toThrow('the cable was cut');
    expect(readdirSync(join(repository.root, 'temporary'))).toEqual([]);
    expect(await repository.totals()).toEqual({ objects: 0, bytes: 0 });
  });

  test('leaves nothing when it is cancelled', async () => {
    const repository = await openForTest();
    const cancel = new AbortController();
    let pieces = 0;
    const source = Readable.from(
      (function* () {
        for (;;) {
          if ((pieces += 1) === 5) cancel.abort();
          yield randomBytes(smallLimit);
        }
      })(),
    );
    await expect(repository.putStream(source, cancel.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(join(repository.root, 'temporary'))).toEqual([]);
    expect(await repository.totals()).toEqual({ objects: 0, bytes: 0 });
  });

  test('is refused in words once the repository is closed', async () => {
    const repository = await openForTest();
    await repository.close();
    await expect(repository.putBytes(Buffer.from('late'))).rejects.toMatchObject({
      code: 'repository-closed',
    });
  });
});
