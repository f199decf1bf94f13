import { numberProblem, readNumber } from '../design/number.ts';
import { ruleProblems, type RuleProblems } from '#shared/process/rule-check.ts';
import type { RuleComparison, StopRule } from '#shared/process/rule-types.ts';

/** A rule as it is being written: every field as text. */
export interface RuleDraft {
  readonly id: number;
  kind: 'value' | 'silent';
  file: string;
  patternKind: 'words' | 'expression';
  pattern: string;
  compare: RuleComparison;
  limit: string;
  times: string;
  minutes: string;
  every: string;
  after: StopRule['after'];
}

/** The usual rule, still without a pattern. @param id tells the rules of one form apart */
export const emptyRule = (id: number, more: Partial<RuleDraft> = {}): RuleDraft => ({
  id,
  kind: 'value',
  file: 'aiida.out',
  patternKind: 'words',
  pattern: '',
  compare: '>',
  limit: '',
  times: '1',
  minutes: '30',
  every: '60',
  after: 'parse',
  ...more,
});

/** A rule as it would be typed. */
export function ruleDraft(id: number, rule: StopRule): RuleDraft {
  const { kind, file, every, after } = rule;
  const common = { kind, file, every: String(every), after };
  if (rule.kind === 'silent') return emptyRule(id, { ...common, minutes: String(rule.minutes) });
  const { pattern, compare, limit, times } = rule;
  return emptyRule(id, {
    ...common,
    patternKind: pattern.kind,
    pattern: pattern.text,
    compare,
    limit: compare === 'nan' ? '' : String(limit),
    times: String(times),
  });
}

export type ReadRule =
  { readonly ok: true; readonly rule: StopRule } | { readonly ok: false; readonly problems: RuleProblems };

const number = (text: string): number => readNumber(text) ?? NaN;

/** What would be sent; not checked. */
export function ruleInput(draft: RuleDraft): StopRule {
  const common = { file: draft.file.trim(), every: number(draft.every), after: draft.after };
  if (draft.kind === 'silent') return { kind: 'silent', ...common, minutes: number(draft.minutes) };
  return {
    kind: 'value',
    ...common,
    pattern: { kind: draft.patternKind, text: draft.pattern },
    compare: draft.compare,
    limit: draft.compare === 'nan' ? 0 : number(draft.limit),
    times: number(draft.times),
  };
}

/** What is wrong stands with the field that it is about. */
export function readRule(draft: RuleDraft): ReadRule {
  const rule = ruleInput(draft);
  const problems: Record<string, string> = { ...ruleProblems(rule) };
  if (Object.keys(problems).length === 0) return { ok: true, rule };
  for (const field of ['every', 'minutes', 'limit', 'times'] as const) {
    const { [field]: words } = problems;
    if (words !== undefined) problems[field] = numberProblem(draft[field], words);
  }
  return { ok: false, problems };
}

export const compareLabels: readonly { readonly value: RuleComparison; readonly label: string }[] = [
  { value: '>', label: 'is greater than' },
  { value: '>=', label: 'is at least' },
  { value: '<', label: 'is less than' },
  { value: '<=', label: 'is at most' },
  { value: '=', label: 'is' },
  { value: 'nan', label: 'is not a finite number' },
];
