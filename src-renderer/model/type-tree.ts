import type { TypeCount } from '#shared/contract/areas/nodes.ts';

/** A type of node, or the family that several share, beside the list. */
export interface TypeItem {
  /** Of node types, with the dot at the end. */
  readonly prefix: string;
  /** `Dict`, `array` */
  readonly name: string;
  readonly count: number;
  readonly children: readonly TypeItem[];
}

interface Branch {
  count: number;
  readonly inside: Map<string, Branch>;
}

const collate = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** Families without a choice in them (`data.core.int.` holds only `Int`) are shown as what they hold. */
function itemsOf(branch: Branch, prefix: string): readonly TypeItem[] {
  return [...branch.inside]
    .map(([name, inner]) => {
      let here = inner;
      let path = `${prefix}${name}.`;
      let last = name;
      while (here.inside.size === 1) {
        const [[only, next] = ['', here] as const] = here.inside;
        if (next.count !== here.count) break;
        path = `${path}${only}.`;
        last = only;
        here = next;
      }
      // “Data” rather than “core”, where nothing else is in it.
      const shown = here.inside.size > 0 && familyNames[name] !== undefined ? name : last;
      return { prefix: path, name: shown, count: here.count, children: itemsOf(here, path) };
    })
    .toSorted((a, b) => collate(a.name, b.name));
}

/** How the families that every profile has are called. */
const familyNames: Readonly<Record<string, string>> = {
  data: 'Data',
  process: 'Processes',
  calculation: 'Calculations',
  workflow: 'Workflows',
};
const named = (item: TypeItem): TypeItem => ({
  ...item,
  name: familyNames[item.name] ?? item.name,
  children: item.children.map(named),
});

/**
 * The types that occur, as a tree along their dots, below one root that stands for all of them. Where all data is AiiDA's
 * own, the family `core` says nothing and is left out.
 *
 * @param only what begins with it is taken: `data.`; empty takes all
 */
export function typeTree(counts: readonly TypeCount[], only: string): TypeItem {
  const root: Branch = { count: 0, inside: new Map() };
  for (const { nodeType, count } of counts) {
    if (!nodeType.startsWith(only)) continue;
    root.count += count;
    let branch = root;
    for (const part of nodeType.slice(only.length).split('.')) {
      if (part === '') continue;
      const inner = branch.inside.get(part) ?? { count: 0, inside: new Map<string, Branch>() };
      branch.inside.set(part, inner);
      inner.count += count;
      branch = inner;
    }
  }
  let children = itemsOf(root, only);
  if (children.length === 1 && (children[0]?.children.length ?? 0) > 0)
    children = children[0]?.children ?? [];
  return {
    prefix: only,
    name: only === '' ? 'All nodes' : 'All data',
    count: root.count,
    children: children.map(named),
  };
}

/** The prefixes of everything that opens. */
export function* familiesOf(item: TypeItem): Generator<string> {
  if (item.children.length === 0) return;
  yield item.prefix;
  for (const child of item.children) yield* familiesOf(child);
}
