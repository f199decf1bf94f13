import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineDiff } from '#shared/base/line-diff.ts';
import { changesOf, diffRows } from '#renderer/design/code/diff-rows.ts';

const rowsOf = (before: string, after: string) => diffRows(lineDiff(before, after));
const short = (before: string, after: string) =>
  rowsOf(before, after).map(({ before: b, after: a, changed }) => [
    b === null ? '' : `${b.number} ${b.text}`,
    a === null ? '' : `${a.number} ${a.text}`,
    changed,
  ]);

describe('two texts side by side', () => {
  test('put what replaces a line beside it, and nothing beside what has no other', () => {
    expect(short('a\nb\nc\nd', 'a\nB\nB2\nc')).toEqual([
      ['1 a', '1 a', false],
      ['2 b', '2 B', true],
      ['', '3 B2', true],
      ['3 c', '4 c', false],
      ['4 d', '', true],
    ]);
  });

  test('count a run of changed lines as one difference', () => {
    const rows = rowsOf('a\nb\nc\nd\ne', 'A\nB\nc\nd\nE');
    expect(changesOf(rows)).toEqual([0, 4]);
    expect(changesOf(rowsOf('a\nb', 'a\nb'))).toEqual([]);
  });

  test('show each line of both once, in its order, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const rows = rowsOf(before, after);
        for (const [side, whole] of [
          ['before', before],
          ['after', after],
        ] as const) {
          const lines = rows.flatMap((row) => row[side] ?? []);
          expect(lines.map((line) => line.text).join('\n')).toBe(whole);
          expect(lines.map((line) => line.number)).toEqual(lines.map((_, i) => i + 1));
        }
        for (const row of rows.filter(({ changed }) => !changed))
          expect(row.before?.text).toBe(row.after?.text);
      }),
    );
  });
});
