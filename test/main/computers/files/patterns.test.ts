import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameMatcher } from '#shared/paths/name-pattern.ts';
import { matchingFiles, readPathPattern } from '#shared/paths/path-pattern.ts';
import type { CommandRunner } from '#main/computers/files/command-runner.ts';
import { parsePattern } from '#main/computers/files/patterns.ts';
import { rawFromText } from '#main/computers/files/raw-path.ts';
import { ShellFiles } from '#main/computers/files/shell-files.ts';
import { localExec } from '#main/computers/transports/local/local-exec.ts';
import { localManifest } from '#main/computers/transports/local/local-files.ts';
import { systemClock } from '#shared/base/system-clock.ts';
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
    .string({
      unit: fc.constantFrom(...'ab.*?[]!-c', '[[:lower:]]', '[!a[:punct:]]', '[[:upper:]-b]'),
      minLength: 1,
      maxLength: 6,
    })
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
        const fits = nameMatcher(rawFromText(text));
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

/** What is on the computer: hidden, nested, with the characters of patterns, outside of ASCII, and no UTF-8. */
const tree = [
  'a',
  'ab',
  '.a',
  'a]',
  '[',
  'b/a',
  'b/.a',
  'b/c/a',
  'b/c/ab',
  '.b/a',
  'ü',
  'b/ü',
  'c/a b',
  'c/!',
];

test('what a pattern retrieves is what it matches afterwards, on this machine and by the commands of another one', async () => {
  const folder = temporaryFolder();
  for (const path of tree) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
  const latin = Buffer.concat([Buffer.from(`${folder}/b/`), Buffer.from([0xe9])]);
  writeFileSync(latin, 'latin');
  const present = [...tree, 'b/\\xe9'];
  const { signal } = new AbortController();
  const exec: CommandRunner['exec'] = (request) => localExec(request, process.env, systemClock);
  const remote = new ShellFiles({
    exec,
    stream: async (request, receive) => {
      const answer = await exec(request);
      await receive(answer.bytes);
      return answer;
    },
  });
  const part = fc.constantFrom(
    'a',
    'b',
    'c',
    '*',
    '?',
    '??',
    '.',
    '.*',
    '[!a]',
    '[a-b]*',
    'a]',
    '[',
    'ü',
    '*]',
    '',
  );
  const pattern = fc
    .array(part, { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'))
    .filter((text) => readPathPattern(text).kind !== 'bad');
  await fc.assert(
    fc.asyncProperty(pattern, async (text) => {
      const matched = matchingFiles(readPathPattern(text), present).toSorted();
      const here = await localManifest(folder, [text], signal);
      const there = await remote.manifest(folder, [text], signal);
      const paths = [here, there].map(({ files }) => files.map(({ path }) => path).toSorted());
      expect([text, ...paths]).toEqual([text, matched, matched]);
    }),
    { numRuns: 60 },
  );
});
