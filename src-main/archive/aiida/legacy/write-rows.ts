import { setImmediate } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type { Progress } from '#shared/contract/common.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { writeTimestamp } from '#shared/provenance/timestamps.ts';
import { archiveDamaged } from '../container/archive-errors.ts';
import { Cells } from './cells.ts';
import { respaced } from './json-text.ts';
import type { LegacyData, NodeTexts } from './legacy-data.ts';
import { treeText, type NodeTrees } from './node-trees.ts';
import { ObjectText } from './object-text.ts';
import type { LegacyNode, LegacyRole, StepFiles } from './step.ts';
import type { Migration } from './steps/all-steps.ts';
import { withLabel } from './steps/v10-to-v11.ts';
import { textArray } from './text-array.ts';

export interface Writing {
  readonly db: Database.Database;
  readonly data: LegacyData;
  readonly texts: NodeTexts;
  readonly migration: Migration;
  readonly trees: NodeTrees;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly progress: (progress: Progress) => void;
  readonly signal: AbortSignal | undefined;
  readonly note: (sentence: string) => void;
}

/** What links and groups need to know of a node. */
interface Placed {
  readonly id: number;
  readonly role: LegacyRole;
}

/** Writes all rows, in the order of their references. @throws StemmaError `archive-damaged` */
export async function writeRows(writing: Writing): Promise<void> {
  await writePeople(writing);
  const nodes = await writeNodes(writing);
  await writeLinks(writing, nodes);
  await writeGroups(writing, nodes);
  await writeNotes(writing);
}

type Insert = (...cells: readonly (string | number | null)[]) => void;

function inserting(db: Database.Database, table: string, columns: string): Insert {
  const marks = columns.replaceAll(/\w+/g, '?');
  const statement = db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${marks})`);
  return (...cells) => {
    try {
      statement.run(...cells);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!code.startsWith('SQLITE_CONSTRAINT')) throw error;
      const what = `row ${String(cells[0])} of ${table} contradicts another one (${(error as Error).message})`;
      throw archiveDamaged('data.json', what, error);
    }
  };
}

const nowText = ({ now }: Writing): string => writeTimestamp(now * 1000);

async function writePeople(writing: Writing): Promise<void> {
  const { db, data, migration } = writing;
  const user = inserting(db, 'db_dbuser', 'id, email, first_name, last_name, institution');
  for await (const [id, row] of data.rows('User')) {
    const cells = new Cells('users', id, row, nowText(writing));
    user(
      id,
      cells.text('email'),
      cells.text('first_name'),
      cells.text('last_name'),
      cells.text('institution'),
    );
  }
  const computer = inserting(
    db,
    'db_dbcomputer',
    'id, uuid, label, hostname, description, scheduler_type, transport_type, metadata',
  );
  for await (const [id, row] of data.rows('Computer')) {
    const cells = new Cells('computers', id, withLabel(migration.computer(row)), nowText(writing));
    const texts = ['label', 'hostname', 'description', 'scheduler_type', 'transport_type'] as const;
    computer(
      id,
      cells.uuid(),
      ...texts.map((field) => cells.text(field)),
      respaced(cells.object('metadata')),
    );
  }
}

const roleOf = (nodeType: string): LegacyRole => {
  if (nodeType.startsWith('data.')) return 'data';
  if (nodeType.startsWith('process.calculation.')) return 'calculation';
  return nodeType.startsWith('process.workflow.') ? 'workflow' : 'other';
};

async function writeNodes(writing: Writing): Promise<ReadonlyMap<string, Placed>> {
  const { db, data, texts, migration, trees, signal, progress } = writing;
  const insert = inserting(
    db,
    'db_dbnode',
    'id, uuid, node_type, process_type, label, description, ctime, mtime, attributes, extras, repository_metadata, dbcomputer_id, user_id',
  );
  const placed = new Map<string, Placed>();
  const withoutArrays: Uuid[] = [];
  const files: StepFiles = {
    textArray(uuid, name) {
      const member = trees.file(uuid as Uuid, name);
      if (member === null) return null;
      withoutArrays.push(uuid as Uuid);
      return textArray(member);
    },
  };
  for await (const [id, row] of data.rows('Node')) {
    const attributes = texts.text('attributes', id);
    if (attributes === null)
      throw archiveDamaged('data.json', `its data.json has no attributes of node ${id}`);
    const node: LegacyNode = migration.node(
      {
        row,
        attributes,
        extras: texts.text('extras', id) ?? ObjectText.empty,
        attributeDates: texts.text('attributeDates', id),
        extraDates: texts.text('extraDates', id),
      },
      files,
    );
    const cells = new Cells('nodes', id, node.row, nowText(writing));
    const uuid = cells.uuid();
    for (const done of withoutArrays.splice(0)) trees.remove(done, 'symbols.npy');
    const type = cells.text('node_type');
    insert(
      id,
      uuid,
      type,
      cells.textOrNull('process_type'),
      cells.text('label'),
      cells.text('description'),
      cells.time('ctime'),
      cells.time('mtime'),
      node.attributes.toString(),
      node.extras.toString(),
      treeText(trees, uuid, node.row),
      cells.keyOrNull('dbcomputer'),
      cells.key('user'),
    );
    placed.set(uuid, { id, role: roleOf(type) });
    if (placed.size % 1000 === 0) {
      progress({ done: placed.size, total: texts.nodes, unit: 'nodes', words: 'Converting nodes' });
      // whoever cancels is heard
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  return placed;
}

async function writeLinks(writing: Writing, nodes: ReadonlyMap<string, Placed>): Promise<void> {
  const { db, data, migration, note, progress, signal } = writing;
  const insert = inserting(db, 'db_dblink', 'input_id, output_id, label, type');
  const left = new Map<string, number>();
  let done = 0;
  let dangling = 0;
  for await (const link of data.links()) {
    if (++done % 1000 === 0) {
      progress({ done, total: null, unit: 'steps', words: 'Converting links' });
      await setImmediate();
      signal?.throwIfAborted();
    }
    const [source, target] = [nodes.get(link.input), nodes.get(link.output)];
    if (source === undefined || target === undefined) {
      dangling++;
      continue;
    }
    const migrated = migration.link(link, source.role, target.role);
    if (migrated === null) left.set(link.type ?? '', (left.get(link.type ?? '') ?? 0) + 1);
    else insert(source.id, target.id, migrated.label, migrated.type ?? '');
  }
  // AiiDA refuses the whole archive for it
  if (dangling > 0) note(`Left out: ${dangling} × a link to a node that is not in the archive.`);
  for (const [type, count] of left) {
    note(`Left out, as AiiDA 1 does: ${count} × “${type}” of a process that may not have such links.`);
  }
}

async function writeGroups(writing: Writing, nodes: ReadonlyMap<string, Placed>): Promise<void> {
  const { db, data, migration, note, signal } = writing;
  const insert = inserting(
    db,
    'db_dbgroup',
    'id, uuid, label, type_string, time, description, extras, user_id',
  );
  const ids = new Map<string, number>();
  for await (const [id, row] of data.rows('Group')) {
    const cells = new Cells('groups', id, migration.group(row), nowText(writing));
    const uuid = cells.uuid();
    const texts = [cells.text('label'), cells.text('type_string', 'core'), cells.time('time')] as const;
    insert(
      id,
      uuid,
      ...texts,
      cells.text('description'),
      respaced(cells.object('extras')),
      cells.key('user'),
    );
    ids.set(uuid, id);
  }
  const member = db.prepare('INSERT OR IGNORE INTO db_dbgroup_dbnodes (dbgroup_id, dbnode_id) VALUES (?, ?)');
  let unknown = 0;
  for await (const [group, uuids] of data.members()) {
    signal?.throwIfAborted();
    const id = ids.get(group);
    if (id === undefined && uuids.length > 0) {
      throw archiveDamaged(group, `it lists members of a group that is not in it (${group})`);
    }
    for (const uuid of uuids) {
      const node = nodes.get(uuid);
      if (node === undefined) unknown++;
      else member.run(id, node.id);
    }
  }
  if (unknown > 0)
    note(`Left out, as AiiDA does: ${unknown} × a member of a group that is not in the archive.`);
}

async function writeNotes(writing: Writing): Promise<void> {
  const { db, data, migration } = writing;
  const log = inserting(
    db,
    'db_dblog',
    'id, uuid, time, loggername, levelname, dbnode_id, message, metadata',
  );
  for await (const [id, row] of data.rows('Log')) {
    const cells = new Cells('logs', id, migration.log(row), nowText(writing));
    const names = [cells.text('loggername'), cells.text('levelname'), cells.key('dbnode')] as const;
    log(
      id,
      cells.uuid(),
      cells.time('time'),
      ...names,
      cells.text('message'),
      respaced(cells.object('metadata')),
    );
  }
  const comment = inserting(db, 'db_dbcomment', 'id, uuid, dbnode_id, ctime, mtime, user_id, content');
  for await (const [id, row] of data.rows('Comment')) {
    // a comment whose node or user is gone: AiiDA takes it away
    if (row.json('dbnode') === null || row.json('user') === null) continue;
    const cells = new Cells('comments', id, row, nowText(writing));
    const times = [cells.time('ctime'), cells.time('mtime')] as const;
    comment(id, cells.uuid(), cells.key('dbnode'), ...times, cells.key('user'), cells.text('content'));
  }
}
