import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shellQuote, shellWord } from '#main/computers/shell/quote.ts';
import { findProgram } from '../../../support/programs.ts';

const anyText = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...'\'"\\$`!&|;<>()*?[]#~ \t\n-=%a'), maxLength: 40 }),
  )
  .filter((text) => !text.includes('\0') && text.isWellFormed());

describe('a quoted text', () => {
  test.each(['sh', 'bash', 'dash'].filter((shell) => findProgram(shell) !== null))(
    'is one word with the same text for %s',
    (shell) => {
      fc.assert(
        fc.property(fc.array(anyText, { minLength: 1, maxLength: 20 }), (texts) => {
          // all in one process: many shells are slow to start
          const script = texts.map((text) => `printf '%s\\0' ${shellQuote(text)}`).join('\n');
          const printed = execFileSync(shell, ['-c', script], { encoding: 'utf8' });
          expect(printed.split('\0').slice(0, -1)).toEqual(texts);
        }),
        { numRuns: 100 },
      );
    },
  );

  test('cannot hold NUL, and says so', () => {
    expect(() => shellQuote('a\0b')).toThrow(/NUL/);
  });

  test('is left bare only where no shell reads anything into it', () => {
    expect(shellWord('/usr/bin/pw.x')).toBe('/usr/bin/pw.x');
    for (const text of ['', 'a b', '$HOME', '~', '*', "it's"]) expect(shellWord(text)).toBe(shellQuote(text));
  });

  test('passes through a second shell when it is quoted twice', () => {
    const text = `a'b"c $d`;
    const { stdout } = spawnSync('sh', ['-c', `sh -c ${shellQuote(`printf %s ${shellQuote(text)}`)}`]);
    expect(String(stdout)).toBe(text);
  });
});
