import type { ProcessRow, ProcessTableItem } from '#shared/contract/areas/processes.ts';

/** The part of the table of processes that the core sends, at its place in the whole. */
export interface TableWindow {
  /** Of the first row, in the whole list. */
  readonly offset: number;
  readonly total: number;
  readonly counts: ProcessTableItem['counts'];
  readonly needsYou: number;
  readonly order: readonly number[];
  readonly rows: ReadonlyMap<number, ProcessRow>;
}

/** Takes in what the stream sent. Rows that did not change keep their identity, so that only changed ones render. */
export function foldWindow(
  before: TableWindow | undefined,
  item: ProcessTableItem,
  offset: number,
): TableWindow {
  const { total, counts, needsYou } = item;
  if (item.kind === 'window' || before === undefined) {
    const rows = new Map(item.rows.map((row) => [row.pk, row]));
    return { offset, total, counts, needsYou, order: item.order ?? [...rows.keys()], rows };
  }
  const order = item.order ?? before.order;
  const merged = new Map(before.rows);
  for (const row of item.rows) merged.set(row.pk, row);
  // What left the window is forgotten, or a page that stays open for weeks would remember every process.
  const kept = new Set(order);
  for (const pk of merged.keys()) if (!kept.has(pk)) merged.delete(pk);
  return { offset, total, counts, needsYou, order, rows: merged };
}

export const windowLimit = 240;
const margin = 40;
const grain = 40;

/** Which window to ask for when rows `first` to `last` are on screen: the present one as long as it reaches far enough. */
export function windowOffset(present: number, first: number, last: number): number {
  const needsFrom = Math.max(0, first - margin);
  const needsTo = last + margin;
  if (needsFrom >= present && needsTo <= present + windowLimit) return present;
  const middle = Math.round((first + last) / 2) - windowLimit / 2;
  return Math.max(0, Math.floor(middle / grain) * grain);
}
