import { readLinePattern } from '../pattern/line-pattern.ts';
import type { StopRule } from './rule-types.ts';

/** The fields of a rule that can be wrong. */
export type RuleField = 'file' | 'pattern' | 'limit' | 'times' | 'minutes' | 'every';
export type RuleProblems = Readonly<Partial<Record<RuleField, string>>>;

/**
 * What is wrong with a rule, a sentence for each field. Apart from the schema, so that a form says the same without a
 * library of schemas in the window, whose policy forbids what that does to be quick.
 * @param rule a number that is none is NaN
 */
export function ruleProblems(rule: StopRule): RuleProblems {
  const problems: Partial<Record<RuleField, string>> = {};
  const say = (field: RuleField, words: string | null): void => {
    if (words !== null) problems[field] = words;
  };
  say('file', fileProblem(rule.file));
  say('every', numberProblem(rule.every, 1, 'At least 1 s.', 86_400, 'At most a day.'));
  if (rule.kind === 'silent') {
    say('minutes', numberProblem(rule.minutes, 0.1, 'At least 0.1 min.', 100_000, 'At most 100 000 min.'));
    return problems;
  }
  say('pattern', patternProblem(rule.pattern));
  say('limit', Number.isNaN(rule.limit) ? notNumber : null);
  const whole = Number.isNaN(rule.times) || Number.isInteger(rule.times);
  say(
    'times',
    whole ? numberProblem(rule.times, 1, 'At least 1.', 1000, 'At most 1000.') : 'Must be a whole number.',
  );
  return problems;
}

const notNumber = 'Must be a number.';
const notOneLine = /[\0\r\n]/;

/** Relative, without `..`, one line. */
function fileProblem(path: string): string | null {
  if (path === '') return 'Name a file.';
  if (path.length > 1000) return 'At most 1000 characters.';
  if (notOneLine.test(path)) return 'Must be one line.';
  if (path.startsWith('/') || path.split('/').includes('..')) {
    return 'Must be a path in the work directory: relative, and without “..”.';
  }
  return null;
}

function patternProblem(pattern: Extract<StopRule, { kind: 'value' }>['pattern']): string | null {
  if (pattern.text === '') return 'Write what stands before the number.';
  if (pattern.text.length > 1000) return 'At most 1000 characters.';
  if (notOneLine.test(pattern.text)) return 'Must be one line.';
  const read = readLinePattern(pattern);
  return read.ok ? null : read.error.message;
}

function numberProblem(
  value: number,
  least: number,
  tooSmall: string,
  most: number,
  tooLarge: string,
): string | null {
  if (Number.isNaN(value)) return notNumber;
  return value < least ? tooSmall : value > most ? tooLarge : null;
}
