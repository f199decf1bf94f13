/** A number for a file that others read: fixed, without a minus before zero. */
export const fileNumber = (value: number, digits: number): string => {
  const text = value.toFixed(digits);
  return /^-0\.?0*$/.test(text) ? text.slice(1) : text;
};
