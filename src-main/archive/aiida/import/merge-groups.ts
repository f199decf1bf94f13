import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { ImportReport } from '#shared/contract/areas/sharing.ts';
import type { GroupId, NodeId, UserId } from '#shared/provenance/ids.ts';
import { readJsonObject } from './json-text.ts';
import type { MergeContext } from './merge-context.ts';
import type { UserMap } from './merge-people.ts';
import type { NodeTable } from './node-table.ts';
import { freeLabel } from './relabel.ts';
import { RowBatch } from './row-batch.ts';

interface GroupRow {
  readonly id: GroupId;
  readonly label: string;
  readonly description: string;
}

/**
 * By UUID. A group that is here keeps its members as they are; a new one comes with all of its nodes, under another
 * label where any group has its own.
 */
export async function mergeGroups(context: MergeContext, nodes: NodeTable, users: UserMap): Promise<void> {
  const { db, archive, log, write, signal } = context;
  const find = db.prepare<[string], GroupRow>('SELECT id, label, description FROM groups WHERE uuid = ?');
  const insert = db.prepare(
    `INSERT INTO groups (uuid, label, type_string, time, description, extras, user_id) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const labels = groupLabels(context);
  // as in AiiDA the group that a person named is there before those of the archive
  if (context.options.group.kind === 'named') labels.add(context.options.group.label);
  /** Of the new ones: id in the archive to id in the profile. */
  const fresh = new Map<number, GroupId>();
  const known = new Set<number>();
  for await (const page of archive.pages('groups', signal)) {
    for (const group of page) {
      known.add(group.id);
      log.name('groups', group.label);
      const here = find.get(group.uuid);
      if (here !== undefined) {
        const same = here.label === group.label && here.description === group.description;
        log.counts.groups[same ? 'identical' : 'changed']++;
        continue;
      }
      const user = users.get(group.user);
      const extras = readJsonObject(group.extras);
      if (user === undefined)
        log.conflict(
          'groups',
          group.uuid,
          `the group “${group.label}” is by user ${group.user}, who is not in the archive.`,
        );
      else if (!extras.ok)
        log.conflict(
          'groups',
          group.uuid,
          `the extras of the group “${group.label}”: the text ${extras.why}.`,
        );
      const label = freeLabel(group.label, (one) => labels.has(one));
      if (label !== group.label)
        log.note(`The group “${group.label}” comes in as “${label}”: another group has its label.`);
      labels.add(label);
      log.counts.groups.new++;
      const { uuid, typeString, time, description } = group;
      const row = write
        ? insert.run(uuid, label, typeString, time, description, group.extras, user).lastInsertRowid
        : 0;
      fresh.set(group.id, Number(row) as GroupId);
    }
  }
  await mergeMembers(context, nodes, fresh, known);
}

const groupLabels = ({ db }: MergeContext): Set<string> =>
  new Set(db.prepare<[], string>('SELECT label FROM groups').pluck().all());

async function mergeMembers(
  { db, archive, log, write, signal }: MergeContext,
  nodes: NodeTable,
  fresh: ReadonlyMap<number, GroupId>,
  known: ReadonlySet<number>,
): Promise<void> {
  const members = memberBatch(db);
  for await (const page of archive.pages('groupNodes', signal)) {
    for (const member of page) {
      const group = fresh.get(member.group);
      const node = nodes.numberOf(member.node);
      if (node === null)
        log.conflict('groups', 'groups', `a group has node ${member.node}, which is not in the archive.`);
      else if (!known.has(member.group)) {
        log.conflict(
          'groups',
          nodes.uuid(node),
          `it is in group ${member.group}, which is not in the archive.`,
        );
      } else if (group !== undefined && write) members.add({ group, node: nodes.id(node) });
    }
  }
  members.flush();
}

interface Member {
  readonly group: GroupId;
  readonly node: NodeId;
}

function memberBatch(db: Database.Database): RowBatch<Member> {
  const insert = 'INSERT OR IGNORE INTO group_nodes (group_id, node_id)';
  const one = db.prepare(`${insert} VALUES (?, ?)`);
  const values = ({ group, node }: Member) => [group, node] as const;
  return new RowBatch<Member>({
    db,
    insert,
    columns: 2,
    values,
    alone: (row) => void one.run(...values(row)),
  });
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `YYYYMMDD-HHMMSS` in the zone of this machine, as AiiDA names the groups of its imports. */
export function importGroupLabel(ms: number): string {
  const t = new Date(ms);
  const date = `${t.getFullYear()}${two(t.getMonth() + 1)}${two(t.getDate())}`;
  return `${date}-${two(t.getHours())}${two(t.getMinutes())}${two(t.getSeconds())}`;
}

/**
 * Puts all nodes of the archive, also those that were here before, into one group: the one that a person named, or a
 * new `core.import` group where something new came in; or into none.
 */
export function makeImportGroup(
  context: MergeContext,
  nodes: NodeTable,
  user: UserId,
): ImportReport['group'] {
  const { db, log, options, write } = context;
  if (!write || nodes.count === 0 || options.group.kind === 'none') return null;
  const wanted = options.group.kind === 'named' ? options.group.label : null;
  if (wanted === null && log.counts.nodes.new === 0) return null;
  const group = (wanted === null ? null : groupNamed(context, wanted)) ?? newGroup(context, wanted, user);
  const members = memberBatch(db);
  for (let number = 0; number < nodes.count; number++)
    members.add({ group: group.id, node: nodes.id(number) });
  members.flush();
  return { uuid: group.uuid, label: group.label };
}

interface NamedGroup {
  readonly id: GroupId;
  readonly uuid: string;
  readonly label: string;
}

function newGroup(context: MergeContext, wanted: string | null, user: UserId): NamedGroup {
  const { db, now } = context;
  const taken = groupLabels(context);
  const label = wanted ?? freeLabel(importGroupLabel(now / 1000), (one) => taken.has(one));
  const uuid = randomUUID();
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO groups (uuid, label, type_string, time, description, user_id) VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .run(
      uuid,
      label,
      wanted === null ? 'core.import' : 'core',
      now,
      'Group generated by archive import',
      user,
    );
  return { id: Number(lastInsertRowid) as GroupId, uuid, label };
}

/** The group that a person means by a label: a plain one, or one that an import made. */
function groupNamed({ db }: MergeContext, label: string): NamedGroup | null {
  return (
    db
      .prepare<[string], NamedGroup>(
        `SELECT id, uuid, label FROM groups WHERE label = ? AND type_string IN ('core', 'core.import')
         ORDER BY type_string LIMIT 1`,
      )
      .get(label) ?? null
  );
}
