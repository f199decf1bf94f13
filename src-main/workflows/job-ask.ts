import { z } from 'zod';
import { jobOptions } from '#shared/process/job-options.ts';
import { jsonDifferences } from '#shared/provenance/json-differences.ts';
import type { PyJson } from '#shared/provenance/python-json.ts';

/** Where a step wants its job to run, and with which options: as the code gave it. */
export const jobAsk = z.object({
  /** UUID; null where a code says it. */
  computer: z.string().nullable(),
  /** JSON text; empty where the code gave none. */
  options: z.string(),
});
type JobAsk = z.output<typeof jobAsk>;

/** More than that are not read in one sentence. */
const mostDifferences = 5;

/**
 * The options with the defaults that this version gives them: one that was written out is equal to the default, and
 * one that a later version adds is in both.
 */
function whole({ computer, options }: JobAsk): { readonly [key: string]: PyJson } {
  const given = (options === '' ? {} : JSON.parse(options)) as { readonly [key: string]: PyJson };
  const parsed = jobOptions.safeParse(given);
  return { computer, ...(parsed.success ? (parsed.data as { readonly [key: string]: PyJson }) : given) };
}

/** What differs between two asks, each side in words: `max_wallclock_seconds 60`; null where nothing does. */
export function jobChange(
  recorded: JobAsk,
  asked: JobAsk,
): { readonly recorded: string; readonly asked: string } | null {
  if (recorded.computer === asked.computer && recorded.options === asked.options) return null;
  const differences = jsonDifferences(whole(recorded), whole(asked), mostDifferences);
  if (differences.length === 0) return null;
  const side = (which: 'here' | 'there'): string =>
    differences.map((one) => `${one.path} ${one[which] ?? 'not given'}`).join(', ');
  return { recorded: side('here'), asked: side('there') };
}
