import { userError } from '../base/errors.ts';
import { parseObjectHash, type ObjectHash } from './ids.ts';

/**
 * The virtual file tree of one node, as AiiDA keeps it in `repository_metadata`: a directory is `{}` or
 * `{"o": {name: child}}`, a file is `{"k": "<sha256>"}`. A node without files is `{}`.
 */
export type RepositoryTree = RepositoryDirectory;

/** Children by name; a folder may have none. */
export interface RepositoryDirectory {
  readonly kind: 'directory';
  readonly children: ReadonlyMap<string, RepositoryEntry>;
}
export interface RepositoryFile {
  readonly kind: 'file';
  readonly hash: ObjectHash;
}
export type RepositoryEntry = RepositoryDirectory | RepositoryFile;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const badTree = (why: string): Error =>
  userError({ code: 'bad-repository-tree', message: `The file tree of a node is malformed: ${why}.` });

function readEntry(value: unknown, depth: number): RepositoryEntry {
  if (depth > 100) throw badTree('more than 100 levels of folders');
  if (!isRecord(value)) throw badTree('an entry is not an object');
  if (typeof value['k'] === 'string') return { kind: 'file', hash: parseObjectHash(value['k']) };
  const children = new Map<string, RepositoryEntry>();
  const listed = value['o'];
  if (listed !== undefined) {
    if (!isRecord(listed)) throw badTree('the children are not an object');
    for (const [name, child] of Object.entries(listed)) {
      if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
        throw badTree(`“${name}” is no file name`);
      }
      children.set(name, readEntry(child, depth + 1));
    }
  }
  return { kind: 'directory', children };
}

/** @throws StemmaError `bad-repository-tree` */
export function readRepositoryTree(json: unknown): RepositoryTree {
  const entry = readEntry(json, 0);
  if (entry.kind === 'file') throw badTree('the root is a file');
  return entry;
}

/** The JSON form of a tree; names in code unit order, as AiiDA serialises them. */
export function writeRepositoryTree(tree: RepositoryEntry): Record<string, unknown> {
  if (tree.kind === 'file') return { k: tree.hash };
  if (tree.children.size === 0) return {};
  const names = [...tree.children.keys()].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const o: Record<string, unknown> = {};
  for (const name of names) {
    const child = tree.children.get(name);
    // defineProperty, because a file may be called __proto__
    if (child !== undefined) {
      Object.defineProperty(o, name, {
        value: writeRepositoryTree(child),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return { o };
}

/** Path and hash of each file, depth first in the order of names; paths have `/` and never begin with it. */
export function* filesOf(
  tree: RepositoryTree,
  prefix = '',
): Generator<readonly [path: string, hash: ObjectHash]> {
  for (const [name, child] of tree.children) {
    if (child.kind === 'file') yield [`${prefix}${name}`, child.hash];
    else yield* filesOf(child, `${prefix}${name}/`);
  }
}

/** A tree from paths such as `aiida.in` and `out/log.txt`. @throws StemmaError where one path is a file and a folder. */
export function treeOf(files: Iterable<readonly [path: string, hash: ObjectHash]>): RepositoryTree {
  const root = new Map<string, RepositoryEntry>();
  for (const [path, hash] of files) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let folder = root;
    for (const part of parts) {
      const existing = folder.get(part);
      if (existing?.kind === 'file') throw badTree(`“${part}” is a file and a folder in “${path}”`);
      const children = (existing?.children as Map<string, RepositoryEntry> | undefined) ?? new Map();
      if (existing === undefined) folder.set(part, { kind: 'directory', children });
      folder = children;
    }
    if (name === '' || name === '.' || name === '..') throw badTree(`“${path}” is no file path`);
    if (folder.get(name)?.kind === 'directory') throw badTree(`“${path}” is a file and a folder`);
    folder.set(name, { kind: 'file', hash });
  }
  return readRepositoryTree(writeRepositoryTree({ kind: 'directory', children: root }));
}
