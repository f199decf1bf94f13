import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Progress } from '#shared/contract/common.ts';
import { isObjectHash, type ObjectHash, type Uuid } from '#shared/provenance/ids.ts';
import { writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import {
  writeRepositoryTree,
  type RepositoryDirectory,
  type RepositoryEntry,
} from '#shared/provenance/repository-tree.ts';
import { archiveDamaged } from '../container/archive-errors.ts';
import type { NodePath } from '../container/found-members.ts';
import { smallMember, type Member } from '../container/member.ts';
import type { ObjectText } from './object-text.ts';

interface Folder {
  readonly kind: 'directory';
  readonly children: Map<string, Folder | Extract<RepositoryEntry, { readonly kind: 'file' }>>;
}

const newFolder = (): Folder => ({ kind: 'directory', children: new Map() });

/** Files of nodes, which before AiiDA 2.0 lay in a folder for each node, by their hash. */
export class NodeTrees {
  /** Where the content of each hash is in the archive. */
  readonly objects = new Map<ObjectHash, Member>();
  readonly #trees = new Map<Uuid, Folder>();

  /** The files of a node as today's AiiDA keeps them; null for a node without files. */
  treeOf(uuid: Uuid): string | null {
    const tree = this.#trees.get(uuid);
    return tree === undefined
      ? null
      : writePyJson(writeRepositoryTree(tree as RepositoryDirectory) as PyJson);
  }

  /** The member at the top of a node's folder; null where there is none of that name. */
  file(uuid: Uuid, name: string): Member | null {
    const entry = this.#trees.get(uuid)?.children.get(name);
    return entry?.kind === 'file' ? (this.objects.get(entry.hash) ?? null) : null;
  }

  remove(uuid: Uuid, name: string): void {
    const tree = this.#trees.get(uuid);
    tree?.children.delete(name);
    if (tree?.children.size === 0) this.#trees.delete(uuid);
  }

  /** @throws StemmaError `archive-damaged` where a name is a file's and a folder's */
  add(uuid: Uuid, path: string, hash: ObjectHash | null): void {
    const parts = path.split('/');
    const last = parts.pop() ?? '';
    let folder = this.#trees.get(uuid);
    if (folder === undefined) this.#trees.set(uuid, (folder = newFolder()));
    for (const part of hash === null ? [...parts, last] : parts) folder = subfolder(folder, part, path);
    if (hash === null) return;
    if (folder.children.has(last)) throw twice(path);
    folder.children.set(last, { kind: 'file', hash });
  }
}

const twice = (path: string): Error => archiveDamaged(path, `a node has two files or folders “${path}”`);

function subfolder(folder: Folder, name: string, path: string): Folder {
  const there = folder.children.get(name);
  if (there?.kind === 'file') throw twice(path);
  if (there !== undefined) return there;
  const made = newFolder();
  folder.children.set(name, made);
  return made;
}

/** Reads every file of every node once, in the order of the archive. */
export async function readNodeTrees(
  paths: readonly NodePath[],
  progress: (progress: Progress) => void,
  signal: AbortSignal | undefined,
): Promise<NodeTrees> {
  const trees = new NodeTrees();
  const sorted = paths.toSorted((a, b) => (a.member?.offset ?? 0) - (b.member?.offset ?? 0));
  let read = 0;
  for (const [done, { uuid, path, member }] of sorted.entries()) {
    if (member === null) {
      trees.add(uuid, path, null);
      continue;
    }
    const hash = await hashOf(member, signal);
    if (!trees.objects.has(hash)) trees.objects.set(hash, member);
    trees.add(uuid, path, hash);
    read += member.size + 1000;
    if (read < 4e6) continue;
    read = 0;
    progress({ done, total: sorted.length, unit: 'files', words: 'Reading the files of nodes' });
    await setImmediate();
    signal?.throwIfAborted();
  }
  return trees;
}

async function hashOf(member: Member, signal: AbortSignal | undefined): Promise<ObjectHash> {
  const digest = createHash('sha256');
  if (member.size <= smallMember) digest.update(member.read());
  else {
    for await (const piece of member.stream()) {
      signal?.throwIfAborted();
      digest.update(piece);
    }
  }
  return digest.digest('hex') as ObjectHash;
}

/**
 * The tree of a node in archives of the making of AiiDA 2.0, which have objects in a file container and the tree in the
 * row: as today, or with `name`, `file_type`, `key` and `objects` for each entry.
 */
export function treeOfRow(json: string): string {
  const plain = (value: unknown): PyJson => {
    const entry = (value ?? {}) as Readonly<Record<string, unknown>>;
    const key = entry['k'] ?? entry['key'];
    if (typeof key === 'string' && isObjectHash(key)) return { k: key };
    const children = Object.entries((entry['o'] ?? entry['objects'] ?? {}) as Record<string, unknown>);
    if (children.length === 0) return {};
    return { o: Object.fromEntries(children.map(([name, child]) => [name, plain(child)])) };
  };
  try {
    return writePyJson(plain(JSON.parse(json)));
  } catch (error) {
    throw archiveDamaged('data.json', 'the list of files of a node in it is not JSON', error);
  }
}

/**
 * The `repository_metadata` of a node: of the files that lay in its folder, else what its row says; `{}` without
 * either.
 * @throws StemmaError `archive-damaged` where the row is not JSON
 */
export const treeText = (trees: NodeTrees, uuid: Uuid, row: ObjectText): string => {
  const written = row.json('repository_metadata');
  return trees.treeOf(uuid) ?? (written === null ? '{}' : treeOfRow(written));
};
