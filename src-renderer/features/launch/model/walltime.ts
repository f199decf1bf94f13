import { readNumber } from '#renderer/design/number.ts';

/** `1:30:00` and `1-06:00:00`, as schedulers write it. */
const clock = /^(?:(\d+)-)?(\d+):([0-5]?\d):([0-5]?\d)$/;
const part = /(\d+(?:[.,]\d+)?)\s*(d|days?|h|hours?|min|minutes?|s|seconds?)(?=\s|\d|$)/gi;
const secondsOf: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

/**
 * A walltime as people write it, in seconds: `1:30:00`, `1-06:00:00`, `90 min`, `1 d 6 h`. Null for an empty text, NaN
 * for what is none. A bare number or `1:30` is none: schedulers disagree on whether it counts minutes or hours.
 */
export function readWalltime(text: string): number | null {
  const plain = text.trim();
  if (plain === '') return null;
  const found = clock.exec(plain);
  if (found !== null) {
    const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = found;
    return Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  }
  if (plain.replaceAll(part, '').trim() !== '') return Number.NaN;
  let total = 0;
  for (const [, amount = '', unit = ''] of plain.matchAll(part)) {
    total += (readNumber(amount) ?? Number.NaN) * (secondsOf[unit.charAt(0).toLowerCase()] ?? Number.NaN);
  }
  return Math.round(total);
}

const two = (count: number): string => String(count).padStart(2, '0');

/** `1:30:00`; hours are not folded into days, because every scheduler reads them. */
export const writeWalltime = (seconds: number): string =>
  `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
