import { describe, expect, it } from 'vitest';
import { stopRule } from '#shared/process/stop-rules.ts';
import { emptyRule, readRule, ruleDraft } from '#renderer/model/rule-draft.ts';

describe('a stop rule as it is written', () => {
  it.each([
    { kind: 'silent', file: 'out.txt', minutes: 2.5 },
    {
      kind: 'value',
      file: 'a',
      pattern: { kind: 'words', text: 'E =' },
      compare: '<=',
      limit: -1e-3,
      times: 4,
    },
    {
      kind: 'value',
      file: 'a',
      pattern: { kind: 'expression', text: '(\\d+)' },
      compare: 'nan',
      after: 'nothing',
    },
  ] as const)('is the same rule again: $kind $file', (input) => {
    const rule = stopRule.parse(input);
    expect(readRule(ruleDraft(1, rule))).toEqual({ ok: true, rule });
  });

  it('says at each field what is missing', () => {
    const read = readRule(emptyRule(1, { file: '', times: '0', every: 'often' }));
    expect(read).toEqual({
      ok: false,
      problems: {
        file: 'Name a file.',
        pattern: 'Write what stands before the number.',
        limit: 'Must be a number.',
        times: 'At least 1.',
        every: 'Must be a number.',
      },
    });
  });

  it('says what is wrong with an expression, and with a path that leads out', () => {
    const read = readRule(
      emptyRule(1, { file: '../x', patternKind: 'expression', pattern: '(a', limit: '1' }),
    );
    expect(read.ok ? {} : read.problems).toEqual({
      file: 'Must be a path in the work directory: relative, and without “..”.',
      pattern: 'This bracket is not closed: write \\( for the character.',
    });
  });
});
