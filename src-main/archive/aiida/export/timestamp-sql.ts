/** Of the second, in microseconds, also before 1970. */
const rest = (microseconds: string): string => `(${microseconds} % 1000000 + 1000000) % 1000000`;

/** An SQL expression for what `writeTimestamp` makes of a time, up to the year 9999 (sqlite.org/lang_datefunc.html). */
export const timestampSql = (microseconds: string): string =>
  `format('%s.%06d', datetime((${microseconds} - ${rest(microseconds)}) / 1000000, 'unixepoch'), ${rest(microseconds)})`;
