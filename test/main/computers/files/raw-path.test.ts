import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rawBytes, rawFromText, rawPath, textFromRaw, uniqueTexts } from '#main/computers/files/raw-path.ts';

test('the bytes of any name are kept', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(new Uint8Array(rawBytes(rawPath(bytes)))).toEqual(bytes);
    }),
  );
});

test('a name that is text reads as that text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(text.isWellFormed());
      expect(textFromRaw(rawFromText(text))).toBe(text);
    }),
  );
});

test('bytes that are no text are shown by their numbers', () => {
  expect(textFromRaw(rawPath(Buffer.from([0x61, 0xff, 0xc3, 0xa4, 0x80])))).toBe('a\\xffä\\x80');
});

test('names that read alike stay apart', () => {
  const names = [rawPath(Buffer.from([0xff])), rawFromText('\\xff'), rawFromText('other')];
  expect(uniqueTexts(names)).toEqual(['\\xff', '\\xff~2', 'other']);
});
