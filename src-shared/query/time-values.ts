import { fail } from './scan.ts';
import { ageUnits, type AgeUnit, type TimeValue } from './tree.ts';

const age = /^(\d{1,9}(?:\.\d{1,3})?)([a-z]+)$/;
const date = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?)?)?$/;

const isAgeUnit = (text: string): text is AgeUnit => (ageUnits as readonly string[]).includes(text);

/** @throws FilterError where the text is neither an age nor a date */
export function readTimeValue(text: string, from: number, to: number): TimeValue {
  const [, amount, unit = ''] = age.exec(text) ?? [];
  if (amount !== undefined) {
    if (isAgeUnit(unit)) return { kind: 'ago', amount: Number(amount), unit };
    fail(
      `“${unit}” is no unit of time: s, m (minutes), h, d, w or y.`,
      from + amount.length,
      to,
      ageUnits,
      nearestUnit(unit),
    );
  }
  const parts = date.exec(text);
  if (parts !== null && isRealDate(parts.slice(1))) return { kind: 'date', text };
  return fail(`“${text}” is no time.`, from, to, ['7d', '12h', '2026-03-04', '2026-03-04T12:30']);
}

const nearestUnit = (unit: string): AgeUnit | null =>
  ageUnits.find((known) => unit.startsWith(known)) ?? null;

function isRealDate(parts: readonly (string | undefined)[]): boolean {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  );
  const made = new Date(Date.UTC(year, month - 1, day));
  // years below 100 mean 19xx to Date.UTC
  return (
    year >= 1000 &&
    made.getUTCMonth() === month - 1 &&
    made.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  );
}

const seconds: Readonly<Record<AgeUnit, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 7 * 86_400,
  y: 365.25 * 86_400,
};

/**
 * What a value covers, in milliseconds since 1970: from `start` up to, not including, `end`. An age is a moment, a date
 * is a year, a month, a day, a minute or a second, in the zone of this machine.
 */
export function timeSpan(value: TimeValue, now: number): { readonly start: number; readonly end: number } {
  if (value.kind === 'ago') {
    const moment = now - value.amount * seconds[value.unit] * 1000;
    return { start: moment, end: moment };
  }
  const given = (date.exec(value.text) ?? []).slice(1).filter((part) => part !== undefined);
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = given.map(Number);
  const at = (step: number): number =>
    new Date(
      year + (given.length === 1 ? step : 0),
      month - 1 + (given.length === 2 ? step : 0),
      day + (given.length === 3 ? step : 0),
      hour,
      minute + (given.length === 5 ? step : 0),
      second + (given.length === 6 ? step : 0),
    ).getTime();
  return { start: at(0), end: at(1) };
}
