import type { LinkEnd } from '#shared/contract/areas/processes.ts';
import type { FileEntry, NodeDetail } from '#shared/contract/areas/nodes.ts';
import { linkTypes, type LinkType } from '#shared/provenance/links.ts';
import { readRepositoryTree, type RepositoryDirectory } from '#shared/provenance/repository-tree.ts';
import type { NodeRef } from '#shared/contract/common.ts';
import { withInferred } from './inferred-links.ts';
import { nodeRefById } from './refs.ts';
import { refColumns, refJoins, toMs, toRef, type RefRow } from './node-rows.ts';
import type { Param, ReadSession } from './session.ts';

/** Links listed on either side; the contract says so. */
export const mostLinks = 500;

interface DetailRow {
  readonly id: number;
  readonly description: string;
  readonly process_type: string | null;
  readonly mtime: number;
  readonly attributes: string;
  readonly extras: string;
  readonly repository_metadata: string;
  readonly user: string;
  readonly computer_label: string | null;
  readonly computer_uuid: string | null;
}

/**
 * Null where there is no such node. Attributes and extras stay JSON text; sizes of files are the repository's to say.
 */
export function nodeDetail(session: ReadSession, uuid: string): NodeDetail | null {
  const row = session.get<DetailRow>(
    `SELECT n.id, n.description, n.process_type, n.mtime, n.attributes, n.extras, n.repository_metadata,
       u.email AS user, c.label AS computer_label, c.uuid AS computer_uuid
     FROM nodes AS n JOIN users AS u ON u.id = n.user_id LEFT JOIN computers AS c ON c.id = n.computer_id
     WHERE n.uuid = ?`,
    uuid,
  );
  if (row === undefined) return null;
  const ref = nodeRefById(session, row.id);
  if (ref === null) return null;
  const label = session.value<string>('SELECT label FROM nodes WHERE id = ?', row.id) ?? '';
  const [incoming, moreIncoming] = linkEnds(session, row.id, 'incoming');
  const [outgoing, moreOutgoing] = linkEnds(session, row.id, 'outgoing');
  return {
    ref,
    label,
    description: row.description,
    processType: row.process_type ?? '',
    user: row.user,
    computer: row.computer_label ?? '',
    computerUuid: row.computer_uuid ?? '',
    mtime: toMs(row.mtime),
    attributes: row.attributes,
    extras: row.extras,
    files: fileEntries(row.repository_metadata),
    incoming,
    outgoing,
    moreIncoming,
    moreOutgoing,
    groups: [
      ...session.all<{ readonly uuid: string; readonly label: string }>(
        `SELECT g.uuid, g.label FROM group_nodes AS m JOIN groups AS g ON g.id = m.group_id
         WHERE m.node_id = ? ORDER BY g.label LIMIT 1000`,
        row.id,
      ),
    ],
    comments: session
      .all<{
        readonly uuid: string;
        readonly user: string;
        readonly ctime: number;
        readonly mtime: number;
        readonly content: string;
      }>(
        `SELECT o.uuid, u.email AS user, o.ctime, o.mtime, o.content FROM comments AS o JOIN users AS u ON u.id = o.user_id
         WHERE o.node_id = ? ORDER BY o.ctime, o.id LIMIT 1000`,
        row.id,
      )
      .map((comment) => ({ ...comment, ctime: toMs(comment.ctime), mtime: toMs(comment.mtime) })),
  };
}

type Way = 'incoming' | 'outgoing';

/** The links of a node with what is at their other ends, in the order in which they were made, and how many more. */
export function linkEnds(
  session: ReadSession,
  node: number,
  way: Way,
  types: readonly LinkType[] = linkTypes,
): readonly [ends: LinkEnd[], more: number] {
  const [near, far] = way === 'incoming' ? ['target_id', 'source_id'] : ['source_id', 'target_id'];
  const where = `l.${near} = ? AND l.type IN (${types.map(() => '?').join(', ')})`;
  const params: readonly Param[] = [node, ...types];
  const rows = session.all<RefRow & { readonly link_label: string; readonly link_type: LinkType }>(
    `SELECT l.label AS link_label, l.type AS link_type, ${refColumns}
     FROM (SELECT l.id, l.${far} AS far, l.label, l.type FROM links AS l WHERE ${where} ORDER BY l.id LIMIT ${mostLinks}) AS l
     JOIN nodes AS n ON n.id = l.far ${refJoins} ORDER BY l.id`,
    ...params,
  );
  const total =
    rows.length < mostLinks
      ? rows.length
      : (session.value<number>(`SELECT count(*) FROM links AS l WHERE ${where}`, ...params) ?? 0);
  const ends = rows.map((row) => ({ label: row.link_label, type: row.link_type, node: toRef(row) }));
  return [withInferred(session, node, ends), total - rows.length];
}

/** The file tree of a node as a list, folders before what is in them. */
function fileEntries(repository: string): FileEntry[] {
  const out: FileEntry[] = [];
  const walk = (directory: RepositoryDirectory, prefix: string): void => {
    for (const [name, entry] of directory.children) {
      const path = `${prefix}${name}`;
      if (entry.kind === 'file') {
        out.push({ path, kind: 'file', size: null, hash: entry.hash });
      } else {
        out.push({ path, kind: 'directory', size: null, hash: '' });
        walk(entry, `${path}/`);
      }
    }
  };
  walk(readRepositoryTree(JSON.parse(repository)), '');
  return out;
}

/** Null where the node or the file is not there, and for a folder. */
export function fileHash(session: ReadSession, uuid: string, path: string): string | null {
  const repository = session.value<string>('SELECT repository_metadata FROM nodes WHERE uuid = ?', uuid);
  if (repository === undefined) return null;
  return fileEntries(repository).find((entry) => entry.kind === 'file' && entry.path === path)?.hash ?? null;
}

const mostResolved = 20;

/** By PK where the text is a number, and by the beginning of a UUID from four characters on. */
export function resolveNodes(session: ReadSession, text: string): readonly NodeRef[] {
  const word = text.trim().toLowerCase();
  const rows: RefRow[] = [];
  if (/^\d{1,15}$/.test(word)) {
    const byPk = session.get<RefRow>(
      `SELECT ${refColumns} FROM nodes AS n ${refJoins} WHERE n.id = ?`,
      Number(word),
    );
    if (byPk !== undefined) rows.push(byPk);
  }
  if (/^[0-9a-f-]{4,36}$/.test(word)) {
    rows.push(
      ...session.all<RefRow>(
        `SELECT ${refColumns} FROM nodes AS n ${refJoins} WHERE n.uuid >= ? AND n.uuid < ? ORDER BY n.uuid LIMIT ?`,
        word,
        `${word}~`,
        mostResolved,
      ),
    );
  }
  return rows.map((row) => toRef(row));
}

/** How many nodes there are of each pair of types; `processType` is empty for data. */
export const nodeTypes = (
  session: ReadSession,
): readonly { readonly nodeType: string; readonly processType: string; readonly count: number }[] =>
  session.all(
    `SELECT node_type AS nodeType, ifnull(process_type, '') AS processType, count(*) AS count
     FROM nodes GROUP BY node_type, process_type ORDER BY node_type, process_type`,
  );
