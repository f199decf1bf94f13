/** As many decimals as the steps need. */
export function tickText(value: number, all: readonly number[]): string {
  const step = (all[1] ?? value) - (all[0] ?? 0) || Math.abs(value) || 1;
  const size = Math.max(...all.map((each) => Math.abs(each)), Math.abs(value));
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return value === 0 ? '0' : value.toExponential(2);
  const decimals = Math.max(0, -Math.floor(Math.log10(Math.abs(step)) + 1e-9));
  return value.toFixed(Math.min(decimals, 8)).replace('-', '−');
}
