import { formatLocal } from '#shared/base/time.ts';

/** A moment as short as it can be: `14:03` today, `2026-11-22 14:03` on another day. Both in ms. */
export function clockTime(time: number, now: number): string {
  const whole = formatLocal(time).slice(0, 16);
  return whole.slice(0, 10) === formatLocal(now).slice(0, 10) ? whole.slice(11) : whole;
}
