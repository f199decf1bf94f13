/**
 * Full-text search that costs a write nothing but one comparison: `search_state.indexed_to` is the last node that is
 * in the index, newer ones follow when nobody waits, and `search_queue` names older ones that changed since.
 *
 * Words are cut by `search-words.ts` and come separated by blanks, letters beyond ASCII among them: the tokenizer
 * `ascii` leaves them whole. See docs/decisions/search-index.md.
 */
export const search = [
  `CREATE VIRTUAL TABLE search USING fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = ascii
)`,
  `CREATE TABLE search_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  indexed_to INTEGER NOT NULL
) STRICT`,
  `INSERT INTO search_state (id, indexed_to) VALUES (1, 0)`,
  `CREATE TABLE search_queue (node_id INTEGER PRIMARY KEY) STRICT`,

  // A node that an import put in under a lower id.
  `CREATE TRIGGER search_hears_of_late_nodes
AFTER INSERT ON nodes
WHEN NEW.id <= (SELECT indexed_to FROM search_state WHERE id = 1)
BEGIN
  INSERT OR IGNORE INTO search_queue (node_id) VALUES (NEW.id);
END`,
  `CREATE TRIGGER search_hears_of_changes
AFTER UPDATE ON nodes
WHEN (OLD.sealed <> NEW.sealed OR OLD.label IS NOT NEW.label OR OLD.description IS NOT NEW.description)
  AND NEW.id <= (SELECT indexed_to FROM search_state WHERE id = 1)
BEGIN
  INSERT OR IGNORE INTO search_queue (node_id) VALUES (NEW.id);
END`,
  `CREATE TRIGGER search_hears_of_deletions
AFTER DELETE ON nodes
BEGIN
  DELETE FROM search WHERE rowid = OLD.id;
  DELETE FROM search_queue WHERE node_id = OLD.id;
END`,

  // Readers that keep the graph in memory add what is new, and start again only where something has gone.
  `CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
  `INSERT INTO counters (name, value) VALUES ('deletions', 0)`,
  `CREATE TRIGGER deletions_of_nodes_are_counted
AFTER DELETE ON nodes
BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'deletions';
END`,
] as const;
