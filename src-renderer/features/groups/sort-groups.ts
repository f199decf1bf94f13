import type { GroupRow } from '#shared/contract/areas/sharing.ts';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Groups whose label or description has every word in it, in the order that is asked for; equal ones by label. */
export function sortGroups(
  groups: readonly GroupRow[],
  words: string,
  { column, descending }: { readonly column: string; readonly descending: boolean },
): readonly GroupRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = groups.filter(({ label, description }) => {
    const text = `${label} ${description}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const byLabel = (a: GroupRow, b: GroupRow): number =>
    collator.compare(a.label, b.label) || (a.uuid < b.uuid ? -1 : 1);
  const sign = descending ? -1 : 1;
  return fitting.toSorted((a, b) => {
    const first = column === 'count' ? a.count - b.count : column === 'time' ? a.time - b.time : 0;
    return column === 'label' ? sign * byLabel(a, b) : sign * first || byLabel(a, b);
  });
}
