const format = new Intl.NumberFormat('en', { useGrouping: true });

/** A count for people, with narrow blanks between thousands (ISO 80000-1): `10 054`. */
export const countWords = (count: number): string => format.format(count).replaceAll(',', '\u2009');

/** `1 process`, `10 054 processes` */
export const plural = (count: number, one: string, many: string): string =>
  `${countWords(count)} ${count === 1 ? one : many}`;
