import type { DiffLine } from '#shared/base/line-diff.ts';

export interface DiffSide {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
}

/** Two texts side by side: what stands in one of them only has nothing, or what replaces it, beside it. */
export interface DiffRow {
  readonly before: DiffSide | null;
  readonly after: DiffSide | null;
  readonly changed: boolean;
}

/** Lines that were removed and added at one place stand beside each other, in their order. */
export function diffRows(lines: readonly DiffLine[]): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  const count = { before: 0, after: 0 };
  let removed: DiffSide[] = [];
  let added: DiffSide[] = [];
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++)
      rows.push({ before: removed[i] ?? null, after: added[i] ?? null, changed: true });
    removed = [];
    added = [];
  };
  for (const { kind, text } of lines) {
    if (kind === 'removed') removed.push({ number: ++count.before, text });
    else if (kind === 'added') added.push({ number: ++count.after, text });
    else {
      flush();
      rows.push({
        before: { number: ++count.before, text },
        after: { number: ++count.after, text },
        changed: false,
      });
    }
  }
  flush();
  return rows;
}

/** The first row of each place that differs. */
export const changesOf = (rows: readonly DiffRow[]): readonly number[] =>
  rows.flatMap(({ changed }, i) => (changed && rows[i - 1]?.changed !== true ? [i] : []));
