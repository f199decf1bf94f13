const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A byte count for people, in SI units with at most three digits: `999 B`, `1.50 kB`, `20.0 GB`. */
export function formatBytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return `${Math.round(value)} B`;
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

const hexDigits = '0123456789abcdef';

/** Lower-case hexadecimal text of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (hexDigits[byte >> 4] ?? '') + (hexDigits[byte & 15] ?? '');
  return text;
}
