/** The engine's own tables. `ON DELETE RESTRICT`: a process that has not ended cannot be deleted. */
export const engineTables = [
  `CREATE TABLE runs (
  process_id INTEGER PRIMARY KEY REFERENCES nodes ON DELETE RESTRICT,
  state TEXT NOT NULL
) STRICT`,

  // Work promised in a transaction and done after it.
  `CREATE TABLE effects (
  key TEXT PRIMARY KEY,
  process_id INTEGER NOT NULL REFERENCES nodes ON DELETE RESTRICT,
  payload TEXT NOT NULL,
  not_before INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE INDEX effects_by_process ON effects (process_id)`,

  `CREATE TABLE journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  process_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  time INTEGER NOT NULL,
  event TEXT NOT NULL
) STRICT`,
  `CREATE INDEX journal_by_process ON journal (process_id, id)`,

  `CREATE TABLE inbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  process_id INTEGER NOT NULL REFERENCES nodes ON DELETE RESTRICT,
  event TEXT NOT NULL
) STRICT`,
  `CREATE INDEX inbox_by_process ON inbox (process_id)`,

  `CREATE TABLE workflow_steps (
  process_id INTEGER NOT NULL REFERENCES nodes ON DELETE CASCADE,
  label TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (process_id, label)
) STRICT, WITHOUT ROWID`,
] as const;
