/**
 * A number as people type it: `12`, `1.5`, `1e-6`, `.5`, a comma for the point, blanks or underscores between thousands.
 * Null for an empty text, NaN for what is none.
 */
export function readNumber(text: string): number | null {
  const plain = text.trim().replaceAll(/[\s_]/g, '');
  if (plain === '') return null;
  const point = /^[^.,]*,[^.,]*$/.test(plain) ? plain.replace(',', '.') : plain;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(point) ? Number(point) : Number.NaN;
}

/** One step up or down, free of the dust of binary fractions: 0.1 + 0.2 is 0.3. */
export function stepNumber(value: number, step: number, times: number): number {
  const digits = Math.max(decimals(value), decimals(step));
  return Number((value + step * times).toFixed(Math.min(digits, 20)));
}

function decimals(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).toLowerCase().split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}
