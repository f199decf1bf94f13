import type { FileEntry } from '#shared/contract/areas/nodes.ts';

/** A folder or a file of one or several nodes, for a tree. */
export type FileItem =
  | {
      readonly kind: 'root';
      readonly id: string;
      readonly name: string;
      readonly children: readonly FileItem[];
    }
  | {
      readonly kind: 'folder';
      readonly id: string;
      readonly name: string;
      readonly children: readonly FileItem[];
    }
  | {
      readonly kind: 'file';
      readonly id: string;
      readonly name: string;
      /** The node that holds it. */
      readonly node: string;
      readonly path: string;
      readonly size: number | null;
      /** A person has purged its content. */
      readonly isPurged: boolean;
    };

/** The files of a node under one heading. */
export interface FileRoot {
  readonly title: string;
  readonly node: string;
  readonly files: readonly FileEntry[];
}

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: FileItem[];
}

const compare = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function itemsOf(folder: Folder, prefix: string): readonly FileItem[] {
  const folders = [...folder.folders]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([name, inner]): FileItem => ({
      kind: 'folder',
      id: `${prefix}${name}/`,
      name,
      children: itemsOf(inner, `${prefix}${name}/`),
    }));
  return [...folders, ...folder.files.toSorted((a, b) => compare(a.name, b.name))];
}

/** Folders first, then files, each by name with numbers in their order: `out2` before `out10`. */
export function fileTree(roots: readonly FileRoot[]): readonly FileItem[] {
  return roots.map(({ title, node, files }): FileItem => {
    const top: Folder = { folders: new Map(), files: [] };
    const folderAt = (parts: readonly string[]): Folder => {
      let folder = top;
      for (const part of parts) {
        const inner = folder.folders.get(part) ?? { folders: new Map<string, Folder>(), files: [] };
        folder.folders.set(part, inner);
        folder = inner;
      }
      return folder;
    };
    for (const { path, kind, size, purged } of files) {
      const parts = path.split('/');
      if (kind === 'directory') folderAt(parts);
      else {
        const name = parts.pop() ?? path;
        const isPurged = purged !== undefined;
        folderAt(parts).files.push({ kind: 'file', id: `${node}:${path}`, name, node, path, size, isPurged });
      }
    }
    return { kind: 'root', id: `${node}:`, name: title, children: itemsOf(top, `${node}:`) };
  });
}

/** The ids of everything that opens, so that a small tree is shown whole. */
export function* openableIds(items: readonly FileItem[]): Generator<string> {
  for (const item of items) {
    if (item.kind === 'file') continue;
    yield item.id;
    yield* openableIds(item.children);
  }
}

/** Files only, at any depth. */
export function countFiles(items: readonly FileItem[]): number {
  return items.reduce((sum, item) => sum + (item.kind === 'file' ? 1 : countFiles(item.children)), 0);
}
