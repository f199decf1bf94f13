import type { Random } from '#shared/base/random.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';
const alphabet = `${letters}0123456789`;

/**
 * The name of one attempt in a scheduler: 16 characters, the first a letter (SGE refuses digits there), from 80 bits
 * of randomness. Never derived from a PK, because two profiles share a cluster.
 */
export function newToken(random: Random): string {
  // rejection sampling: 256 is no multiple of 36
  let text = letters[(random.bytes(1)[0] ?? 0) % letters.length] ?? 'j';
  while (text.length < 16) {
    for (const byte of random.bytes(24)) {
      if (byte < 252 && text.length < 16) text += alphabet[byte % alphabet.length] ?? '';
    }
  }
  return text;
}
