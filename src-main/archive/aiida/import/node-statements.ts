import type Database from 'better-sqlite3';
import type { NodeId } from '#shared/provenance/ids.ts';
import type { ForeignNode } from '../foreign/rows.ts';
import type { ComputerMap, UserMap } from './merge-people.ts';
import type { NodeRole } from './node-table.ts';

/** A node of the profile, as far as it is compared. */
export interface NodeRow {
  readonly id: NodeId;
  readonly node_type: string;
  readonly label: string;
  readonly description: string;
  readonly attributes: string;
  readonly extras: string;
  readonly repository_metadata: string;
}

/** A node as it comes in: without what AiiDA's own import leaves out. */
export interface ComingNode {
  readonly node: ForeignNode;
  readonly role: NodeRole;
  readonly attributes: string;
  readonly extras: string;
}

const columns = [
  'uuid',
  'node_type',
  'process_type',
  'label',
  'description',
  'ctime',
  'mtime',
  'attributes',
  'extras',
  'repository_metadata',
  'computer_id',
  'user_id',
  'sealed',
] as const;

/** How nodes are inserted, one or many at once. */
export const insertNodes = {
  insert: `INSERT INTO nodes (${columns.join(', ')})`,
  columns: columns.length,
} as const;

/** The values for {@link insertNodes}. */
export const nodeValues = (
  { node, attributes, extras }: ComingNode,
  users: UserMap,
  computers: ComputerMap,
): readonly (string | number | null | undefined)[] => [
  node.uuid,
  node.nodeType,
  node.processType,
  node.label,
  node.description,
  node.ctime,
  node.mtime,
  attributes,
  extras,
  node.repository,
  node.computer === null ? null : computers.get(node.computer),
  users.get(node.user),
  // its links come while it is open; it is sealed at the end
  node.nodeType.startsWith('process.') ? 0 : 1,
];

export interface NodeStatements {
  readonly find: Database.Statement<[uuid: string], NodeRow>;
  readonly updateExtras: Database.Statement<[extras: string, mtime: number, id: NodeId]>;
  /** One alone. @returns its id */
  insert(node: ComingNode, users: UserMap, computers: ComputerMap): NodeId;
}

export function nodeStatements(db: Database.Database): NodeStatements {
  const insert = db.prepare(`${insertNodes.insert} VALUES (${columns.map(() => '?').join(', ')})`);
  return {
    find: db.prepare(
      `SELECT id, node_type, label, description, attributes, extras, repository_metadata FROM nodes WHERE uuid = ?`,
    ),
    updateExtras: db.prepare('UPDATE nodes SET extras = ?, mtime = ? WHERE id = ?'),
    insert: (node, users, computers) =>
      Number(insert.run(...nodeValues(node, users, computers)).lastInsertRowid) as NodeId,
  };
}
