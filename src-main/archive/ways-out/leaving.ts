import type Database from 'better-sqlite3';
import { readRepositoryTree, type RepositoryTree } from '#shared/provenance/repository-tree.ts';
import type { LinkType } from '#shared/provenance/links.ts';
import { isProcessType, nodeKind, type NodeKind } from '#shared/provenance/node-types.ts';
import { nameOf } from '../../provenance/read/node-rows.ts';

/** A node that leaves, without what is long. */
export interface LeavingNode {
  readonly id: number;
  readonly uuid: string;
  readonly kind: NodeKind;
  readonly nodeType: string;
  readonly processType: string;
  readonly processLabel: string;
  readonly label: string;
  /** Label, process label or class. */
  readonly name: string;
  readonly description: string;
  /** Microseconds since 1970. */
  readonly ctime: number;
  readonly mtime: number;
  readonly computer: number | null;
  readonly user: number;
}

export interface LeavingLink {
  readonly source: LeavingNode;
  readonly target: LeavingNode;
  readonly label: string;
  readonly type: LinkType;
}

export interface LeavingUser {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly institution: string;
}

export interface LeavingComputer {
  readonly id: number;
  readonly uuid: string;
  readonly label: string;
  readonly hostname: string;
  readonly description: string;
  readonly scheduler: string;
  readonly transport: string;
}

export interface LeavingGroup {
  readonly uuid: string;
  readonly label: string;
  readonly description: string;
  readonly members: readonly LeavingNode[];
}

export interface LeavingLog {
  /** Microseconds since 1970. */
  readonly time: number;
  readonly level: string;
  readonly message: string;
}

interface NodeSql {
  readonly id: number;
  readonly uuid: string;
  readonly node_type: string;
  readonly process_type: string | null;
  readonly process_label: string | null;
  readonly label: string;
  readonly description: string;
  readonly ctime: number;
  readonly mtime: number;
  readonly computer_id: number | null;
  readonly user_id: number;
}

/**
 * What leaves, from the temporary tables that `chooseNodes` and `gatherRows` have filled. Nodes and links are in memory;
 * what is long (attributes, files, logs) is read when it is asked for.
 */
export class Leaving {
  readonly #db: Database.Database;
  /** In the order of their ids. */
  readonly nodes: ReadonlyMap<number, LeavingNode>;
  readonly links: readonly LeavingLink[];
  readonly users: ReadonlyMap<number, LeavingUser>;
  readonly computers: ReadonlyMap<number, LeavingComputer>;
  readonly groups: readonly LeavingGroup[];
  readonly #incoming = new Map<number, LeavingLink[]>();
  readonly #outgoing = new Map<number, LeavingLink[]>();

  constructor(db: Database.Database) {
    this.#db = db;
    this.nodes = readNodes(db);
    this.links = readLinks(db, this.nodes);
    for (const link of this.links) {
      push(this.#incoming, link.target.id, link);
      push(this.#outgoing, link.source.id, link);
    }
    this.users = readUsers(db);
    this.computers = readComputers(db);
    this.groups = readGroups(db, this.nodes);
  }

  /** In the order in which the links were made. */
  incoming(node: LeavingNode, ...types: readonly LinkType[]): readonly LeavingLink[] {
    return (this.#incoming.get(node.id) ?? []).filter(({ type }) => types.includes(type));
  }

  outgoing(node: LeavingNode, ...types: readonly LinkType[]): readonly LeavingLink[] {
    return (this.#outgoing.get(node.id) ?? []).filter(({ type }) => types.includes(type));
  }

  /** What a process took in. */
  inputs(node: LeavingNode): readonly LeavingLink[] {
    return this.incoming(node, 'input_calc', 'input_work');
  }

  outputs(node: LeavingNode): readonly LeavingLink[] {
    return this.outgoing(node, 'create', 'return');
  }

  /** The steps of a workflow, in the order in which they were made. */
  called(node: LeavingNode): readonly LeavingLink[] {
    return this.outgoing(node, 'call_calc', 'call_work').toSorted(
      (a, b) => a.target.ctime - b.target.ctime || a.target.id - b.target.id,
    );
  }

  caller(node: LeavingNode): LeavingNode | null {
    return this.incoming(node, 'call_calc', 'call_work')[0]?.source ?? null;
  }

  processes(): readonly LeavingNode[] {
    return [...this.nodes.values()].filter(({ nodeType }) => isProcessType(nodeType));
  }

  /** The JSON text as it is stored. */
  attributesText(node: LeavingNode): string {
    return this.#text('attributes', node);
  }

  extrasText(node: LeavingNode): string {
    return this.#text('extras', node);
  }

  /** For a look inside; the text is what is written. */
  attributes(node: LeavingNode): Readonly<Record<string, unknown>> {
    const value: unknown = JSON.parse(this.attributesText(node));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  }

  tree(node: LeavingNode): RepositoryTree {
    return readRepositoryTree(JSON.parse(this.#text('repository_metadata', node)));
  }

  /** Only those that were asked for. */
  logs(node: LeavingNode): readonly LeavingLog[] {
    return this.#db
      .prepare<[number], LeavingLog>(
        `SELECT l.time, l.level, l.message FROM logs AS l JOIN chosen_logs AS c ON c.id = l.id
         WHERE l.node_id = ? ORDER BY l.time, l.id`,
      )
      .all(node.id);
  }

  #text(column: string, node: LeavingNode): string {
    return (
      this.#db.prepare<[number], string>(`SELECT ${column} FROM nodes WHERE id = ?`).pluck().get(node.id) ??
      '{}'
    );
  }
}

function push<T>(map: Map<number, T[]>, key: number, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function readNodes(db: Database.Database): ReadonlyMap<number, LeavingNode> {
  const nodes = new Map<number, LeavingNode>();
  const rows = db.prepare<[], NodeSql>(
    `SELECT n.id, n.uuid, n.node_type, n.process_type, n.process_label, n.label, n.description, n.ctime, n.mtime,
       n.computer_id, n.user_id
     FROM chosen AS c CROSS JOIN nodes AS n ON n.id = c.id ORDER BY c.id`,
  );
  for (const row of rows.iterate()) {
    nodes.set(row.id, {
      id: row.id,
      uuid: row.uuid,
      kind: nodeKind(row.node_type),
      nodeType: row.node_type,
      processType: row.process_type ?? '',
      processLabel: row.process_label ?? '',
      label: row.label,
      name: nameOf(row),
      description: row.description,
      ctime: row.ctime,
      mtime: row.mtime,
      computer: row.computer_id,
      user: row.user_id,
    });
  }
  return nodes;
}

function readLinks(db: Database.Database, nodes: ReadonlyMap<number, LeavingNode>): readonly LeavingLink[] {
  const links: LeavingLink[] = [];
  const rows = db
    .prepare<[], readonly [source: number, target: number, label: string, type: LinkType]>(
      `SELECT l.source_id, l.target_id, l.label, l.type
       FROM chosen_links AS c CROSS JOIN links AS l ON l.id = c.id ORDER BY l.id`,
    )
    .raw();
  for (const [sourceId, targetId, label, type] of rows.iterate()) {
    const [source, target] = [nodes.get(sourceId), nodes.get(targetId)];
    if (source !== undefined && target !== undefined) links.push({ source, target, label, type });
  }
  return links;
}

function readUsers(db: Database.Database): ReadonlyMap<number, LeavingUser> {
  const rows = db.prepare<[], LeavingUser>(
    `SELECT u.id, u.email, trim(u.first_name || ' ' || u.last_name) AS name, u.institution
     FROM chosen_users AS c JOIN users AS u ON u.id = c.id ORDER BY u.id`,
  );
  return new Map(rows.all().map((user) => [user.id, user]));
}

function readComputers(db: Database.Database): ReadonlyMap<number, LeavingComputer> {
  const rows = db.prepare<[], LeavingComputer>(
    `SELECT k.id, k.uuid, k.label, k.hostname, k.description, k.scheduler_type AS scheduler, k.transport_type AS transport
     FROM chosen_computers AS c JOIN computers AS k ON k.id = c.id ORDER BY k.id`,
  );
  return new Map(rows.all().map((computer) => [computer.id, computer]));
}

function readGroups(db: Database.Database, nodes: ReadonlyMap<number, LeavingNode>): readonly LeavingGroup[] {
  const members = db
    .prepare<[number], number>('SELECT node_id FROM chosen_members WHERE group_id = ? ORDER BY node_id')
    .pluck();
  return db
    .prepare<
      [],
      { readonly id: number; readonly uuid: string; readonly label: string; readonly description: string }
    >(
      'SELECT g.id, g.uuid, g.label, g.description FROM chosen_groups AS c JOIN groups AS g ON g.id = c.id ORDER BY g.id',
    )
    .all()
    .map(({ id, ...group }) => ({
      ...group,
      members: members.all(id).flatMap((node) => nodes.get(node) ?? []),
    }));
}
