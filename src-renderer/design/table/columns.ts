/** A column as a table offers it. How its cells look is the table's `cell` snippet. */
export interface Column {
  readonly id: string;
  readonly title: string;
  /** In px at first; the person may change it. */
  readonly width: number;
  /** Its share of what is left over; `width` is then the least. */
  readonly grow?: number;
  readonly align?: 'start' | 'end';
  readonly sortable?: boolean;
  /** Not shown until a person chooses it. */
  readonly hidden?: boolean;
  /** Cannot be hidden: what a row is known by. */
  readonly fixed?: boolean;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** What a person changed, as it is kept on this machine. */
export interface TableLayout {
  /** Ids in their order; columns that are not listed keep their place behind the one before them. */
  readonly order: readonly string[];
  readonly shown: Readonly<Record<string, boolean>>;
  readonly widths: Readonly<Record<string, number>>;
}

export const plainLayout: TableLayout = { order: [], shown: {}, widths: {} };

const leastWidth = 48;
const mostWidth = 1200;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** For `recall`: what was stored, without anything that is not a layout. */
export function parseLayout(stored: unknown): TableLayout | null {
  if (!isRecord(stored)) return null;
  const { order, shown, widths } = stored;
  const pairs = (value: unknown, type: string): Record<string, never> =>
    Object.fromEntries(
      Object.entries(isRecord(value) ? value : {}).filter(([, item]) => typeof item === type),
    ) as Record<string, never>;
  return {
    order: Array.isArray(order) ? order.filter((id) => typeof id === 'string') : [],
    shown: pairs(shown, 'boolean'),
    widths: pairs(widths, 'number'),
  };
}

/** All columns in the person's order, with the person's widths. */
export function arrange(columns: readonly Column[], layout: TableLayout): readonly Column[] {
  const rank = new Map(layout.order.map((id, i) => [id, i]));
  // A column that the layout does not know (a newer version brought it) stays behind its neighbour.
  let before = -1;
  const ranked = columns.map((column) => {
    before = rank.get(column.id) ?? before + 1e-3;
    return { column, at: before };
  });
  return ranked
    .toSorted((a, b) => a.at - b.at)
    .map(({ column }) => withOwnWidth(column, layout.widths[column.id]));
}

/** A width that a person chose holds as it is, also where the column would grow. */
function withOwnWidth({ grow, ...column }: Column, own: number | undefined): Column {
  if (own !== undefined) return { ...column, width: own };
  return grow === undefined ? column : { ...column, grow };
}

/** A `fixed` column always is; else the person's choice counts, else the column's own. */
export const isShown = (column: Column, layout: TableLayout): boolean =>
  column.fixed === true || (layout.shown[column.id] ?? column.hidden !== true);

/** The layout with one column shown or not; a `fixed` one stays. */
export const setShown = (layout: TableLayout, id: string, shown: boolean): TableLayout => ({
  ...layout,
  shown: { ...layout.shown, [id]: shown },
});

/** In px, within what can be read and what fits a screen. */
export const setWidth = (layout: TableLayout, id: string, width: number): TableLayout => ({
  ...layout,
  widths: { ...layout.widths, [id]: Math.round(Math.min(mostWidth, Math.max(leastWidth, width))) },
});

/** Moves a column by some places, to the end at most. */
export function moveColumn(
  columns: readonly Column[],
  layout: TableLayout,
  id: string,
  places: number,
): TableLayout {
  const order = arrange(columns, layout).map((column) => column.id);
  const from = order.indexOf(id);
  if (from < 0) return layout;
  const to = Math.min(order.length - 1, Math.max(0, from + places));
  order.splice(to, 0, ...order.splice(from, 1));
  return { ...layout, order };
}

/** `grid-template-columns` for the visible columns; where none grows, an empty one fills the rest. */
export function gridTemplate(columns: readonly Column[], leading: string): string {
  const tracks = columns.map(({ width, grow }) =>
    grow === undefined ? `${width}px` : `minmax(${width}px, ${grow}fr)`,
  );
  const filler = columns.some(({ grow }) => grow !== undefined) ? [] : ['minmax(0, 1fr)'];
  return [leading, ...tracks, ...filler].filter((track) => track !== '').join(' ');
}

/** The width in px below which the table scrolls sideways. */
export const leastTableWidth = (columns: readonly Column[], extra: number): number =>
  columns.reduce((sum, { width }) => sum + width, extra);
