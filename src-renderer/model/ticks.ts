/** Round numbers that divide an axis into about `count` parts: steps of 1, 2 or 5 times a power of ten. */
export function ticks(least: number, greatest: number, count: number): readonly number[] {
  const span = greatest - least;
  if (!Number.isFinite(span) || span <= 0) return Number.isFinite(least) ? [least] : [];
  const power = 10 ** Math.floor(Math.log10(span / count));
  const rest = span / count / power;
  const step = power * (rest < 1.5 ? 1 : rest < 3.5 ? 2 : rest < 7.5 ? 5 : 10);
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(greatest / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    // the product of a step below one has digits that mean nothing
    const value = Number(((first + i) * step).toPrecision(12));
    return Object.is(value, -0) ? 0 : value;
  });
}

/** As many decimals as the steps need. */
export function tickText(value: number, all: readonly number[]): string {
  const step = (all[1] ?? value) - (all[0] ?? 0) || Math.abs(value) || 1;
  const size = Math.max(...all.map((each) => Math.abs(each)), Math.abs(value));
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return value === 0 ? '0' : value.toExponential(2);
  const decimals = Math.max(0, -Math.floor(Math.log10(Math.abs(step)) + 1e-9));
  return value.toFixed(Math.min(decimals, 8)).replace('-', '−');
}
