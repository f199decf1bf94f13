import { z } from 'zod';
import { linePatternText, readLinePattern } from '../pattern/line-pattern.ts';

/** A file in the work directory: relative, without `..`, one line. */
const file = z
  .string()
  .min(1, 'Name a file.')
  .max(1000)
  .regex(/^[^\0\r\n]*$/, 'Must be one line.')
  .refine(
    (path) => !path.startsWith('/') && !path.split('/').includes('..'),
    'Must be a path in the work directory: relative, and without “..”.',
  );

const common = {
  file,
  /** Seconds between two looks; never less than the computer’s own interval. */
  every: z.number().min(1, 'At least 1 s.').max(86_400, 'At most a day.').default(60),
  /** What becomes of the files of a job that was stopped. */
  after: z.enum(['parse', 'retrieve', 'nothing']).default('parse'),
};

export const comparisons = ['<', '<=', '>', '>=', '=', 'nan'] as const;
export type RuleComparison = (typeof comparisons)[number];

/** When to stop a job that runs. */
export const stopRule = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('value'),
    ...common,
    pattern: linePatternText.superRefine((pattern, context) => {
      const read = readLinePattern(pattern);
      if (!read.ok) context.addIssue({ code: 'custom', path: ['text'], message: read.error.message });
    }),
    /** `nan`: it is no finite number. */
    compare: z.enum(comparisons),
    limit: z.number().default(0),
    /** So many readings one after the other. */
    times: z
      .number()
      .int('Must be a whole number.')
      .min(1, 'At least 1.')
      .max(1000, 'At most 1000.')
      .default(1),
  }),
  z.object({
    kind: z.literal('silent'),
    ...common,
    /** The file has not been written to for so long. */
    minutes: z.number().min(0.1, 'At least 0.1 min.').max(100_000, 'At most 100 000 min.'),
  }),
]);
export type StopRule = z.output<typeof stopRule>;
export type StopRuleInput = z.input<typeof stopRule>;

export const stopRules = z.array(stopRule).max(10, 'At most 10 rules for a job.');

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
