import type { Migration } from './migration.ts';

/** A text of the row it was, kept with the deletion that took it away. */
const ofDeletion = 'deletion_id INTEGER NOT NULL REFERENCES deletions ON DELETE CASCADE';
const byDeletion = (table: string): string => `CREATE INDEX ${table}_by_deletion ON ${table} (deletion_id)`;

/**
 * What was deleted, kept row for row until somebody lets go of it for good, so that a deletion can be taken back. Nodes
 * keep their id: ids are never given out twice. Everything else refers to nodes by UUID, because a node may have come
 * back under another id with an archive. See docs/decisions/deleted-nodes-are-kept.md.
 */
export const deletions: Migration = {
  number: 3,
  name: 'deletions',
  statements: [
    `CREATE TABLE deletions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE,
  time INTEGER NOT NULL,
  -- counts and examples, for the list
  summary TEXT NOT NULL CHECK (json_valid(summary))
) STRICT`,
    `CREATE TABLE deleted_nodes (
  id INTEGER PRIMARY KEY,
  ${ofDeletion},
  uuid TEXT NOT NULL,
  node_type TEXT NOT NULL,
  process_type TEXT,
  label TEXT NOT NULL,
  ctime INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  computer_id INTEGER REFERENCES computers ON DELETE RESTRICT,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE RESTRICT,
  description TEXT NOT NULL,
  attributes TEXT NOT NULL,
  extras TEXT NOT NULL,
  repository_metadata TEXT NOT NULL
) STRICT`,
    byDeletion('deleted_nodes'),
    `CREATE INDEX deleted_nodes_by_uuid ON deleted_nodes (uuid)`,
    `CREATE INDEX deleted_nodes_by_computer ON deleted_nodes (computer_id) WHERE computer_id IS NOT NULL`,
    `CREATE TABLE deleted_links (
  id INTEGER PRIMARY KEY,
  ${ofDeletion},
  source_uuid TEXT NOT NULL,
  target_uuid TEXT NOT NULL,
  type TEXT NOT NULL,
  label TEXT NOT NULL
) STRICT`,
    byDeletion('deleted_links'),
    `CREATE TABLE deleted_members (
  id INTEGER PRIMARY KEY,
  ${ofDeletion},
  group_id INTEGER NOT NULL REFERENCES groups ON DELETE CASCADE,
  node_uuid TEXT NOT NULL
) STRICT`,
    byDeletion('deleted_members'),
    `CREATE INDEX deleted_members_by_group ON deleted_members (group_id)`,
    `CREATE TABLE deleted_comments (
  id INTEGER PRIMARY KEY,
  ${ofDeletion},
  uuid TEXT NOT NULL,
  node_uuid TEXT NOT NULL,
  ctime INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE RESTRICT,
  content TEXT NOT NULL
) STRICT`,
    byDeletion('deleted_comments'),
    `CREATE TABLE deleted_logs (
  id INTEGER PRIMARY KEY,
  ${ofDeletion},
  uuid TEXT NOT NULL,
  time INTEGER NOT NULL,
  logger TEXT NOT NULL,
  level TEXT NOT NULL,
  node_uuid TEXT NOT NULL,
  message TEXT NOT NULL,
  metadata TEXT NOT NULL
) STRICT`,
    byDeletion('deleted_logs'),
    // the engine's own record of a process: journal and steps
    `CREATE TABLE deleted_journal (
  id INTEGER PRIMARY KEY,
  ${ofDeletion},
  node_uuid TEXT NOT NULL,
  time INTEGER NOT NULL,
  event TEXT NOT NULL
) STRICT`,
    byDeletion('deleted_journal'),
    `CREATE TABLE deleted_steps (
  id INTEGER PRIMARY KEY,
  ${ofDeletion},
  node_uuid TEXT NOT NULL,
  label TEXT NOT NULL,
  record TEXT NOT NULL
) STRICT`,
    byDeletion('deleted_steps'),
  ],
};
