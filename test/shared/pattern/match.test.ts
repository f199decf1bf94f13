import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '#shared/pattern/compile.ts';
import { Matcher } from '#shared/pattern/match.ts';
import { parsePattern } from '#shared/pattern/parse.ts';

const find = (pattern: string, line: string): readonly number[] | null => {
  const parsed = parsePattern(pattern);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const steps = compile(parsed.value.root);
  if (steps === null) throw new Error('too large');
  const slots = new Matcher(steps, parsed.value.groups).find(line);
  return slots === null ? null : [...slots];
};

/** What JavaScript's own backtracking matcher finds. */
const expected = (pattern: string, line: string): readonly number[] | null => {
  const found = new RegExp(pattern, 'd').exec(line);
  return found === null ? null : (found.indices ?? []).flatMap((pair) => pair ?? [-1, -1]);
};

const atom = fc.constantFrom(
  'a',
  'b',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '[ab]',
  '[^a1]',
  '[a-c1]',
  '-',
  ' ',
  '1',
  '\\.',
  '[\\d.]',
  '\\S',
);
const repeat = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,3}', '{0,2}?', '{2,}');
const item = fc.tuple(atom, repeat).map(([one, times]) => one + times);
const sequence = fc
  .array(fc.oneof(item, fc.constantFrom('\\b', '\\B')), { maxLength: 5 })
  .map((items) => items.join(''));
/** Groups are not repeated: JavaScript forgets what a repeated group found, and that is nobody's wish here. */
const pattern = fc
  .tuple(
    fc.constantFrom('', '^'),
    sequence,
    fc.array(fc.tuple(sequence, sequence, sequence), { maxLength: 2 }),
    fc.constantFrom('', '$'),
  )
  .map(
    ([start, first, groups, end]) =>
      start + first + groups.map(([a, b, c]) => `(${a}|${b})${c}`).join('') + end,
  );
const line = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '2', '.', '-', ' ', '_'), maxLength: 14 });

describe('a match in linear time', () => {
  it('is the one that a backtracking matcher finds, with all its groups', () => {
    fc.assert(
      fc.property(pattern, line, (text, on) => {
        expect(find(text, on)).toEqual(expected(text, on));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes what a backtracking matcher would take years for', () => {
    const line = 'a'.repeat(4000);
    for (const bad of ['(a+)+$b', '(a|a)*b', '(.*a){20}b', '(a?){50}a{50}b', '^(([a-z])+.)+[A-Z]([a-z])+$']) {
      expect(find(bad, line)).toBeNull();
    }
  });
});

describe('a pattern that cannot be used', () => {
  it.each([
    ['(\\d+', 0, 'not closed'],
    ['a)', 1, 'closes nothing'],
    ['*a', 0, 'nothing before'],
    ['a**', 2, 'nothing here'],
    ['[a', 0, 'not closed'],
    ['[z-a]', 2, 'wrong order'],
    ['(?=a)', 0, 'too long'],
    ['(?<!a)b', 0, 'too long'],
    ['(a)\\1', 3, 'too long'],
    ['(?<value>a)(?<value>b)', 14, 'already'],
    ['a{3,1}', 1, 'wrong order'],
    ['a{1000}', 1, '200 times'],
    ['\\q', 0, 'not known'],
    ['a\\', 1, 'backslash'],
    ['^*', 0, 'cannot be repeated'],
    ['(?x)', 0, 'comes : or <name>'],
  ])('%s is refused at character %i', (text, at, says) => {
    const parsed = parsePattern(text);
    expect(parsed).toMatchObject({ ok: false, error: { at } });
    expect(parsed.ok ? '' : parsed.error.message).toContain(says);
  });

  it('is refused where it would grow too large', () => {
    const parsed = parsePattern('((a{200}){200}){200}');
    expect(parsed.ok && compile(parsed.value.root)).toBeNull();
  });

  it('never does anything but be read or be refused', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'()[]{}|*+?\\^$.ab1-,<>:=!dw'), maxLength: 20 }),
        (text) => {
          const parsed = parsePattern(text);
          if (parsed.ok) {
            expect(() => new RegExp(text)).not.toThrow();
            const steps = compile(parsed.value.root);
            if (steps !== null) new Matcher(steps, parsed.value.groups).find('ab1 -');
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
