import type { RowSet } from './row-set.ts';
import type { Selection } from './selection.svelte.ts';

interface Surroundings<Row> {
  readonly rows: () => RowSet<Row>;
  readonly selection: () => Selection | undefined;
  readonly nameOf: (row: Row) => string;
  /** The index of the row that the keyboard is on; −1 for none. */
  readonly current: () => number;
  /** Puts the keyboard on a row, and the row on screen. @param key null for a row that has not come yet */
  readonly show: (index: number, key: string | null) => void;
}

/** Letters within this many milliseconds are one word. */
const oneWordMs = 800;

/** Where the keyboard goes in a table, and what it selects on its way. */
export class TableCursor<Row> {
  readonly #of: Surroundings<Row>;
  #typed = '';
  #typedAt = 0;

  constructor(surroundings: Surroundings<Row>) {
    this.#of = surroundings;
  }

  /** To a row, or the nearest there is. @param extend selects from the anchor to there */
  go(index: number, extend: boolean): void {
    const rows = this.#of.rows();
    const selection = this.#of.selection();
    const target = Math.min(rows.length - 1, Math.max(0, index));
    const row = rows.at(target);
    if (target < 0) return;
    const from = rows.at(this.#of.current());
    this.#of.show(target, row === undefined ? null : rows.keyOf(row));
    if (selection === undefined || row === undefined) return;
    if (!extend) selection.setAnchor(rows.keyOf(row));
    else {
      if (selection.anchor === null && from !== undefined) selection.setAnchor(rows.keyOf(from));
      this.extendTo(target);
    }
  }

  /** Selects from the anchor to a row. */
  extendTo(target: number): void {
    const rows = this.#of.rows();
    const selection = this.#of.selection();
    if (selection === undefined) return;
    const anchor = selection.anchor === null ? target : rows.indexOf(selection.anchor);
    const start = anchor < 0 ? target : anchor;
    const keys: string[] = [];
    for (let i = Math.min(start, target); i <= Math.max(start, target); i++) {
      const row = rows.at(i);
      if (row !== undefined) keys.push(rows.keyOf(row));
    }
    selection.extend(keys);
  }

  /** The keys of all rows at hand. */
  *loadedKeys(): Generator<string> {
    const rows = this.#of.rows();
    for (let i = 0; i < rows.length; i++) {
      const row = rows.at(i);
      if (row !== undefined) yield rows.keyOf(row);
    }
  }

  /** To the next row whose name begins with what is being typed. */
  jumpTo(letter: string): void {
    const rows = this.#of.rows();
    const now = performance.now();
    this.#typed = (now - this.#typedAt > oneWordMs ? '' : this.#typed) + letter.toLowerCase();
    this.#typedAt = now;
    for (let step = this.#typed.length === 1 ? 1 : 0; step < rows.length; step++) {
      const index = (Math.max(0, this.#of.current()) + step) % rows.length;
      const row = rows.at(index);
      if (row !== undefined && this.#of.nameOf(row).toLowerCase().startsWith(this.#typed)) {
        this.go(index, false);
        return;
      }
    }
  }
}
