import { userError } from '#shared/base/errors.ts';
import { parseFilter } from '#shared/query/parse.ts';
import type { Filter } from '#shared/query/tree.ts';

/** @throws StemmaError `bad-filter` with the place */
export function readFilter(text: string): Filter {
  const parsed = parseFilter(text);
  if (parsed.ok) return parsed.value;
  const { message, from, expected, suggestion } = parsed.error;
  throw userError({
    code: 'bad-filter',
    message: `${message} (character ${from + 1} of the filter)`,
    subject: text,
    hint:
      suggestion === null
        ? expected.length === 0
          ? undefined
          : `Expected: ${expected.slice(0, 12).join(', ')}.`
        : `Did you mean “${suggestion}”?`,
  });
}
