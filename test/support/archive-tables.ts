import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openContainer } from '#main/archive/aiida/open-container.ts';
import { readPyJson, writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { readRepositoryTree } from '#shared/provenance/repository-tree.ts';
import { filesAndFolders, type CanonicalDump } from './canonical-dump.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type TableRow = Readonly<Record<string, unknown>>;
export type ArchiveTables = Readonly<Record<string, readonly TableRow[]>>;

/** Without `db_db`. */
export const archiveTableNames = [
  'user',
  'computer',
  'group',
  'node',
  'link',
  'group_dbnodes',
  'comment',
  'log',
] as const;

/** What our reader makes of an archive of any version: the rows of a database of today. */
export async function readArchiveTables(file: string): Promise<ArchiveTables> {
  const scratch = temporaryFolder();
  const container = await openContainer(file, { scratch, now: Date.now });
  const copy = join(scratch, 'copy');
  await container.extractDatabase(copy);
  container.close();
  const db = new Database(copy, { readonly: true });
  try {
    return Object.fromEntries(
      archiveTableNames.map((name) => [name, db.prepare<[], TableRow>(`SELECT * FROM db_db${name}`).all()]),
    );
  } finally {
    db.close();
  }
}

const object = (text: unknown): { readonly [key: string]: PyJson } =>
  text === null ? {} : (readPyJson(String(text)) as { readonly [key: string]: PyJson });

const withoutLocal = (extras: { readonly [key: string]: PyJson }): string =>
  writePyJson(Object.fromEntries(Object.entries(extras).filter(([key]) => !key.startsWith('_aiida_'))));

/** The same rows as a dump of the profile into which they are imported; what caching goes by is not in an archive. */
export function dumpOfTables(tables: ArchiveTables): CanonicalDump {
  const rows = (name: (typeof archiveTableNames)[number]): readonly TableRow[] => tables[name] ?? [];
  const named = (
    name: 'user' | 'computer' | 'node' | 'group',
    column: string,
  ): ((id: unknown) => string | null) => {
    const values = new Map(rows(name).map((row) => [row['id'], String(row[column])]));
    return (id) => values.get(id) ?? null;
  };
  const [user, computer, node] = [named('user', 'email'), named('computer', 'uuid'), named('node', 'uuid')];
  const keyed = <T>(from: readonly TableRow[], value: (row: TableRow) => T): Record<string, T> =>
    Object.fromEntries(from.map((row) => [String(row['uuid']), value(row)]));
  return {
    users: Object.fromEntries(
      rows('user').map((row) => [
        String(row['email']),
        [String(row['first_name']), String(row['last_name']), String(row['institution'])],
      ]),
    ),
    computers: keyed(rows('computer'), (row) => ({
      label: row['label'],
      hostname: row['hostname'],
      description: row['description'],
      schedulerType: row['scheduler_type'],
      transportType: row['transport_type'],
      metadata: writePyJson(object(row['metadata'])),
    })),
    nodes: keyed(rows('node'), (row) => {
      const { files, folders } = filesAndFolders(
        readRepositoryTree(JSON.parse(String(row['repository_metadata'] ?? '{}'))),
      );
      return {
        nodeType: row['node_type'],
        processType: row['process_type'],
        label: row['label'],
        description: row['description'],
        ctime: row['ctime'],
        mtime: row['mtime'],
        attributes: writePyJson(object(row['attributes'])),
        extras: withoutLocal(object(row['extras'])),
        files: Object.fromEntries(files),
        folders: folders.toSorted(),
        computer: computer(row['dbcomputer_id']),
        user: user(row['user_id']),
      };
    }),
    links: rows('link')
      .map((row) => `${node(row['input_id'])} ${row['type']} ${row['label']} ${node(row['output_id'])}`)
      .toSorted(),
    groups: keyed(rows('group'), (row) => ({
      label: row['label'],
      typeString: row['type_string'],
      description: row['description'],
      time: row['time'],
      extras: writePyJson(object(row['extras'])),
      user: user(row['user_id']),
      nodes: rows('group_dbnodes')
        .filter((member) => member['dbgroup_id'] === row['id'])
        .map((member) => node(member['dbnode_id']))
        .toSorted(),
    })),
    logs: keyed(rows('log'), (row) => ({
      node: node(row['dbnode_id']),
      time: row['time'],
      logger: row['loggername'],
      level: row['levelname'],
      message: row['message'],
      metadata: writePyJson(object(row['metadata'])),
    })),
    comments: keyed(rows('comment'), (row) => ({
      node: node(row['dbnode_id']),
      ctime: row['ctime'],
      mtime: row['mtime'],
      user: user(row['user_id']),
      content: row['content'],
    })),
  };
}
