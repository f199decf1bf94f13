import { z } from 'zod';
import { linePatternText } from '../pattern/line-pattern-text.ts';
import { ruleProblems } from './rule-check.ts';
import { comparisons, usualRule } from './rule-words.ts';

const common = {
  /** In the work directory. */
  file: z.string(),
  /** Seconds between two looks; never less than the computer’s own interval. */
  every: z.number().default(usualRule.every),
  /** What becomes of the files of a job that was stopped. */
  after: z.enum(['parse', 'retrieve', 'nothing']).default(usualRule.after),
};

/** When to stop a job that runs. */
export const stopRule = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('value'),
      ...common,
      pattern: linePatternText,
      /** `nan`: it is no finite number. */
      compare: z.enum(comparisons),
      limit: z.number().default(usualRule.limit),
      /** So many readings one after the other. */
      times: z.number().default(usualRule.times),
    }),
    z.object({
      kind: z.literal('silent'),
      ...common,
      /** The file has not been written to for so long. */
      minutes: z.number(),
    }),
  ])
  .superRefine((rule, context) => {
    for (const [field, message] of Object.entries(ruleProblems(rule))) {
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });
export type StopRule = z.output<typeof stopRule>;
export type StopRuleInput = z.input<typeof stopRule>;

export const stopRules = z.array(stopRule).max(10, 'At most 10 rules for a job.');
