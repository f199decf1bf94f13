/** Users, computers, how a user reaches them, and what a person sets. Columns as AiiDA's. */
export const peopleAndPlaces = [
  `CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  first_name TEXT NOT NULL DEFAULT '',
  last_name TEXT NOT NULL DEFAULT '',
  institution TEXT NOT NULL DEFAULT ''
) STRICT`,

  `CREATE TABLE computers (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL UNIQUE,
  hostname TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  scheduler_type TEXT NOT NULL,
  transport_type TEXT NOT NULL,
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata))
) STRICT`,

  `CREATE TABLE authinfos (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
  computer_id INTEGER NOT NULL REFERENCES computers ON DELETE CASCADE,
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  auth_params TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(auth_params)),
  metadata TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata)),
  UNIQUE (user_id, computer_id)
) STRICT`,

  `CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID`,

  // Who writes now. A second writer puts its own token here, and the first one stops at its next transaction.
  `CREATE TABLE owner (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  token TEXT NOT NULL
) STRICT`,
] as const;
