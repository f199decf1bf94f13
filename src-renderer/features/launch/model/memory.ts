import { readNumber } from '#renderer/design/number.ts';

const pattern = /^(\d+(?:[.,]\d+)?)\s*([kmgt])i?b?$/i;
const kilobytes: Readonly<Record<string, number>> = { k: 1, m: 1024, g: 1024 ** 2, t: 1024 ** 3 };

/**
 * Memory as people write it, in kB of 1024 bytes, as AiiDA and the schedulers count: `4 GB`, `512MB`, `1.5 GiB`. Null for
 * an empty text, NaN for what is none. A number without a unit is none: a factor of a thousand is too much to guess.
 */
export function readMemory(text: string): number | null {
  const plain = text.trim();
  if (plain === '') return null;
  const [, amount = '', unit = ''] = pattern.exec(plain) ?? [];
  return Math.round((readNumber(amount) ?? Number.NaN) * (kilobytes[unit.toLowerCase()] ?? 1));
}

/** In the largest unit that says it exactly: `4 GB`. */
export function writeMemory(kb: number): string {
  if (kb % 1024 ** 2 === 0) return `${kb / 1024 ** 2} GB`;
  if (kb % 1024 === 0) return `${kb / 1024} MB`;
  return `${kb} kB`;
}
