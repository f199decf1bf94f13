import { readNumber } from '../design/number.ts';
import {
  stopRule,
  type RuleComparison,
  type StopRule,
  type StopRuleInput,
} from '#shared/process/stop-rules.ts';

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

/** The fields of a draft that can be wrong. */
export type RuleField = 'file' | 'pattern' | 'limit' | 'times' | 'minutes' | 'every';

const fieldOf: Readonly<Record<string, RuleField>> = {
  file: 'file',
  pattern: 'pattern',
  limit: 'limit',
  times: 'times',
  minutes: 'minutes',
  every: 'every',
};

export type ReadRule =
  | { readonly ok: true; readonly rule: StopRule }
  | { readonly ok: false; readonly problems: Readonly<Partial<Record<RuleField, string>>> };

const number = (text: string): number => readNumber(text) ?? NaN;

/** What would be sent; not checked. */
export function ruleInput(draft: RuleDraft): StopRuleInput {
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

export function readRule(draft: RuleDraft): ReadRule {
  const read = stopRule.safeParse(ruleInput(draft));
  if (read.success) return { ok: true, rule: read.data };
  const problems: Partial<Record<RuleField, string>> = {};
  for (const { path, message } of read.error.issues) {
    const field = fieldOf[String(path[0])];
    if (field !== undefined)
      problems[field] ??= message.startsWith('Invalid input') ? 'Must be a number.' : message;
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
