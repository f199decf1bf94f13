import { seededRandom, type Random } from '#shared/base/random.ts';

/** Chance with words. Every part of the world has its own dice, so that one more throw here changes nothing there. */
export class Dice {
  readonly random: Random;

  constructor(seed: number, part: string) {
    this.random = seededRandom(mix(seed, part));
  }

  /** In [0, 1). */
  next(): number {
    return this.random.next();
  }

  chance(probability: number): boolean {
    return this.random.next() < probability;
  }

  /** A whole number, both ends included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.random.next() * (to - from + 1));
  }

  /** Between two positive numbers, as likely to be near the one as near the other on a logarithmic scale. */
  wide(from: number, to: number): number {
    return Math.round(from * (to / from) ** this.random.next());
  }

  /** Milliseconds until the next of something that comes once in `meanMs`. */
  wait(meanMs: number): number {
    return Math.round(-Math.log(1 - this.random.next()) * meanMs);
  }

  of<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.random.next() * choices.length)];
    if (choice === undefined) throw new Error('There is nothing to choose from');
    return choice;
  }

  /** By weight. */
  weighted<T>(choices: readonly (readonly [weight: number, choice: T])[]): T {
    const total = choices.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.random.next() * total;
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    return this.of(choices)[1];
  }
}

/** FNV-1a over the name, mixed with the seed. */
function mix(seed: number, part: string): number {
  let hash = 0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1);
  for (let index = 0; index < part.length; index++) {
    hash = Math.imul(hash ^ part.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** UUIDs of version 4 from dice; `crypto.randomUUID` of a thread that simulates gives these. */
export function uuidFrom(random: Random): `${string}-${string}-${string}-${string}-${string}` {
  const bytes = random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
