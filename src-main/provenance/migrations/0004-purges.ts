import type { Migration } from './migration.ts';

/**
 * What was purged: the content of files, of which the nodes keep name and hash. The record names each file with its size
 * and stays when the content is gone for good. See docs/decisions/purged-content.md.
 */
export const purges: Migration = {
  number: 4,
  name: 'purges',
  statements: [
    `CREATE TABLE purges (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE,
  time INTEGER NOT NULL,
  -- begun: being set aside, and taken back by the next start; restorable: set aside; final: may be let go
  state TEXT NOT NULL CHECK (state IN ('begun', 'restorable', 'final')),
  -- counts and examples, for the list
  summary TEXT NOT NULL CHECK (json_valid(summary))
) STRICT`,
    `CREATE TABLE purged_files (
  purge_id INTEGER NOT NULL REFERENCES purges ON DELETE CASCADE,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  size INTEGER NOT NULL CHECK (size >= 0),
  PRIMARY KEY (purge_id, hash)
) STRICT, WITHOUT ROWID`,
    `CREATE INDEX purged_files_by_hash ON purged_files (hash)`,
  ],
};
