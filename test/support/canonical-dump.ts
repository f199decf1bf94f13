import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { dataHash, processHash, type HashedNode } from '#shared/provenance/hash/node-hash.ts';
import { readPyJson, writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { readRepositoryTree, type RepositoryDirectory } from '#shared/provenance/repository-tree.ts';
import { writeTimestamp } from '#shared/provenance/timestamps.ts';
import type { ArchiveTestProfile } from './archive-profile.ts';

/** What `test/peers/aiida/dump.py` writes: a profile in a form that does not depend on who stored it. */
export interface CanonicalDump {
  readonly users: Readonly<Record<string, readonly string[]>>;
  readonly computers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly nodes: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly links: readonly string[];
  readonly groups: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly logs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly comments: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What a dump needs of a profile: its rows, and its repository. */
export type DumpedProfile = Pick<ArchiveTestProfile, 'rows' | 'repository'>;

type Row = Readonly<Record<string, string | number | null>>;

/** As Python reads the text and writes it again. */
const asPython = (text: unknown): string => writePyJson(readPyJson(String(text)));
/** Extras without those that hold in one profile only. */
const ownExtras = (text: unknown): string => {
  const extras = Object.entries(readPyJson(String(text)) as { readonly [key: string]: PyJson });
  return writePyJson(Object.fromEntries(extras.filter(([key]) => !key.startsWith('_aiida_'))));
};
const time = (value: unknown): string => writeTimestamp(Number(value));

export function filesAndFolders(
  tree: RepositoryDirectory,
  prefix = '',
): { files: [path: string, hash: string][]; folders: string[] } {
  const files: [string, string][] = [];
  const folders: string[] = [];
  for (const [name, child] of tree.children) {
    if (child.kind === 'file') {
      files.push([`${prefix}${name}`, child.hash]);
      continue;
    }
    if (child.children.size === 0) folders.push(`${prefix}${name}`);
    const inside = filesAndFolders(child, `${prefix}${name}/`);
    files.push(...inside.files);
    folders.push(...inside.folders);
  }
  return { files, folders };
}

const keyed = <T>(rows: readonly Row[], key: string, value: (row: Row) => T): Record<string, T> =>
  Object.fromEntries(rows.map((row) => [String(row[key]), value(row)]));

type HashedRow = Row & { readonly id: number };

/** AiiDA's hash of each node, worked out from its row. The class of a type that a plugin brought is not known. */
function hashesOf(profile: DumpedProfile): (row: Row) => string | null {
  const rows = new Map(
    profile
      .rows<HashedRow>(
        'SELECT n.*, c.uuid AS computer FROM nodes AS n LEFT JOIN computers AS c ON c.id = n.computer_id',
      )
      .map((row) => [row.id, row]),
  );
  const inputs = new Map<number, { source: number; label: string }[]>();
  const links = profile.rows<{ source: number; target: number; label: string }>(
    `SELECT source_id AS source, target_id AS target, label FROM links WHERE type IN ('input_calc', 'input_work')`,
  );
  for (const { source, target, label } of links) {
    const known = inputs.get(target);
    if (known === undefined) inputs.set(target, [{ source, label }]);
    else known.push({ source, label });
  }
  const hashedNode = (row: Row): HashedNode => ({
    nodeType: String(row['node_type']),
    attributes: readPyJson(String(row['attributes'])) as { readonly [key: string]: PyJson },
    repository: readRepositoryTree(JSON.parse(String(row['repository_metadata']))),
    computer: row['computer'] as string | null,
  });
  const data = (row: Row): string | null =>
    String(row['node_type']).startsWith('data.core.') ? dataHash(hashedNode(row)) : null;
  return (row) => {
    if (!String(row['node_type']).startsWith('process.')) return data(row);
    const hashes = (inputs.get(Number(row['id'])) ?? []).map(
      ({ source, label }) => [label, data(rows.get(source) as HashedRow)] as const,
    );
    if (hashes.some(([, hash]) => hash === null)) return null;
    return processHash(hashedNode(row), Object.fromEntries(hashes));
  };
}

/** The content of a profile of ours. Every file is read from the repository, not only named. */
export async function canonicalDump(profile: DumpedProfile): Promise<CanonicalDump> {
  const rows = (sql: string): readonly Row[] => profile.rows<Row>(sql);
  const hashOf = hashesOf(profile);
  const nodes: Record<string, Record<string, unknown>> = {};
  const all = rows(
    `SELECT n.*, c.uuid AS computer, u.email AS user FROM nodes AS n
     LEFT JOIN computers AS c ON c.id = n.computer_id JOIN users AS u ON u.id = n.user_id`,
  );
  for (const row of all) {
    const { files, folders } = filesAndFolders(
      readRepositoryTree(JSON.parse(String(row['repository_metadata']))),
    );
    const contents: Record<string, string> = {};
    for (const [path, hash] of files) {
      const bytes = await profile.repository.bytes(hash as never);
      contents[path] = createHash('sha256').update(bytes).digest('hex');
    }
    nodes[String(row['uuid'])] = {
      nodeType: row['node_type'],
      processType: row['process_type'],
      label: row['label'],
      description: row['description'],
      ctime: time(row['ctime']),
      mtime: time(row['mtime']),
      attributes: asPython(row['attributes']),
      extras: ownExtras(row['extras']),
      files: contents,
      folders: folders.toSorted(),
      computer: row['computer'],
      user: row['user'],
      hash: hashOf(row),
    };
  }
  return {
    users: keyed(rows('SELECT * FROM users'), 'email', (row) => [
      String(row['first_name']),
      String(row['last_name']),
      String(row['institution']),
    ]),
    computers: keyed(rows('SELECT * FROM computers'), 'uuid', (row) => ({
      label: row['label'],
      hostname: row['hostname'],
      description: row['description'],
      schedulerType: row['scheduler_type'],
      transportType: row['transport_type'],
      metadata: asPython(row['metadata']),
    })),
    nodes,
    links: rows(
      `SELECT s.uuid || ' ' || l.type || ' ' || l.label || ' ' || t.uuid AS link FROM links AS l
       JOIN nodes AS s ON s.id = l.source_id JOIN nodes AS t ON t.id = l.target_id`,
    )
      .map((row) => String(row['link']))
      .toSorted(),
    groups: keyed(
      rows('SELECT g.*, u.email AS user FROM groups AS g JOIN users AS u ON u.id = g.user_id'),
      'uuid',
      (row) => ({
        label: row['label'],
        typeString: row['type_string'],
        description: row['description'],
        time: time(row['time']),
        extras: asPython(row['extras']),
        user: row['user'],
        nodes: rows(
          `SELECT n.uuid FROM group_nodes AS m JOIN nodes AS n ON n.id = m.node_id WHERE m.group_id = ${row['id']}`,
        )
          .map((member) => String(member['uuid']))
          .toSorted(),
      }),
    ),
    logs: keyed(
      rows('SELECT l.*, n.uuid AS node FROM logs AS l JOIN nodes AS n ON n.id = l.node_id'),
      'uuid',
      (row) => ({
        node: row['node'],
        time: time(row['time']),
        logger: row['logger'],
        level: row['level'],
        message: row['message'],
        metadata: asPython(row['metadata']),
      }),
    ),
    comments: keyed(
      rows(
        `SELECT c.*, n.uuid AS node, u.email AS user FROM comments AS c
         JOIN nodes AS n ON n.id = c.node_id JOIN users AS u ON u.id = c.user_id`,
      ),
      'uuid',
      (row) => ({
        node: row['node'],
        ctime: time(row['ctime']),
        mtime: time(row['mtime']),
        user: row['user'],
        content: row['content'],
      }),
    ),
  };
}

/** Equal in all that an archive carries. Groups that an import made, and users of the profiles, belong to neither. */
export function expectSame(got: CanonicalDump, wanted: CanonicalDump): void {
  const groups = (dump: CanonicalDump): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(dump.groups).filter(
        ([, group]) => group['description'] !== 'Group generated by archive import',
      ),
    );
  for (const [uuid, node] of Object.entries(wanted.nodes)) expect(got.nodes[uuid]).toEqual(node);
  expect(Object.keys(got.nodes).toSorted()).toEqual(Object.keys(wanted.nodes).toSorted());
  expect(got.links).toEqual(wanted.links);
  expect(got.computers).toEqual(wanted.computers);
  expect(groups(got)).toEqual(groups(wanted));
  expect(got.logs).toEqual(wanted.logs);
  expect(got.comments).toEqual(wanted.comments);
  const authors = new Set(Object.values(wanted.nodes).map((node) => String(node['user'])));
  for (const author of authors) expect(got.users[author]).toEqual(wanted.users[author]);
}
