import { userError } from '#shared/base/errors.ts';
import { readPathPattern } from '#shared/paths/path-pattern.ts';
import { rawFromText, type RawPath } from './raw-path.ts';

/** What to retrieve: a path, or one with `*`, `?` and `[…]`, as bytes. */
export interface Pattern {
  readonly text: string;
  readonly kind: 'name' | 'glob';
  readonly raw: RawPath;
}

/** @throws StemmaError `bad-pattern` */
export function parsePattern(text: string): Pattern {
  const read = readPathPattern(text);
  if (read.kind !== 'bad') return { text, kind: read.kind, raw: rawFromText(read.path) };
  throw userError({
    code: 'bad-pattern',
    message: `“${text}” cannot be retrieved: ${read.why}.`,
    subject: text,
    hint: 'Give names or globs relative to the work directory, such as result.txt or out/*.dat.',
  });
}
