import { untrack } from 'svelte';
import { medianShift } from './moves.ts';
import type { RowSet } from './row-set.ts';

/** Each is read when it is needed, so that only what is used is followed. */
interface Scrolled {
  readonly rows: RowSet<unknown>;
  /** What the rows answer to; where it changes, the list begins at its top again. */
  readonly identity: string;
  readonly scroller: HTMLElement | undefined;
  /** px. */
  readonly rowHeight: number;
  /** The rows on screen. */
  readonly items: readonly { readonly index: number }[];
}

export interface SteadyScroll {
  /** How many rows have come in above the screen since the person was at the top. */
  readonly fresh: number;
  /** Goes to the top. */
  show(): void;
  /** The person is at the top by themselves. */
  seen(): void;
}

/**
 * Rows that come and go above the screen must not move what is read: the scroll follows the rows that were on screen, by
 * the shift that most of them made. What came in above is counted, and shown when the person asks for it. Called while a
 * component is made.
 */
export function steadyScroll(of: Scrolled): SteadyScroll {
  let fresh = $state(0);
  let shownIdentity = untrack(() => of.identity);
  let shownKeys: readonly (readonly [key: string, index: number])[] = [];
  $effect(() => {
    const { rows, identity, scroller } = of;
    const { length } = rows;
    const isNew = identity !== shownIdentity;
    shownIdentity = identity;
    if (scroller === undefined) return;
    const atTop = scroller.scrollTop < of.rowHeight / 2;
    if (isNew) {
      scroller.scrollTop = 0;
      fresh = 0;
    } else if (!atTop && length > 0) {
      const shift = medianShift(shownKeys, (key) => rows.indexOf(key));
      if (shift !== 0) {
        scroller.scrollTop += shift * of.rowHeight;
        fresh = Math.max(0, untrack(() => fresh) + shift);
      }
    } else fresh = 0;
  });
  $effect(() => {
    const { rows } = of;
    const keys = of.items.flatMap(({ index }) => {
      const row = rows.at(index);
      return row === undefined ? [] : [[rows.keyOf(row), index] as const];
    });
    // After the effect above has compared the old ones.
    shownKeys = keys;
  });
  return {
    get fresh() {
      return fresh;
    },
    show() {
      const { scroller } = of;
      if (scroller !== undefined) scroller.scrollTop = 0;
      fresh = 0;
    },
    seen() {
      fresh = 0;
    },
  };
}
