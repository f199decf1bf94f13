/** What the history kept of a table: where it was scrolled to, and the row that had the keyboard. */
export function parseTableMemory(stored: unknown): {
  readonly scroll: number;
  readonly active: string | null;
} {
  const { scroll, active } = (stored ?? {}) as { scroll?: unknown; active?: unknown };
  return {
    scroll: typeof scroll === 'number' && scroll >= 0 ? scroll : 0,
    active: typeof active === 'string' ? active : null,
  };
}
