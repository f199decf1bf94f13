import type { Column } from './columns.ts';
import type { RowSet } from './row-set.ts';

/** The rows at hand that are selected, in their order; where none is, the one that the keyboard is on. */
export function chosenRows<Row>(
  rows: RowSet<Row>,
  isSelected: (key: string) => boolean,
  current: number,
): readonly Row[] {
  const wanted: Row[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row = rows.at(i);
    if (row !== undefined && isSelected(rows.keyOf(row))) wanted.push(row);
  }
  const chosen = rows.at(current);
  return wanted.length === 0 && chosen !== undefined ? [chosen] : wanted;
}

/** Rows as a spreadsheet takes them from the clipboard: a line each, under the titles, with tabs between the cells. */
export function rowsText<Row>(
  rows: readonly Row[],
  columns: readonly Column[],
  text: (row: Row, column: string) => string,
): string {
  const lines = rows.map((row) =>
    columns.map(({ id }) => text(row, id).replaceAll(/[\t\n\r]/g, ' ')).join('\t'),
  );
  return [columns.map(({ title }) => title).join('\t'), ...lines].join('\n');
}
