import { parseArgs, type ParseArgsConfig } from 'node:util';
import { userError } from '#shared/base/errors.ts';

export const text = { type: 'string' } as const;
export const flag = { type: 'boolean', default: false } as const;
export const common = {
  profile: text,
  json: flag,
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws StemmaError `bad-arguments` */
export function parse<O extends NonNullable<ParseArgsConfig['options']>>(
  argv: readonly string[],
  options: O,
  most: number,
) {
  try {
    const parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    if (parsed.positionals.length > most)
      throw new Error(`“${parsed.positionals[most]}” is one argument too many.`);
    return parsed;
  } catch (error) {
    throw bad((error as Error).message);
  }
}

/** Null where the option is not given. @throws StemmaError `bad-arguments` */
export function wholeNumber(
  value: string | undefined,
  name: string,
  least: number,
  most: number,
): number | null {
  if (value === undefined) return null;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw bad(`--${name} wants a whole number from ${least} to ${most}, not “${value}”.`);
}

/** An argument that has to be there. @throws StemmaError `bad-arguments` */
export function wanted(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw bad(`${name} is missing.`);
  return value;
}

/** What was typed is no command of ours: the exit status is 2 then. */
export const bad = (message: string): Error =>
  userError({ code: 'bad-arguments', message, hint: '`stemma --help` shows every command.' });
