import { isObjectHash, type ObjectHash } from '#shared/provenance/ids.ts';

/**
 * What an entry of an archive can be. Nothing is ever written under the name that an entry gives itself: names are
 * compared with this grammar and otherwise ignored.
 */
export type EntryKind =
  | { readonly kind: 'metadata' }
  | { readonly kind: 'database' }
  | { readonly kind: 'object'; readonly hash: ObjectHash }
  | { readonly kind: 'ignored' };

export const metadataName = 'metadata.json';
export const databaseName = 'db.sqlite3';
export const objectName = (hash: ObjectHash): string => `repo/${hash}`;

export function entryKind(name: string): EntryKind {
  if (name === metadataName) return { kind: 'metadata' };
  if (name === databaseName) return { kind: 'database' };
  const hash = name.startsWith('repo/') ? name.slice(5) : '';
  return isObjectHash(hash) ? { kind: 'object', hash } : { kind: 'ignored' };
}
