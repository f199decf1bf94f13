/** A cell of a table: a text, a number, or nothing. */
export type CsvCell = string | number | null;

/** What a spreadsheet takes for the beginning of a formula, also behind blanks (OWASP, “CSV Injection”). */
const formula = /^[\s\u0000]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function cellText(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  // a text that a spreadsheet would run gets an apostrophe in front, which says: this is text
  const text = formula.test(cell) && !number.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) || /^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record of RFC 4180, with its CRLF. Text from a stranger cannot act in a spreadsheet. */
export const csvRecord = (cells: readonly CsvCell[]): string => `${cells.map(cellText).join(',')}\r\n`;
