import type { Migration } from '../../../src-main/provenance/migrations/migration.ts';

/** A migration that might come one day. */
export const second: Migration = {
  number: 2,
  name: 'second',
  statements: [
    'CREATE TABLE views (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT',
    `ALTER TABLE groups ADD COLUMN colour TEXT NOT NULL DEFAULT ''`,
    `UPDATE nodes SET description = 'migrated'`,
    'CREATE INDEX groups_by_colour ON groups (colour)',
  ],
};
