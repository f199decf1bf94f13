import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame } from '#shared/channel/codec.ts';
import { StemmaError } from '#shared/base/errors.ts';

const typed = fc.oneof(
  fc.uint8Array(),
  fc.uint16Array(),
  fc.uint32Array(),
  fc.int8Array(),
  fc.int16Array(),
  fc.int32Array(),
  fc.float32Array(),
  fc.float64Array(),
);
/** JSON has one zero and no numbers that are none. */
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const foreignMark = fc.record({ $bytes: fc.oneof(json, fc.constant(['Uint8Array', 0, 1])) });
const { frame } = fc.letrec((tie) => ({
  frame: fc.oneof(
    { maxDepth: 4 },
    json,
    typed,
    foreignMark,
    fc.array(tie('frame'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('$bytes')), tie('frame'), { maxKeys: 5 }),
  ),
}));

describe('a frame as a message', () => {
  test('comes back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(frame, (value) => {
        expect(decodeFrame(encodeFrame(value))).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  test('is text without typed arrays, and bytes with one', () => {
    expect(encodeFrame({ a: { $bytes: 1 } })).toBe('{"a":{"$bytes":1}}');
    expect(encodeFrame({ a: new Uint8Array(1) })).toBeInstanceOf(Uint8Array);
  });

  test('may lie anywhere in a larger buffer', () => {
    const bytes = encodeFrame({ a: Float64Array.of(1.5) }) as Uint8Array;
    for (let shift = 0; shift < 9; shift++) {
      const room = Buffer.alloc(bytes.length + shift);
      room.set(bytes, shift);
      expect(decodeFrame(room.subarray(shift))).toEqual({ a: Float64Array.of(1.5) });
    }
  });

  test('holds no array of a kind that the other side cannot make', () => {
    expect(() => encodeFrame({ a: BigInt64Array.of(1n) })).toThrow(/does not carry/);
  });

  test('that is damaged anywhere is refused or read, and nothing else', () => {
    const message = encodeFrame({
      kind: 'reply',
      id: 1,
      value: { a: Uint32Array.of(1, 2, 3), b: ['x'] },
    }) as Uint8Array;
    const damage = fc.array(fc.tuple(fc.nat(message.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(damage, fc.nat(message.length), (changes, length) => {
        const bad = message.slice();
        for (const [at, byte] of changes) bad[at] = byte;
        try {
          decodeFrame(bad.subarray(0, length));
        } catch (error) {
          expect(error).toBeInstanceOf(StemmaError);
          expect(error).toMatchObject({ code: 'bad-frame' });
        }
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['{"$bytes":["Uint8Array",0,9000]}', 'beyond the end'],
    ['{"$bytes":["Uint8Array",-8,4]}', 'none'],
    ['{"$bytes":["Uint8Array",0,1.5]}', 'none'],
    ['{"$bytes":["constructor",0,1]}', 'none'],
    ['{"$bytes":["Float64Array",1,1]}', 'beyond the end'],
    ['{"$bytes":5}', 'none'],
    ['{"$bytes":[["a"],5]}', 'none'],
    ['{', 'malformed'],
  ])('that lies about its arrays is refused: %s', (head, words) => {
    const text = new TextEncoder().encode(head);
    const message = new Uint8Array(((4 + text.length + 7) & ~7) + 8);
    new DataView(message.buffer).setUint32(0, text.length, true);
    message.set(text, 4);
    expect(() => decodeFrame(message)).toThrow(
      expect.objectContaining({ code: 'bad-frame', message: expect.stringContaining(words) }),
    );
  });
});
