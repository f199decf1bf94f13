/**
 * The first schema. Tables mean what AiiDA's mean (aiida-core 2.9, `storage/sqlite_dos`); times are integers in
 * microseconds, and what AiiDA leaves to software (link rules, sealing, cycles) is a constraint or a trigger here.
 *
 * One rule carries most of it: *a process owns its links*. A link comes only while its owner is not sealed, and goes
 * only when its owner has gone. See docs/decisions/a-process-owns-its-links.md.
 */
export const first = {
  number: 1,
  name: 'first',
  sql: `
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  first_name TEXT NOT NULL DEFAULT '',
  last_name TEXT NOT NULL DEFAULT '',
  institution TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE computers (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL UNIQUE,
  hostname TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  scheduler_type TEXT NOT NULL,
  transport_type TEXT NOT NULL,
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata))
) STRICT;

CREATE TABLE authinfos (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  computer_id INTEGER NOT NULL REFERENCES computers ON DELETE CASCADE,
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  auth_params TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(auth_params)),
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  UNIQUE (user_id, computer_id)
) STRICT;

CREATE TABLE nodes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36),
  node_type TEXT NOT NULL,
  process_type TEXT,
  label TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  ctime INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  attributes TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(attributes)),
  extras TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extras)),
  repository_metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(repository_metadata)),
  computer_id INTEGER REFERENCES computers ON DELETE RESTRICT,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE RESTRICT,
  sealed INTEGER NOT NULL CHECK (sealed IN (0, 1)),
  is_process INTEGER GENERATED ALWAYS AS (node_type >= 'process.' AND node_type < 'process/') VIRTUAL,
  process_state TEXT GENERATED ALWAYS AS (
    CASE WHEN node_type >= 'process.' AND node_type < 'process/' THEN json_extract(attributes, '$.process_state') END
  ) VIRTUAL,
  process_label TEXT GENERATED ALWAYS AS (
    CASE WHEN node_type >= 'process.' AND node_type < 'process/' THEN json_extract(attributes, '$.process_label') END
  ) VIRTUAL,
  exit_status INTEGER GENERATED ALWAYS AS (
    CASE WHEN node_type >= 'process.' AND node_type < 'process/' THEN json_extract(attributes, '$.exit_status') END
  ) VIRTUAL,
  paused INTEGER GENERATED ALWAYS AS (
    CASE WHEN node_type >= 'process.' AND node_type < 'process/' THEN ifnull(json_extract(attributes, '$.paused'), 0) END
  ) VIRTUAL,
  -- data is complete when it is stored; only a process is open for a while
  CHECK (sealed = 1 OR (node_type >= 'process.' AND node_type < 'process/'))
) STRICT;

CREATE INDEX nodes_by_type ON nodes (node_type);
CREATE INDEX nodes_by_ctime ON nodes (ctime);
CREATE INDEX nodes_by_computer ON nodes (computer_id) WHERE computer_id IS NOT NULL;
CREATE INDEX processes_by_ctime ON nodes (ctime) WHERE node_type >= 'process.' AND node_type < 'process/';
CREATE INDEX processes_by_mtime ON nodes (mtime) WHERE node_type >= 'process.' AND node_type < 'process/';
CREATE INDEX processes_by_state ON nodes (process_state, exit_status, paused)
  WHERE node_type >= 'process.' AND node_type < 'process/';

CREATE TABLE links (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id INTEGER NOT NULL REFERENCES nodes DEFERRABLE INITIALLY DEFERRED,
  target_id INTEGER NOT NULL REFERENCES nodes DEFERRABLE INITIALLY DEFERRED,
  type TEXT NOT NULL CHECK (type IN ('input_calc', 'input_work', 'create', 'return', 'call_calc', 'call_work')),
  label TEXT NOT NULL CHECK (label <> ''),
  CHECK (source_id <> target_id)
) STRICT;

CREATE INDEX links_by_source ON links (source_id, type, target_id);
CREATE INDEX links_by_target ON links (target_id, type, source_id);
CREATE UNIQUE INDEX one_input_a_label ON links (target_id, label) WHERE type IN ('input_calc', 'input_work');
CREATE UNIQUE INDEX one_output_a_label ON links (source_id, type, label) WHERE type IN ('create', 'return');
CREATE UNIQUE INDEX one_creator ON links (target_id) WHERE type = 'create';
CREATE UNIQUE INDEX one_caller ON links (target_id) WHERE type IN ('call_calc', 'call_work');

CREATE TABLE groups (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  type_string TEXT NOT NULL DEFAULT 'core',
  time INTEGER NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  extras TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extras)),
  user_id INTEGER NOT NULL REFERENCES users ON DELETE RESTRICT,
  UNIQUE (label, type_string)
) STRICT;

CREATE TABLE group_nodes (
  group_id INTEGER NOT NULL REFERENCES groups ON DELETE CASCADE,
  node_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  PRIMARY KEY (group_id, node_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_nodes_by_node ON group_nodes (node_id);

CREATE TABLE comments (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  node_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  ctime INTEGER NOT NULL,
  mtime INTEGER NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE RESTRICT,
  content TEXT NOT NULL
) STRICT;
CREATE INDEX comments_by_node ON comments (node_id);

CREATE TABLE logs (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  time INTEGER NOT NULL,
  logger TEXT NOT NULL,
  level TEXT NOT NULL,
  node_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  message TEXT NOT NULL,
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata))
) STRICT;
CREATE INDEX logs_by_node ON logs (node_id, time);

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;

-- the engine's own tables ------------------------------------------------------------------------------------

-- a process that has not ended; it cannot be deleted
CREATE TABLE runs (
  process_id INTEGER PRIMARY KEY REFERENCES nodes ON DELETE RESTRICT,
  state TEXT NOT NULL
) STRICT;

-- work promised in a transaction and done after it
CREATE TABLE effects (
  key TEXT PRIMARY KEY,
  process_id INTEGER NOT NULL REFERENCES nodes ON DELETE RESTRICT,
  payload TEXT NOT NULL,
  not_before INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  process_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  time INTEGER NOT NULL,
  event TEXT NOT NULL
) STRICT;
CREATE INDEX journal_by_process ON journal (process_id, id);

CREATE TABLE inbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  process_id INTEGER NOT NULL REFERENCES nodes ON DELETE RESTRICT,
  event TEXT NOT NULL
) STRICT;

CREATE TABLE workflow_steps (
  process_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  label TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (process_id, label)
) STRICT, WITHOUT ROWID;

-- what never changes -----------------------------------------------------------------------------------------

CREATE TRIGGER node_identity_is_fixed
BEFORE UPDATE OF id, uuid, node_type, process_type, ctime, computer_id, user_id ON nodes
WHEN OLD.id IS NOT NEW.id OR OLD.uuid IS NOT NEW.uuid OR OLD.node_type IS NOT NEW.node_type
  OR OLD.process_type IS NOT NEW.process_type OR OLD.ctime IS NOT NEW.ctime OR OLD.user_id IS NOT NEW.user_id
  OR (OLD.computer_id IS NOT NEW.computer_id AND OLD.sealed = 1)
BEGIN
  SELECT raise(ABORT, 'refused: the identity of a node never changes');
END;

CREATE TRIGGER sealed_node_is_fixed
BEFORE UPDATE OF attributes, repository_metadata, sealed ON nodes
WHEN OLD.sealed = 1 AND (OLD.attributes IS NOT NEW.attributes
  OR OLD.repository_metadata IS NOT NEW.repository_metadata OR NEW.sealed <> 1)
BEGIN
  SELECT raise(ABORT, 'refused: a sealed node never changes');
END;

CREATE TRIGGER sealing_says_so
BEFORE UPDATE OF sealed ON nodes
WHEN OLD.sealed = 0 AND NEW.sealed = 1 AND ifnull(json_extract(NEW.attributes, '$.sealed'), 0) <> 1
BEGIN
  SELECT raise(ABORT, 'refused: a process is sealed only with the attribute “sealed”');
END;

-- INSERT OR REPLACE would delete the old row without its DELETE triggers
CREATE TRIGGER node_is_not_replaced
BEFORE INSERT ON nodes
WHEN EXISTS (SELECT 1 FROM nodes WHERE uuid = NEW.uuid OR id = NEW.id)
BEGIN
  SELECT raise(ABORT, 'refused: a node with this UUID is stored already');
END;

CREATE TRIGGER link_is_fixed
BEFORE UPDATE ON links
BEGIN
  SELECT raise(ABORT, 'refused: a link never changes');
END;

CREATE TRIGGER link_joins_what_it_may
BEFORE INSERT ON links
WHEN NOT EXISTS (
  SELECT 1 FROM nodes AS s, nodes AS t
  WHERE s.id = NEW.source_id AND t.id = NEW.target_id AND CASE NEW.type
    WHEN 'input_calc' THEN s.node_type LIKE 'data.%' AND t.node_type LIKE 'process.calculation.%'
    WHEN 'input_work' THEN s.node_type LIKE 'data.%' AND t.node_type LIKE 'process.workflow.%'
    WHEN 'create' THEN s.node_type LIKE 'process.calculation.%' AND t.node_type LIKE 'data.%'
    WHEN 'return' THEN s.node_type LIKE 'process.workflow.%' AND t.node_type LIKE 'data.%'
    WHEN 'call_calc' THEN s.node_type LIKE 'process.workflow.%' AND t.node_type LIKE 'process.calculation.%'
    WHEN 'call_work' THEN s.node_type LIKE 'process.workflow.%' AND t.node_type LIKE 'process.workflow.%'
  END
)
BEGIN
  SELECT raise(ABORT, 'refused: a link of this type does not join nodes of these types');
END;

CREATE TRIGGER link_needs_an_open_owner
BEFORE INSERT ON links
WHEN (
  SELECT sealed FROM nodes
  WHERE id = CASE WHEN NEW.type IN ('input_calc', 'input_work') THEN NEW.target_id ELSE NEW.source_id END
) = 1
BEGIN
  SELECT raise(ABORT, 'refused: the process that owns this link is sealed');
END;

-- cheap while links come in topological order: the target then has no descendants yet
CREATE TRIGGER data_provenance_has_no_cycle
BEFORE INSERT ON links
WHEN NEW.type IN ('input_calc', 'create') AND EXISTS (
  WITH RECURSIVE below (id) AS (
    SELECT NEW.target_id
    UNION
    SELECT l.target_id FROM below JOIN links AS l ON l.source_id = below.id
    WHERE l.type IN ('input_calc', 'create')
  )
  SELECT 1 FROM below WHERE id = NEW.source_id
)
BEGIN
  SELECT raise(ABORT, 'refused: the link would make a node its own ancestor');
END;

CREATE TRIGGER link_is_not_replaced
BEFORE INSERT ON links
WHEN EXISTS (SELECT 1 FROM links WHERE id = NEW.id)
BEGIN
  SELECT raise(ABORT, 'refused: a link never changes');
END;

CREATE TRIGGER link_goes_with_its_owner
BEFORE DELETE ON links
WHEN EXISTS (
  SELECT 1 FROM nodes
  WHERE id = CASE WHEN OLD.type IN ('input_calc', 'input_work') THEN OLD.target_id ELSE OLD.source_id END
)
BEGIN
  SELECT raise(ABORT, 'refused: a link goes only together with the process that owns it');
END;
`,
} as const;
