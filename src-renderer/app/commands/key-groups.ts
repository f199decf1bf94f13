import type { Command } from './command.ts';

export interface KeyGroup {
  readonly title: string;
  readonly keys: readonly { readonly binding: string; readonly title: string }[];
}

/** Keys that primitives have everywhere; they are no commands. */
const inLists: KeyGroup = {
  title: 'In lists and trees',
  keys: [
    { binding: 'ArrowDown', title: 'Next row' },
    { binding: 'ArrowUp', title: 'Row before' },
    { binding: 'PageDown', title: 'One page on' },
    { binding: 'Home', title: 'First row' },
    { binding: 'End', title: 'Last row' },
    { binding: 'Enter', title: 'Open' },
    { binding: 'Space', title: 'Select' },
    { binding: 'Shift+ArrowDown', title: 'Extend the selection' },
    { binding: 'Mod+A', title: 'Select all' },
    { binding: 'Mod+C', title: 'Copy rows as a table' },
    { binding: 'Escape', title: 'Clear the selection' },
    { binding: 'F6', title: 'Next region of the window' },
  ],
};

/** The key sheet: what is available now, the page's own first. */
export function keyGroups(commands: readonly Command[]): readonly KeyGroup[] {
  const groups = new Map<string, { binding: string; title: string }[]>();
  for (const { group, title, keys = [] } of commands) {
    for (const binding of keys) {
      const list = groups.get(group) ?? [];
      list.push({ binding, title });
      groups.set(group, list);
    }
  }
  return [...[...groups].map(([title, keys]) => ({ title, keys })), inLists];
}
