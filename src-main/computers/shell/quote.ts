import { userError } from '#shared/base/errors.ts';

/**
 * One word for a POSIX shell, whatever the text: single quotes, and each quote inside as `'"'"'` (as AiiDA writes it).
 * @throws StemmaError `bad-text` for NUL, which no command line can carry
 */
export function shellQuote(text: string): string {
  if (text.includes('\0')) {
    throw userError({
      code: 'bad-text',
      message: 'A text with a NUL character cannot be part of a command.',
    });
  }
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** The same, but left bare where a shell reads it as one plain word anyway: for scripts that people read. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+,-]+$/.test(text) ? text : shellQuote(text);
}
