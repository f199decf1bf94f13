import Database from 'better-sqlite3';
import { openReader } from '#main/provenance/database.ts';
import type { ArchiveTestProfile } from '../../support/archive-profile.ts';

/** Data nodes of some kilobytes each, as structures are. */
export function fill(profile: Pick<ArchiveTestProfile, 'write'>, nodes: number): void {
  profile.write(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${nodes})
    INSERT INTO nodes (uuid, node_type, ctime, mtime, user_id, sealed, attributes)
    SELECT format('%08x-0000-4000-8000-000000000000', i), 'data.core.dict.Dict.', 1, 1, 1, 1,
      format('{"number": %d, "text": "%s"}', i, hex(zeroblob(1500))) FROM n`);
}

/** All that must be the same afterwards. */
export function rowsLeft(database: string): readonly unknown[] {
  const db = openReader(database);
  try {
    return [
      db.pragma('integrity_check'),
      db.prepare('SELECT id, uuid, length(attributes) AS length FROM nodes ORDER BY id').all(),
    ];
  } finally {
    db.close();
  }
}

/** As the databases of profiles were made once. Nobody else has it open. */
export function withoutMovablePages(database: string): void {
  const db = new Database(database);
  db.pragma('auto_vacuum = NONE');
  db.exec('VACUUM');
  if (db.pragma('auto_vacuum', { simple: true }) !== 0) throw new Error('It still moves pages.');
  db.close();
}
