import { randomBytes } from 'node:crypto';
import type { Random } from '#shared/base/random.ts';

/** The randomness of this machine: good enough for tokens. */
export const systemRandom: Random = {
  next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  bytes: (count) => randomBytes(count),
};
