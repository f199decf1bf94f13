/** One person means a thousand by `1,000`, another one. `0,125` has one meaning only. */
const twofold = /^[+-]?[1-9]\d{0,2},\d{3}$/;

/**
 * A number as people type it: `12`, `1.5`, `1e-6`, `.5`, a comma for the point, blanks or underscores between thousands.
 * Null for an empty text, NaN for what is none, and for `1,000`, which may be a thousand or one: see {@link numberProblem}.
 */
export function readNumber(text: string): number | null {
  const plain = text.trim().replaceAll(/[\s_]/g, '');
  if (plain === '') return null;
  if (twofold.test(plain)) return Number.NaN;
  const point = /^[^.,]*,[^.,]*$/.test(plain) ? plain.replace(',', '.') : plain;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(point) ? Number(point) : Number.NaN;
}

/**
 * What is wrong with a text that cannot be read: `otherwise`, unless it holds a number that two people read differently,
 * with a unit or without.
 */
export function numberProblem(text: string, otherwise: string): string {
  const [found] = /(?<![\d.,])[+-]?[1-9]\d{0,2}(?:,\d{3})+(?![\d.,])/.exec(text) ?? [];
  if (found === undefined) return otherwise;
  const thousands = found.replaceAll(',', '');
  if (!twofold.test(found)) return `Write ${thousands}, without commas.`;
  return `Write ${thousands} or ${found.replace(',', '.')}: with the comma it may be either.`;
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
