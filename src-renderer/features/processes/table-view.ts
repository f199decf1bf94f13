import type { Sort } from '#renderer/design/table/columns.ts';
import { processColumns } from './table-columns.ts';

const newestFirst: Sort = { column: 'ctime', descending: true };

/** The order in an address: `name`, or `-name` for descending. Anything else is newest first. */
export function readSort(text: string | null): Sort {
  const descending = text?.startsWith('-') === true;
  const column = descending ? text.slice(1) : text;
  const known = processColumns.some(({ id, sortable }) => id === column && sortable === true);
  return known && column !== null && column !== undefined ? { column, descending } : newestFirst;
}

/** The inverse; the usual order needs no words in the address. */
export function writeSort({ column, descending }: Sort): string {
  if (column === newestFirst.column && descending === newestFirst.descending) return '';
  return descending ? `-${column}` : column;
}
