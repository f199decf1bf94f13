/** Randomness as an argument: the system's in the product, a seeded one in tests and in the simulator. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** `count` bytes; unpredictable in the product, reproducible when seeded. */
  bytes(count: number): Uint8Array;
}

/**
 * A seeded generator (mulberry32: 32-bit state, public domain algorithm by Tommy Ettinger).
 * Good enough for tests and jitter, never for tokens.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    bytes(count) {
      const out = new Uint8Array(count);
      for (let i = 0; i < count; i++) out[i] = Math.floor(next() * 256);
      return out;
    },
  };
}
