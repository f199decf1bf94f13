import { z } from 'zod';
import { linePatternText } from '../pattern/line-pattern-text.ts';
import { ruleProblems } from './rule-check.ts';
import { comparisons, usualRule, type StopRule } from './rule-types.ts';

const common = {
  file: z.string(),
  every: z.number().default(usualRule.every),
  after: z.enum(['parse', 'retrieve', 'nothing']).default(usualRule.after),
};

/** A {@link StopRule} that comes from outside. */
export const stopRule = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('value'),
      ...common,
      pattern: linePatternText,
      compare: z.enum(comparisons),
      limit: z.number().default(usualRule.limit),
      times: z.number().default(usualRule.times),
    }),
    z.object({ kind: z.literal('silent'), ...common, minutes: z.number() }),
  ])
  .superRefine((rule: StopRule, context) => {
    for (const [field, message] of Object.entries(ruleProblems(rule))) {
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });
export type StopRuleInput = z.input<typeof stopRule>;

export const stopRules = z.array(stopRule).max(10, 'At most 10 rules for a job.');
