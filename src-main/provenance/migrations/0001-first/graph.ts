import { displayState, exitStatus, isProcess } from './expressions.ts';

/**
 * Nodes, links, and what hangs on them. The generated columns are stored and stand before the long texts: a table of
 * processes then reads neither JSON nor overflow pages.
 */
export const graph = [
  `CREATE TABLE nodes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
  node_type TEXT NOT NULL,
  process_type TEXT,
  label TEXT NOT NULL DEFAULT '',
  ctime INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  computer_id INTEGER REFERENCES computers ON DELETE RESTRICT,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE RESTRICT,
  sealed INTEGER NOT NULL CHECK (sealed IN (0, 1)),
  is_process INTEGER GENERATED ALWAYS AS ${isProcess} VIRTUAL,
  process_state TEXT GENERATED ALWAYS AS (
    CASE WHEN ${isProcess} THEN json_extract(attributes, '$.process_state') END
  ) STORED,
  process_label TEXT GENERATED ALWAYS AS (
    CASE WHEN ${isProcess} THEN json_extract(attributes, '$.process_label') END
  ) STORED,
  exit_status INTEGER GENERATED ALWAYS AS (CASE WHEN ${isProcess} THEN ${exitStatus} END) STORED,
  display_state INTEGER GENERATED ALWAYS AS (CASE WHEN ${isProcess} THEN ${displayState} END) STORED,
  description TEXT NOT NULL DEFAULT '',
  attributes TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(attributes)),
  extras TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extras)),
  repository_metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(repository_metadata)),
  -- data is complete when it is stored; a process is sealed only when its attributes say so
  CONSTRAINT sealing_says_so CHECK (
    CASE WHEN ${isProcess} THEN sealed = 0 OR json_extract(attributes, '$.sealed') IS 1 ELSE sealed = 1 END
  )
) STRICT`,
  `CREATE INDEX nodes_by_type ON nodes (node_type, process_type)`,
  `CREATE INDEX nodes_by_ctime ON nodes (ctime)`,
  `CREATE INDEX nodes_by_label ON nodes (label COLLATE NOCASE) WHERE label <> ''`,
  `CREATE INDEX nodes_by_computer ON nodes (computer_id) WHERE computer_id IS NOT NULL`,
  `CREATE INDEX processes_by_ctime ON nodes (ctime) WHERE is_process`,
  `CREATE INDEX processes_by_mtime ON nodes (mtime) WHERE is_process`,
  `CREATE INDEX processes_by_state ON nodes (display_state, ctime) WHERE is_process`,
  `CREATE INDEX processes_by_name ON nodes (ifnull(nullif(label, ''), process_label) COLLATE NOCASE)
  WHERE is_process`,

  `CREATE TABLE links (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id INTEGER NOT NULL REFERENCES nodes DEFERRABLE INITIALLY DEFERRED,
  target_id INTEGER NOT NULL REFERENCES nodes DEFERRABLE INITIALLY DEFERRED,
  type TEXT NOT NULL CHECK (type IN ('input_calc', 'input_work', 'create', 'return', 'call_calc', 'call_work')),
  label TEXT NOT NULL CHECK (label <> ''),
  CHECK (source_id <> target_id)
) STRICT`,
  `CREATE INDEX links_by_source ON links (source_id, type, target_id)`,
  `CREATE INDEX links_by_target ON links (target_id, type, source_id)`,
  `CREATE UNIQUE INDEX one_input_a_label ON links (target_id, label) WHERE type IN ('input_calc', 'input_work')`,
  `CREATE UNIQUE INDEX one_output_a_label ON links (source_id, type, label) WHERE type IN ('create', 'return')`,
  `CREATE UNIQUE INDEX one_creator ON links (target_id) WHERE type = 'create'`,
  `CREATE UNIQUE INDEX one_caller ON links (target_id) WHERE type IN ('call_calc', 'call_work')`,

  `CREATE TABLE groups (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  type_string TEXT NOT NULL DEFAULT 'core',
  time INTEGER NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  extras TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extras)),
  user_id INTEGER NOT NULL REFERENCES users ON DELETE RESTRICT,
  UNIQUE (label, type_string)
) STRICT`,
  `CREATE TABLE group_nodes (
  group_id INTEGER NOT NULL REFERENCES groups ON DELETE CASCADE,
  node_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  PRIMARY KEY (group_id, node_id)
) STRICT, WITHOUT ROWID`,
  `CREATE INDEX group_nodes_by_node ON group_nodes (node_id)`,

  `CREATE TABLE comments (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  node_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  ctime INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE RESTRICT,
  content TEXT NOT NULL
) STRICT`,
  `CREATE INDEX comments_by_node ON comments (node_id)`,

  `CREATE TABLE logs (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  time INTEGER NOT NULL,
  logger TEXT NOT NULL,
  level TEXT NOT NULL,
  node_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  message TEXT NOT NULL,
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata))
) STRICT`,
  `CREATE INDEX logs_by_node ON logs (node_id, time)`,
] as const;
