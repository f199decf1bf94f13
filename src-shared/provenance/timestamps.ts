/**
 * Times in the store are integers: microseconds since 1970-01-01 UTC (below 2^53 until the year 2255), because AiiDA
 * keeps six digits and an exported archive must give back what came in.
 */
import { userError } from '../base/errors.ts';

const pattern = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:?\d\d)?$/;

/** Reads AiiDA's `YYYY-MM-DD HH:MM:SS.ffffff` (UTC when no zone stands there), also with `T` and a zone. */
export function readTimestamp(text: string): number {
  const found = pattern.exec(text);
  const [, date = '', time = '', fraction = '', zone = 'Z'] = found ?? [];
  const seconds = Date.parse(`${date}T${time}${zone}`);
  if (found === null || Number.isNaN(seconds)) {
    throw userError({ code: 'bad-timestamp', message: `“${text}” is not a time of an AiiDA archive.` });
  }
  return seconds * 1000 + Number(fraction.padEnd(6, '0'));
}

/** `YYYY-MM-DD HH:MM:SS.ffffff` in UTC, always six digits: the only form that AiiDA's SQLite backend reads. */
export function writeTimestamp(microseconds: number): string {
  const ms = Math.floor(microseconds / 1000);
  const rest = String(microseconds - ms * 1000).padStart(3, '0');
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${rest}`;
}
