import { z } from 'zod';

/** A pattern as a person writes it. */
export const linePatternText = z.object({
  /** `words`: the number that comes next after these words. `expression`: a regular expression with a group. */
  kind: z.enum(['words', 'expression']),
  text: z
    .string()
    .min(1, 'Write what stands before the number.')
    .max(1000, 'At most 1000 characters.')
    .regex(/^[^\0\r\n]*$/, 'Must be one line.'),
});
export type LinePatternText = z.infer<typeof linePatternText>;
