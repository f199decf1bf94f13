import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blake2b, blake2bStart } from '#shared/provenance/hash/blake2b.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('without parameters it is the BLAKE2b of OpenSSL, for messages of any length', () => {
  const start = blake2bStart();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700, size: 'max' }), (message) => {
      expect(hex(blake2b(start, message))).toBe(createHash('blake2b512').update(message).digest('hex'));
    }),
  );
  for (const length of [0, 1, 127, 128, 129, 255, 256, 257]) {
    const message = new Uint8Array(length).fill(7);
    expect(hex(blake2b(start, message))).toBe(createHash('blake2b512').update(message).digest('hex'));
  }
});

test('every parameter changes the digest', () => {
  const message = Uint8Array.of(1, 2, 3);
  const options = [
    {},
    { digestSize: 32 },
    { fanout: 0 },
    { depth: 2 },
    { nodeDepth: 1 },
    { innerSize: 64 },
    { person: Uint8Array.of(1) },
    { lastNode: true },
  ];
  const digests = options.map((one) => hex(blake2b(blake2bStart(one), message)).slice(0, 64));
  expect(new Set(digests).size).toBe(options.length);
  expect(() => blake2bStart({ person: new Uint8Array(17) })).toThrow(RangeError);
});
