import path from 'node:path';
import { isObjectHash, type ObjectHash } from '#shared/provenance/ids.ts';

/**
 * Up to here (bytes) an object is a blob in the index, beyond it a file of its own. Measured: see
 * docs/decisions/small-objects.md.
 */
export const smallLimit = 128 * 1024;

/** Where a repository keeps what, below its root. */
export interface Layout {
  readonly root: string;
  /** SQLite: every object's hash and size, and the content of the small ones. */
  readonly index: string;
  /** `<2 hex>/<62 hex>`, the objects that are files. */
  readonly large: string;
  /** Files that are being written; nothing here is an object. */
  readonly temporary: string;
  /** Objects that come in more than one go, `<hash>-<size>`; see `partials.ts`. */
  readonly partial: string;
  /** There while a writer is at work. Found at the start, it says that the last one did not end well. */
  readonly inUse: string;
}

/** Names only: nothing is looked at or made. @param root the `repository` folder of a profile */
export const layoutOf = (root: string): Layout => ({
  root,
  index: path.join(root, 'objects.sqlite'),
  large: path.join(root, 'large'),
  temporary: path.join(root, 'temporary'),
  partial: path.join(root, 'partial'),
  inUse: path.join(root, 'in-use'),
});

/** Where the file of an object is, if it is one; the index says whether it is. */
export const largeFile = (layout: Layout, hash: ObjectHash): string =>
  path.join(layout.large, hash.slice(0, 2), hash.slice(2));

/** The object that a file below `large` claims to be; null where its name is no object's. */
export function hashOfLargeFile(folder: string, name: string): ObjectHash | null {
  const hash = `${folder}${name}`;
  return folder.length === 2 && isObjectHash(hash) ? hash : null;
}
