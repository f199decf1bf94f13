import { jsonChildren, previewOf, type JsonItem } from './json-tree.ts';

/** What of a document fits a search. */
export interface JsonMatches {
  /** Paths of what fits, and of everything that leads there. */
  readonly kept: ReadonlySet<string>;
  /** Paths that must be open for the matches to be seen. */
  readonly opened: ReadonlySet<string>;
  readonly count: number;
  /** The document is so large that not all of it was looked at, or more fits than is shown. */
  readonly cut: boolean;
}

const mostLookedAt = 300_000;
const mostMatches = 2000;

/** Rows whose name or whose value, as it is shown, holds the words; letters large or small. Not recursive. */
export function searchJson(roots: readonly JsonItem[], words: string): JsonMatches {
  const wanted = words.toLowerCase();
  const kept = new Set<string>();
  const opened = new Set<string>();
  const way: JsonItem[] = [];
  const open: { readonly items: readonly JsonItem[]; next: number }[] = [{ items: roots, next: 0 }];
  let looked = 0;
  let count = 0;
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const item = top.items[top.next];
    if (item === undefined || looked >= mostLookedAt || count >= mostMatches) {
      open.pop();
      way.pop();
      continue;
    }
    top.next++;
    looked++;
    const children = jsonChildren(item);
    // The name of a slice and “3 items” are ours, not the document's.
    const text =
      item.slice !== null ? '' : children === null ? `${item.name}\n${previewOf(item)}` : item.name;
    if (text.toLowerCase().includes(wanted)) {
      count++;
      kept.add(item.path);
      for (const { path } of way) {
        kept.add(path);
        opened.add(path);
      }
    }
    if (children !== null) {
      open.push({ items: children, next: 0 });
      way.push(item);
    }
  }
  return { kept, opened, count, cut: looked >= mostLookedAt || count >= mostMatches };
}
