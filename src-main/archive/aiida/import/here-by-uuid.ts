import type Database from 'better-sqlite3';
import type { Uuid } from '#shared/provenance/ids.ts';

/** Which rows of a page are in the profile, by their UUID, with their ids there. */
export type HereByUuid<Id> = (page: readonly { readonly uuid: Uuid }[]) => ReadonlyMap<string, Id>;

/**
 * Asks for a page at once. A table that was empty when this was called is not asked again: rows that came since then are
 * met when they come a second time.
 */
export function hereByUuid<Id extends number>(
  db: Database.Database,
  table: 'nodes' | 'logs',
): HereByUuid<Id> {
  const none: ReadonlyMap<string, Id> = new Map();
  if (db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined) return () => none;
  const find = db
    .prepare<[string], [string, Id]>(
      `SELECT uuid, id FROM ${table} WHERE uuid IN (SELECT value FROM json_each(?))`,
    )
    .raw();
  return (page) => new Map(find.all(JSON.stringify(page.map(({ uuid }) => uuid))));
}
