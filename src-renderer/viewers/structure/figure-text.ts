/** A number with so many digits behind the point, with a minus as it is printed; empty where there is none. */
export const fixed = (value: number | undefined | null, digits: number): string =>
  value === undefined || value === null || !Number.isFinite(value)
    ? ''
    : value
        .toFixed(digits)
        .replace(/^-(0\.?0*)$/, '$1')
        .replace('-', '−');

/** A count that may be in parts: `4`, `3.2`. */
export const countText = (count: number): string => String(Number(count.toFixed(3)));
