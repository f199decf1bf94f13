import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasMoreText } from '#main/provenance/answer-size.ts';

test('an answer has as many characters as its keys and texts together, however they are nested', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (answer) => {
      let length = 0;
      const add = (value: unknown): void => {
        if (typeof value === 'string') length += value.length;
        else if (typeof value === 'object' && value !== null) {
          for (const [key, part] of Object.entries(value)) {
            length += key.length;
            add(part);
          }
        }
      };
      add(answer);
      expect(hasMoreText(answer, length)).toBe(false);
      if (length > 0) expect(hasMoreText(answer, length - 1)).toBe(true);
    }),
  );
});

test('numbers in typed arrays are no text', () => {
  expect(hasMoreText({ a: new Float64Array(1000), b: Buffer.alloc(1000) }, 2)).toBe(false);
});
