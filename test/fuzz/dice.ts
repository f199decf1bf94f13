import { seededRandom, type Random } from '#shared/base/random.ts';

/** Chance that a seed decides. */
export class Dice {
  readonly random: Random;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** A whole number from 0 to `below` - 1. */
  int(below: number): number {
    return Math.floor(this.random.next() * below);
  }

  chance(probability: number): boolean {
    return this.random.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }

  /** Numbers at which programs go wrong, and some that are just numbers. */
  number(near = 0): number {
    const edges = [
      0,
      1,
      -1,
      2,
      0x7f,
      0x80,
      0xff,
      0x7fff,
      0x8000,
      0xffff,
      0x10000,
      0x7fff_ffff,
      0x8000_0000,
      0xffff_fffe,
      0xffff_ffff,
      near - 1,
      near + 1,
      near * 2,
    ];
    return this.chance(0.8) ? this.pick(edges) : this.int(2 ** 32);
  }

  big(): bigint {
    return this.pick([
      0n,
      1n,
      -1n,
      2n ** 31n,
      2n ** 32n - 1n,
      2n ** 32n,
      2n ** 53n - 1n,
      2n ** 53n,
      2n ** 63n - 1n,
      2n ** 63n,
      2n ** 64n - 1n,
      BigInt(this.int(100_000)),
    ]);
  }
}
