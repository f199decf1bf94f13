/**
 * The rows of a table: all of them at hand, or a window of a long list that the core has. `at` is undefined for rows
 * that have not come yet; the table draws a placeholder.
 */
export interface RowSet<Row> {
  readonly length: number;
  at(index: number): Row | undefined;
  keyOf(row: Row): string;
  /** −1 where it is not among the rows at hand. */
  indexOf(key: string): number;
}

/** Of rows that are all at hand; the places of keys are worked out when one is asked for. */
export function rowSet<Row>(rows: readonly Row[], keyOf: (row: Row) => string): RowSet<Row> {
  let places: Map<string, number> | null = null;
  return {
    length: rows.length,
    at: (index) => rows[index],
    keyOf,
    indexOf(key) {
      places ??= new Map(rows.map((row, i) => [keyOf(row), i]));
      return places.get(key) ?? -1;
    },
  };
}
