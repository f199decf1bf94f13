import { z } from 'zod';
import { iterationActions, type IterationRecord } from '#shared/process/iteration-record.ts';

const iterationRecord = z.object({
  iteration: z.number(),
  process: z.string(),
  exit_status: z.number().nullable(),
  exit_message: z.string(),
  considered: z.array(z.string()),
  handler: z.string().nullable(),
  action: z.enum(iterationActions),
  says: z.string(),
  changes: z.array(
    z.object({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
  answer: z.object({ choice: z.string(), by: z.string(), at: z.string() }).nullable(),
});

/** What a restart workflow did, of its attribute; nothing where an archive holds something else under that name. */
export function readIterations(value: unknown): readonly IterationRecord[] {
  const read = z.array(iterationRecord).safeParse(value);
  return read.success ? read.data : [];
}
