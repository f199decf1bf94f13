import type { Random } from '#shared/base/random.ts';
import { hasCause } from '../transport-error.ts';

const firstMs = 5_000;
const limitMs = 600_000;
/** A site that turns connections away is left alone for a while: knocking on makes it worse. */
const throttledMs = 600_000;

/** Milliseconds until the next dial: doubling from 5 s to 10 min, spread by ±25 %. */
export function dialPause(failures: number, error: unknown, random: Random): number {
  const spread = 0.75 + random.next() / 2;
  if (hasCause(error, 'throttled')) return Math.round(throttledMs * (0.5 + spread / 2));
  return Math.round(Math.min(limitMs, firstMs * 2 ** Math.min(failures - 1, 10)) * spread);
}
