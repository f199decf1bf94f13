import { StemmaError } from '#shared/base/errors.ts';

/**
 * From this size (bytes) on a file is transferred by itself, and goes on where it was cut. A smaller one comes in one
 * stream with others, and again after a cut: asking for it by itself would take as long.
 */
export const largeFile = 8_000_000;

/** The same error, with what need not be transferred again; anything else as it is. */
export function withWhatStays(thrown: unknown, words: string): unknown {
  if (!(thrown instanceof StemmaError)) return thrown;
  const { family, code, message, subject, details } = thrown;
  const hint = thrown.hint === undefined ? words : `${thrown.hint} ${words}`;
  return new StemmaError({ family, code, message, subject, hint, details }, { cause: thrown });
}
