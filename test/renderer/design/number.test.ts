import { describe, expect, test } from 'vitest';
import { numberProblem, readNumber } from '#renderer/design/number.ts';

describe('a number as people type it', () => {
  test.each([
    ['12', 12],
    ['1.5', 1.5],
    ['1,5', 1.5],
    ['0,125', 0.125],
    ['1.000', 1],
    ['12,3456', 12.3456],
    ['1000,250', 1000.25],
    ['1 000 000', 1_000_000],
    ['.5', 0.5],
    ['-1e-6', -1e-6],
  ])('is read: %s', (text, number) => {
    expect(readNumber(text)).toBe(number);
  });

  test.each([
    ['1,000', 'Write 1000 or 1.000: with the comma it may be either.'],
    ['-12,345', 'Write -12345 or -12.345: with the comma it may be either.'],
    ['1,024 MB', 'Write 1024 or 1.024: with the comma it may be either.'],
    ['1,000,000', 'Write 1000000, without commas.'],
  ])('is not guessed where two people mean two numbers: %s', (text, problem) => {
    expect(readNumber(text)).toBeNaN();
    expect(numberProblem(text, 'otherwise')).toBe(problem);
  });

  test.each(['1,2,3', 'abc', '1.000,5', '0,125x'])(
    'has the words of the form where it is none: %s',
    (text) => {
      expect(readNumber(text)).toBeNaN();
      expect(numberProblem(text, 'Must be a number.')).toBe('Must be a number.');
    },
  );
});
