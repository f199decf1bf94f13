import type Database from 'better-sqlite3';
import type { LinkRecord } from '../engine/ports.ts';
import { cacheHash, isCalculation, mayBeCopied } from './migrations/0002-caching.ts';

/** A node as its row comes. */
export interface NodeRow {
  readonly id: number;
  readonly uuid: string;
  readonly node_type: string;
  readonly process_type: string | null;
  readonly label: string;
  readonly description: string;
  /** Microseconds since 1970. */
  readonly ctime: number;
  readonly attributes: string;
  readonly repository_metadata: string;
  readonly computer_id: number | null;
  readonly sealed: number;
}

const nodeColumns =
  'id, uuid, node_type, process_type, label, description, ctime, attributes, repository_metadata, computer_id, sealed';
const linkColumns = 'source_id AS source, target_id AS target, type, label';

/** The statements of the hot path, compiled once. */
export function prepareStatements(db: Database.Database) {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    owner: db.prepare<[], string>('SELECT token FROM owner WHERE id = 1').pluck(),

    insertNode: db.prepare<
      [
        uuid: string,
        nodeType: string,
        processType: string | null,
        label: string,
        description: string,
        ctime: number,
        mtime: number,
        attributes: string,
        extras: string,
        repository: string,
        computer: number | null,
        user: number,
        sealed: number,
      ]
    >(
      `INSERT INTO nodes (uuid, node_type, process_type, label, description, ctime, mtime, attributes, extras,
         repository_metadata, computer_id, user_id, sealed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertLink: db.prepare<[source: number, target: number, type: string, label: string]>(
      'INSERT INTO links (source_id, target_id, type, label) VALUES (?, ?, ?, ?)',
    ),
    content: db.prepare<
      [id: number],
      { readonly attributes: string; readonly sealed: number; readonly is_process: number }
    >('SELECT attributes, sealed, is_process FROM nodes WHERE id = ?'),
    setAttributes: db.prepare<[attributes: string, mtime: number, id: number]>(
      'UPDATE nodes SET attributes = ?, mtime = ? WHERE id = ?',
    ),
    setRepository: db.prepare<[repository: string, id: number]>(
      'UPDATE nodes SET repository_metadata = ? WHERE id = ?',
    ),
    seal: db.prepare<[attributes: string, id: number]>(
      'UPDATE nodes SET attributes = ?, sealed = 1 WHERE id = ?',
    ),
    insertLog: db.prepare<
      [uuid: string, time: number, logger: string, level: string, node: number, message: string]
    >('INSERT INTO logs (uuid, time, logger, level, node_id, message) VALUES (?, ?, ?, ?, ?, ?)'),

    putRun: db.prepare<[process: number, state: string]>(
      `INSERT INTO runs (process_id, state) VALUES (?, ?)
       ON CONFLICT (process_id) DO UPDATE SET state = excluded.state`,
    ),
    removeRun: db.prepare<[process: number]>('DELETE FROM runs WHERE process_id = ?'),
    putEffect: db.prepare<[key: string, process: number, payload: string, notBefore: number]>(
      `INSERT INTO effects (key, process_id, payload, not_before) VALUES (?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, not_before = excluded.not_before`,
    ),
    removeEffect: db.prepare<[key: string]>('DELETE FROM effects WHERE key = ?'),
    appendJournal: db.prepare<[process: number, time: number, event: string]>(
      'INSERT INTO journal (process_id, time, event) VALUES (?, ?, ?)',
    ),
    putInbox: db.prepare<[process: number, event: string]>(
      'INSERT INTO inbox (process_id, event) VALUES (?, ?)',
    ),
    removeInbox: db.prepare<[key: number]>('DELETE FROM inbox WHERE id = ?'),
    putStep: db.prepare<[process: number, label: string, record: string]>(
      `INSERT INTO workflow_steps (process_id, label, record) VALUES (?, ?, ?)
       ON CONFLICT (process_id, label) DO UPDATE SET record = excluded.record`,
    ),
    step: db
      .prepare<[process: number, label: string], string>(
        'SELECT record FROM workflow_steps WHERE process_id = ? AND label = ?',
      )
      .pluck(),

    uuid: db.prepare<[id: number], string>('SELECT uuid FROM nodes WHERE id = ?').pluck(),
    computerId: db.prepare<[uuid: string], number>('SELECT id FROM computers WHERE uuid = ?').pluck(),
    computerUuid: db.prepare<[id: number], string>('SELECT uuid FROM computers WHERE id = ?').pluck(),
    storedHash: db
      .prepare<[id: number], string | null>(
        `SELECT json_extract(extras, '$._aiida_hash') FROM nodes WHERE id = ?`,
      )
      .pluck(),
    // few, because each is looked into: those that are wanted come first, or many failures would hide them
    equalCalculations: db.prepare<[hash: string, processType: string, exitStatuses: string], NodeRow>(
      `SELECT ${nodeColumns} FROM nodes
       WHERE ${cacheHash} = ? AND ${isCalculation} AND process_type = ? AND sealed = 1
         AND process_state = 'finished' AND ${mayBeCopied}
       ORDER BY json_extract(attributes, '$.exit_status') IN (SELECT value FROM json_each(?)) DESC, id
       LIMIT 50`,
    ),
    steps: db.prepare<[process: number], { readonly label: string; readonly record: string }>(
      'SELECT label, record FROM workflow_steps WHERE process_id = ? ORDER BY label',
    ),

    node: db.prepare<[id: number], NodeRow>(`SELECT ${nodeColumns} FROM nodes WHERE id = ?`),
    nodeByUuid: db.prepare<[uuid: string], NodeRow>(`SELECT ${nodeColumns} FROM nodes WHERE uuid = ?`),
    label: db.prepare<[uuid: string], string>('SELECT label FROM nodes WHERE uuid = ?').pluck(),
    nodeId: db.prepare<[uuid: string], number>('SELECT id FROM nodes WHERE uuid = ?').pluck(),
    incoming: db.prepare<[id: number], LinkRecord>(
      `SELECT ${linkColumns} FROM links WHERE target_id = ? ORDER BY id`,
    ),
    outgoing: db.prepare<[id: number], LinkRecord>(
      `SELECT ${linkColumns} FROM links WHERE source_id = ? ORDER BY id`,
    ),

    /** Members by a JSON list of ids. */
    addMembers: db.prepare<[group: number, ids: string]>(
      'INSERT OR IGNORE INTO group_nodes (group_id, node_id) SELECT ?, value FROM json_each(?)',
    ),
    removeMembers: db.prepare<[group: number, ids: string]>(
      'DELETE FROM group_nodes WHERE group_id = ? AND node_id IN (SELECT value FROM json_each(?))',
    ),

    runs: db.prepare<[number, number], { readonly process: number; readonly state: string }>(
      'SELECT process_id AS process, state FROM runs WHERE process_id > ? ORDER BY process_id LIMIT ?',
    ),
    effects: db.prepare<
      [],
      { readonly key: string; readonly process: number; readonly payload: string; readonly notBefore: number }
    >(
      'SELECT key, process_id AS process, payload, not_before AS notBefore FROM effects ORDER BY not_before, key',
    ),
    inbox: db.prepare<[], { readonly key: number; readonly process: number; readonly event: string }>(
      'SELECT id AS key, process_id AS process, event FROM inbox ORDER BY id',
    ),
    journal: db.prepare<[process: number], { readonly time: number; readonly event: string }>(
      'SELECT time, event FROM journal WHERE process_id = ? ORDER BY id',
    ),
  } as const;
}

export type Statements = ReturnType<typeof prepareStatements>;
