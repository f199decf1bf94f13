/** How a tree is read from whatever it shows. */
export interface TreeShape<Item> {
  idOf(item: Item): string;
  /** What a row is called, for type-ahead. */
  nameOf(item: Item): string;
  /** Null for a leaf; undefined where they have not been fetched yet. */
  childrenOf(item: Item): readonly Item[] | null | undefined;
}

/** One visible row. */
export interface TreeRow<Item> {
  readonly item: Item;
  readonly id: string;
  /** From 1. */
  readonly level: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
  /** Among its siblings, from 1. */
  readonly position: number;
  readonly siblings: number;
  readonly parent: string | null;
}

/** The rows that are visible, from the top. Not recursive: a tree may be as deep as its data. */
export function visibleRows<Item>(
  roots: readonly Item[],
  shape: TreeShape<Item>,
  expanded: { has(id: string): boolean },
): readonly TreeRow<Item>[] {
  const rows: TreeRow<Item>[] = [];
  const open: { items: readonly Item[]; next: number; parent: string | null }[] = [
    { items: roots, next: 0, parent: null },
  ];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const item = top.items[top.next];
    if (item === undefined) {
      open.pop();
      continue;
    }
    top.next++;
    const id = shape.idOf(item);
    const children = shape.childrenOf(item);
    const isOpen = children !== null && expanded.has(id);
    rows.push({
      item,
      id,
      level: open.length,
      expandable: children !== null,
      expanded: isOpen,
      position: top.next,
      siblings: top.items.length,
      parent: top.parent,
    });
    if (isOpen && children !== undefined) open.push({ items: children, next: 0, parent: id });
  }
  return rows;
}

/** The next row whose name begins with what was typed, from `start` on and round the end; −1 where none does. */
export function findByName(names: readonly string[], start: number, typed: string): number {
  const wanted = typed.toLowerCase();
  for (let step = 0; step < names.length; step++) {
    const index = (start + step) % names.length;
    if (names[index]?.toLowerCase().startsWith(wanted)) return index;
  }
  return -1;
}
