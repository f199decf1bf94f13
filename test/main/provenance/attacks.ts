import { newUuid } from '#shared/provenance/ids.ts';

/** SQL that must never do anything; `node` is a sealed one, and has links where `linked` says so. */
export interface Attack {
  readonly on: 'sealed' | 'linked' | 'link';
  readonly sql: (node: number, link: number) => readonly string[];
}

const columns = 'node_type, ctime, mtime, user_id, sealed, attributes';
const values = `'data.core.int.Int.', 1, 1, 1, 1, '{"forged": true}'`;
const uuidOf = (node: number): string => `(SELECT uuid FROM nodes WHERE id = ${node})`;

export const attacks: readonly Attack[] = [
  {
    on: 'sealed',
    sql: (node) => [`UPDATE nodes SET attributes = '{"forged": true, "sealed": true}' WHERE id = ${node}`],
  },
  {
    on: 'sealed',
    sql: (node) => [
      `UPDATE OR REPLACE nodes SET attributes = '{"sealed": true, "forged": 1}' WHERE id = ${node}`,
    ],
  },
  { on: 'sealed', sql: (node) => [`UPDATE nodes SET sealed = 0 WHERE id = ${node}`] },
  { on: 'sealed', sql: (node) => [`UPDATE nodes SET repository_metadata = '{"o": {}}' WHERE id = ${node}`] },
  { on: 'sealed', sql: (node) => [`UPDATE nodes SET node_type = 'data.core.str.Str.' WHERE id = ${node}`] },
  { on: 'sealed', sql: (node) => [`UPDATE nodes SET ctime = ctime - 1 WHERE id = ${node}`] },
  { on: 'sealed', sql: (node) => [`UPDATE nodes SET process_type = 'other' WHERE id = ${node}`] },
  { on: 'sealed', sql: (node) => [`UPDATE nodes SET uuid = '${newUuid()}' WHERE id = ${node}`] },
  { on: 'sealed', sql: (node) => [`UPDATE nodes SET id = id + 100000 WHERE id = ${node}`] },
  { on: 'sealed', sql: (node) => [`UPDATE nodes SET rowid = rowid + 100000 WHERE id = ${node}`] },
  { on: 'sealed', sql: (node) => [`UPDATE nodes SET oid = oid + 100000 WHERE id = ${node}`] },
  {
    on: 'sealed',
    sql: (node) => [`INSERT OR REPLACE INTO nodes (uuid, ${columns}) VALUES (${uuidOf(node)}, ${values})`],
  },
  {
    on: 'sealed',
    sql: (node) => [`REPLACE INTO nodes (id, uuid, ${columns}) VALUES (${node}, '${newUuid()}', ${values})`],
  },
  {
    on: 'sealed',
    sql: (node) => [
      `INSERT INTO nodes (uuid, ${columns}) VALUES (${uuidOf(node)}, ${values})
       ON CONFLICT (uuid) DO UPDATE SET attributes = excluded.attributes`,
    ],
  },
  {
    on: 'sealed',
    sql: (node) => [
      `INSERT INTO nodes (id, uuid, ${columns}) VALUES (${node}, '${newUuid()}', ${values})
       ON CONFLICT (id) DO UPDATE SET attributes = excluded.attributes`,
    ],
  },
  { on: 'linked', sql: (node) => [`DELETE FROM nodes WHERE id = ${node}`] },
  {
    on: 'linked',
    sql: (node) => [
      `DELETE FROM nodes WHERE id = ${node}`,
      `INSERT INTO nodes (id, uuid, ${columns}) VALUES (${node}, '${newUuid()}', ${values})`,
    ],
  },
  { on: 'link', sql: (_node, link) => [`UPDATE links SET label = label || 'x' WHERE id = ${link}`] },
  { on: 'link', sql: (_node, link) => [`UPDATE OR REPLACE links SET type = 'create' WHERE id = ${link}`] },
  { on: 'link', sql: (node, link) => [`UPDATE links SET source_id = ${node} WHERE id = ${link}`] },
  { on: 'link', sql: (_node, link) => [`UPDATE links SET rowid = rowid + 100000 WHERE id = ${link}`] },
  { on: 'link', sql: (_node, link) => [`DELETE FROM links WHERE id = ${link}`] },
  {
    on: 'link',
    sql: (_node, link) => [
      `INSERT OR REPLACE INTO links (id, source_id, target_id, type, label)
       SELECT id, source_id, target_id, type, label || 'x' FROM links WHERE id = ${link}`,
    ],
  },
  {
    on: 'link',
    sql: (_node, link) => [
      `INSERT OR REPLACE INTO links (source_id, target_id, type, label)
       SELECT source_id, target_id, type, label FROM links WHERE id = ${link} AND type <> 'return'
       UNION ALL SELECT source_id, source_id, 'create', 'x' FROM links WHERE id = ${link} AND type = 'return'`,
    ],
  },
];

/*
 * Out of scope, because it takes the rules away first: `PRAGMA foreign_keys = OFF`, `PRAGMA ignore_check_constraints`,
 * `DROP TRIGGER`, `PRAGMA writable_schema`, and bytes changed in the file. What that leaves behind, `check` finds.
 */
