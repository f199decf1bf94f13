import { expect, test } from 'vitest';
import { readSubmitFacts } from '#main/computers/submission/facts.ts';

test('a report is read line by line, whatever the scheduler said', () => {
  const facts = readSubmitFacts(
    [
      'now 1700000100',
      'submit yes',
      'begin tok node7 4711 1700000000',
      'rc 1',
      'out ',
      'err sbatch: error: now 5',
      'err fence 99',
      'fence 12',
      'fresh yes',
      '',
    ].join('\n'),
  );
  expect(facts).toEqual({
    directory: true,
    fence: '12',
    done: false,
    fresh: true,
    submission: {
      exitCode: 1,
      stdout: '',
      stderr: 'sbatch: error: now 5\nfence 99',
      wrapper: 'ended',
      ageSeconds: 100,
    },
  });
});

test('a submission that has not ended says how old it is and whether it lives', () => {
  const report = 'now 1700000100\nsubmit yes\nbegin tok node7 4711 1700000040\nwrapper alive\n';
  expect(readSubmitFacts(report).submission).toMatchObject({
    exitCode: null,
    wrapper: 'alive',
    ageSeconds: 60,
  });
  expect(readSubmitFacts('now 1700000100\nsubmit yes\n').submission).toMatchObject({
    wrapper: 'dead',
    ageSeconds: null,
  });
});

test('no directory and no submission are facts, and anything else is no report', () => {
  expect(readSubmitFacts('missing\n')).toMatchObject({ directory: false, submission: null });
  expect(readSubmitFacts('now 1\nsubmit no\n')).toMatchObject({ directory: true, submission: null });
  for (const text of ['', 'submit no\n', 'now 1\n', 'now 1\nsubmit maybe\n', 'now 1\nsubmit no\nelse\n']) {
    expect(() => readSubmitFacts(text)).toThrow(expect.objectContaining({ code: 'garbled-answer' }));
  }
});
