import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineDiff } from '#shared/base/line-diff.ts';

const side = (before: string, after: string, other: 'removed' | 'added'): string =>
  lineDiff(before, after)
    .filter(({ kind }) => kind === 'same' || kind === other)
    .map(({ text }) => text)
    .join('\n');

describe('the difference of two texts', () => {
  it('keeps the lines that both have', () => {
    expect(lineDiff('a\nb\nc', 'a\nx\nc\nd').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'same a',
      'removed b',
      'added x',
      'same c',
      'added d',
    ]);
  });

  it('gives back either text, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(side(before, after, 'removed')).toBe(before);
        expect(side(before, after, 'added')).toBe(after);
      }),
    );
  });
});
