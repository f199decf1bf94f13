import { describe, expect, it } from 'vitest';
import { testSteps, type TestStep } from '#shared/contract/areas/computers.ts';
import {
  foldStep,
  msWords,
  startSteps,
  stopSteps,
  verdictOf,
  verdictWords,
  type StepView,
} from '#renderer/features/computers/test-steps.ts';

const report = (step: TestStep['step'], state: TestStep['state'], ms = 0): TestStep => ({
  step,
  state,
  ms,
  words: '',
  output: '',
  hint: '',
  ask: null,
});
const after = (...reports: readonly TestStep[]): readonly StepView[] => reports.reduce(foldStep, startSteps);
const all = (state: TestStep['state']): readonly StepView[] =>
  after(...testSteps.map((step) => report(step, state, 5)));

describe('the steps of a test', () => {
  it('are those of the contract, in its order', () => {
    expect(startSteps.map(({ step }) => step)).toEqual(testSteps);
  });

  it('keep the time that was measured where a later report only adds words', () => {
    const steps = after(report('login', 'running'), report('login', 'ok', 84), report('login', 'warning'));
    expect(steps.find(({ step }) => step === 'login')).toMatchObject({ state: 'warning', ms: 84 });
  });

  it.each([
    ['Not tested yet.', startSteps, false],
    ['Testing: log in…', after(report('login', 'running')), true],
    ['Everything works.', all('ok'), false],
    [
      'Everything works.',
      after(
        ...all('ok')
          .slice(4)
          .map(({ step }) => report(step, 'ok')),
        ...testSteps.slice(0, 4).map((step) => report(step, 'skipped')),
      ),
      false,
    ],
    ['It works, with a warning.', foldStep(all('ok'), report('clock', 'warning')), false],
    [
      'The test failed at: work directory.',
      foldStep(all('skipped'), report('work-directory', 'failed')),
      false,
    ],
    ['The test needs you at: host key.', foldStep(all('skipped'), report('host-key', 'needs-you')), false],
    [
      'The test was stopped.',
      stopSteps(after(report('resolve', 'ok', 1), report('connect', 'running'))),
      false,
    ],
    ['The test was stopped.', after(report('resolve', 'ok', 1)), false],
  ] as const)('amount to: %s', (words, steps, running) => {
    expect(verdictWords(verdictOf(steps, running), steps)).toBe(words);
  });

  it('spell their times with units', () => {
    expect([0.4, 12.4, 999, 1000, 61_240].map(msWords)).toEqual([
      '1 ms',
      '12 ms',
      '999 ms',
      '1.0 s',
      '61.2 s',
    ]);
  });
});
