import { isObjectHash, isUuid, type ObjectHash, type Uuid } from '#shared/provenance/ids.ts';

/**
 * What an entry of an archive can be. Nothing is ever written under the name that an entry gives itself: names are
 * compared with this grammar and otherwise ignored.
 */
export type EntryKind =
  | { readonly kind: 'metadata' }
  | { readonly kind: 'database' }
  | { readonly kind: 'object'; readonly hash: ObjectHash }
  /** What stood for the database before AiiDA 2.0. */
  | { readonly kind: 'data' }
  /** A file of a node before AiiDA 2.0, by its path in the node; `folder` for a folder of it. */
  | { readonly kind: 'file' | 'folder'; readonly uuid: Uuid; readonly path: string }
  /** An object of the file container that some archives of the making of AiiDA 2.0 have in them. */
  | { readonly kind: 'loose'; readonly hash: ObjectHash }
  | { readonly kind: 'ignored' };

export const metadataName = 'metadata.json';
export const databaseName = 'db.sqlite3';
export const dataName = 'data.json';

/** The entry of an object in an archive of AiiDA 2.0 and later: its SHA-256 below `repo/`. */
export const objectName = (hash: ObjectHash): string => `repo/${hash}`;

/** `nodes/` and the UUID in three pieces, then the folder of AiiDA and the path in it. */
const nodePath =
  /^nodes\/([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\/(?:path|raw_input)\/(.+)$/s;

const deepestPath = 100;
const longestPath = 4096;

const ignored: EntryKind = { kind: 'ignored' };

/** What the name of an entry says it is; `ignored` for each name that is outside of the grammar, harmful ones too. */
export function entryKind(name: string): EntryKind {
  if (name === metadataName) return { kind: 'metadata' };
  if (name === databaseName) return { kind: 'database' };
  if (name === dataName) return { kind: 'data' };
  if (name.startsWith('repo/')) return objectKind('object', name.slice(5));
  if (name.startsWith('container/loose/')) return objectKind('loose', name.slice(16).replace('/', ''));
  return name.startsWith('nodes/') ? nodeKind(name) : ignored;
}

const objectKind = (kind: 'object' | 'loose', hash: string): EntryKind =>
  isObjectHash(hash) ? { kind, hash } : ignored;

function nodeKind(name: string): EntryKind {
  const [, a = '', b = '', rest = '', whole = ''] = nodePath.exec(name) ?? [];
  const uuid = `${a}${b}${rest}`;
  const isFolder = whole.endsWith('/');
  const path = isFolder ? whole.slice(0, -1) : whole;
  if (!isUuid(uuid) || path.length > longestPath) return ignored;
  const parts = path.split('/');
  const isPlain = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
  if (!isPlain || parts.length > deepestPath) return ignored;
  return { kind: isFolder ? 'folder' : 'file', uuid, path };
}
