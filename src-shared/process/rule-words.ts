import type { RuleComparison, StopRule } from './rule-types.ts';

const compareWords: Readonly<Record<RuleComparison, string>> = {
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is greater than',
  '>=': 'is at least',
  '=': 'is',
  nan: 'is not a finite number',
};

const spell = (value: number): string => String(value).replace('-', '−');

/** The rule in words, after “stop the job when”. */
export function ruleWords(rule: StopRule): string {
  if (rule.kind === 'silent')
    return `nothing was written to ${rule.file} for ${rule.minutes} ${rule.minutes === 1 ? 'minute' : 'minutes'}`;
  const { pattern, compare, limit, times } = rule;
  const what =
    pattern.kind === 'words'
      ? `the number after “${pattern.text.trim()}”`
      : `the number that ${pattern.text} finds`;
  const than = compare === 'nan' ? compareWords.nan : `${compareWords[compare]} ${spell(limit)}`;
  return `${what} in ${rule.file} ${than}${times > 1 ? `, ${times} times in a row` : ''}`;
}

/** Whether a number meets the rule. Nothing compares with NaN: only `nan` sees it, and infinities too. */
export function holds(compare: RuleComparison, value: number, limit: number): boolean {
  switch (compare) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '=':
      return value === limit;
    case 'nan':
      return !Number.isFinite(value);
  }
}
