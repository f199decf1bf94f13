import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePattern, segmentMatcher } from '#main/computers/files/patterns.ts';
import { rawFromText } from '#main/computers/files/raw-path.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

describe('a pattern', () => {
  test.each(['/etc/passwd', '../other', 'a/../../b', 'two\nlines', 'a\\*'])('refuses %j', (text) => {
    expect(() => parsePattern(text)).toThrow(expect.objectContaining({ code: 'bad-pattern' }));
  });

  test('with a special character is a glob, and a plain one names a file', () => {
    expect(parsePattern('out/*.xml')).toMatchObject({ kind: 'glob', raw: 'out/*.xml' });
    expect(parsePattern('./out/log.txt')).toMatchObject({ kind: 'name', raw: 'out/log.txt' });
    expect(parsePattern('a\\b')).toMatchObject({ kind: 'name' });
    expect(parsePattern('.')).toMatchObject({ kind: 'glob', raw: '*' });
  });
});

test('one name matches exactly where a shell says so', () => {
  const folder = temporaryFolder();
  const names = ['a', 'b', 'ab', 'ba', 'a-b', 'a]', '[', '.a', 'a.b', '!', '^', '-', 'abc', 'B', 'ü'];
  for (const name of names) writeFileSync(join(folder, name), '');
  const pattern = fc
    .string({ unit: fc.constantFrom(...'ab.*?[]!-c'), minLength: 1, maxLength: 6 })
    .filter((text) => /[*?[]/.test(text))
    // dash reads beyond the end of a range that has neither an end nor a bracket, and matches what lies there
    .filter((text) => !/\[!?\]?[^\]]*-$/.test(text));
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 30 }), (patterns) => {
      // `./` before it, as a script has it; IFS empty, so that nothing is split
      const script = `cd "$1" || exit 1; shift; IFS=; for p do for f in ./$p; do if [ -e "$f" ]; then printf '%s\\n' "$f"; fi; done; echo; done`;
      const printed = execFileSync('sh', ['-c', script, 'sh', folder, ...patterns], {
        encoding: 'utf8',
        env: { LC_ALL: 'C' },
      });
      const lists = printed.split('\n\n').length === 0 ? [] : splitLists(printed, patterns.length);
      for (const [index, text] of patterns.entries()) {
        const fits = segmentMatcher(rawFromText(text));
        const ours = names.filter((name) => fits(rawFromText(name))).toSorted();
        const theirs = (lists[index] ?? []).filter((name) => name !== '.' && name !== '..').toSorted();
        expect([text, ours]).toEqual([text, theirs]);
      }
    }),
    { numRuns: 150 },
  );
});

/** Lists of `./name` lines, each ended by an empty line. */
function splitLists(printed: string, count: number): string[][] {
  const lists: string[][] = [[]];
  for (const line of printed.split('\n')) {
    if (line === '') lists.push([]);
    else lists.at(-1)?.push(line.slice(2));
  }
  return lists.slice(0, count);
}
