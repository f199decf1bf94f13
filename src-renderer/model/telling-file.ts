import type { FileItem } from './file-tree.ts';

/** What a person opens first, by the name of the file; the first rule that finds one decides. */
const telling: readonly RegExp[] = [
  /^readme(?:\.\w+)?$/i,
  // the output that gave its name to the plugin of most codes, and what others call it
  /^aiida\.out$/i,
  /^(?:stdout|output|out)(?:\.(?:txt|log|out))?$/i,
  /\.(?:out|stdout)$/i,
  /^_scheduler-stdout\.txt$/i,
];

/**
 * The id of the file that tells what is in a tree, so that it is shown before anybody chooses: the only one, a README, the
 * standard output; null where none stands out. Nothing that is empty, missing or purged is shown by itself.
 */
export function tellingFile(items: readonly FileItem[]): string | null {
  const files = filesIn(items);
  const [only] = files;
  if (files.length === 1 && only !== undefined) return only.id;
  const shown = files.filter(({ size, isPurged }) => size !== null && size > 0 && !isPurged);
  for (const rule of telling) {
    const found = shown.find(({ name }) => rule.test(name));
    if (found !== undefined) return found.id;
  }
  return null;
}

type File = Extract<FileItem, { readonly kind: 'file' }>;

/** Those of a folder before those of the folders in it. */
function filesIn(items: readonly FileItem[]): readonly File[] {
  const files = items.filter((item) => item.kind === 'file');
  return [...files, ...items.flatMap((item) => (item.kind === 'file' ? [] : filesIn(item.children)))];
}
