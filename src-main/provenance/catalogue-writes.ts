import { count, eq, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { operationalError, userError } from '#shared/base/errors.ts';
import { patchJsonObject } from '#shared/provenance/json-patch.ts';
import type { ComputerId, GroupId, NodeId, UserId, Uuid } from '#shared/provenance/ids.ts';
import * as schema from './schema.ts';
import { translating } from './sqlite-errors.ts';
import type { Statements } from './statements.ts';
import type { TransactionContext } from './transaction-context.ts';
import type { WriteTransaction } from './types.ts';
import type { EngineTransaction } from '../engine/ports.ts';

export type Drizzle = BetterSQLite3Database<typeof schema>;

const { users, computers, authinfos, nodes, groups, groupNodes, comments, settings } = schema;

/** The e-mail of a user who has not said who they are; the first one that they give takes its place. */
export const unnamedUser = 'user@localhost';

export const userSetting = 'user';

const missing = (what: string, subject: string): Error =>
  operationalError({
    code: `${what}-missing`,
    message: `There is no such ${what} in this profile.`,
    subject,
  });

/** What people do inside a transaction: seldom, so that drizzle's comfort costs nothing that matters. */
export function catalogueWrites(
  db: Drizzle,
  statements: Statements,
  context: TransactionContext,
): Omit<WriteTransaction, keyof EngineTransaction> {
  const updateNode = (node: NodeId, change: Partial<typeof nodes.$inferInsert>): void => {
    const { changes } = context;
    const { changes: rows } = translating(
      () => db.update(nodes).set(change).where(eq(nodes.id, node)).run(),
      () => String(node),
    );
    if (rows === 0) throw missing('node', String(node));
    changes.nodes.add(node);
  };

  const groupOf = (uuid: Uuid): number => {
    const row = db.select({ id: groups.id }).from(groups).where(eq(groups.uuid, uuid)).get();
    if (row === undefined) throw missing('group', uuid);
    return row.id;
  };

  const computerOf = (uuid: Uuid): number => {
    const row = db.select({ id: computers.id }).from(computers).where(eq(computers.uuid, uuid)).get();
    if (row === undefined) throw missing('computer', uuid);
    return row.id;
  };

  const nodesOf = (uuids: readonly Uuid[]): readonly NodeId[] =>
    uuids.map((uuid) => {
      const id = statements.nodeId.get(uuid);
      if (id === undefined) throw missing('node', uuid);
      return id as NodeId;
    });

  const changeMembers = (
    statement: Statements['addMembers'],
    group: Uuid,
    members: readonly Uuid[],
  ): number => {
    const { changes } = context;
    const ids = nodesOf(members);
    for (const id of ids) changes.surroundings.add(id);
    changes.groups = true;
    return statement.run(groupOf(group), JSON.stringify(ids)).changes;
  };

  const setSetting = (key: string, value: unknown): void => {
    context.changes.settings = true;
    const text = JSON.stringify(value);
    db.insert(settings)
      .values({ key, value: text })
      .onConflictDoUpdate({ target: settings.key, set: { value: text } })
      .run();
  };

  return {
    setLabel: (node, label, mtime) => updateNode(node, { label, mtime }),
    setDescription: (node, description, mtime) => updateNode(node, { description, mtime }),
    setExtras: (node, extras, mtime) => updateNode(node, { extras, mtime }),
    patchExtras(node, patch, mtime) {
      const row = db.select({ extras: nodes.extras }).from(nodes).where(eq(nodes.id, node)).get();
      if (row === undefined) throw missing('node', String(node));
      updateNode(node, { extras: patchJsonObject(row.extras, patch), mtime });
    },

    insertComment({ uuid, node, time, content }) {
      const { changes, user } = context;
      translating(
        () =>
          db
            .insert(comments)
            .values({ uuid, nodeId: node, ctime: time, mtime: time, userId: user, content })
            .run(),
        () => String(node),
      );
      changes.surroundings.add(node);
    },
    removeComment(uuid) {
      const { changes } = context;
      const row = db
        .delete(comments)
        .where(eq(comments.uuid, uuid))
        .returning({ node: comments.nodeId })
        .get();
      if (row === undefined) throw missing('comment', uuid);
      changes.surroundings.add(row.node as NodeId);
    },

    insertComputer({ metadata, ...computer }) {
      context.changes.computers = true;
      const row = translating(
        () =>
          db
            .insert(computers)
            .values({ ...computer, metadata: JSON.stringify(metadata) })
            .returning({ id: computers.id })
            .get(),
        () => computer.label,
      );
      return row.id as ComputerId;
    },
    updateComputer(uuid, { metadata, ...change }) {
      context.changes.computers = true;
      const id = computerOf(uuid);
      const values = metadata === undefined ? change : { ...change, metadata: JSON.stringify(metadata) };
      if (Object.values(values).every((value) => value === undefined)) return;
      translating(
        () => db.update(computers).set(values).where(eq(computers.id, id)).run(),
        () => change.label ?? uuid,
      );
    },
    removeComputer(uuid) {
      context.changes.computers = true;
      const id = computerOf(uuid);
      const used =
        db.select({ nodes: count() }).from(nodes).where(eq(nodes.computerId, id)).get()?.nodes ?? 0;
      if (used > 0) {
        throw userError({
          code: 'computer-in-use',
          message: `${used} ${used === 1 ? 'node refers' : 'nodes refer'} to this computer, so it stays.`,
          subject: uuid,
          hint: 'Disable it instead: nothing is sent to a disabled computer.',
        });
      }
      const { kept } = db.get<{ readonly kept: number }>(
        sql`SELECT count(*) AS kept FROM deleted_nodes WHERE computer_id = ${id}`,
      );
      if (kept > 0) {
        throw userError({
          code: 'computer-in-use',
          message: `${kept} deleted ${kept === 1 ? 'node that can' : 'nodes that can'} be restored ${kept === 1 ? 'refers' : 'refer'} to this computer, so it stays.`,
          subject: uuid,
          hint: 'Remove them for good on the storage page first, or disable the computer instead.',
        });
      }
      db.delete(computers).where(eq(computers.id, id)).run();
    },
    putAuth(computer, { enabled, params }) {
      const { changes, user } = context;
      const values = { enabled, authParams: JSON.stringify(params) };
      db.insert(authinfos)
        .values({ userId: user, computerId: computerOf(computer), ...values })
        .onConflictDoUpdate({ target: [authinfos.userId, authinfos.computerId], set: values })
        .run();
      changes.computers = true;
    },

    insertGroup({ uuid, label, typeString, description, time }) {
      const { changes, user } = context;
      const row = translating(
        () =>
          db
            .insert(groups)
            .values({ uuid, label, typeString, description, time, userId: user })
            .returning({ id: groups.id })
            .get(),
        () => label,
      );
      changes.groups = true;
      return row.id as GroupId;
    },
    updateGroup(uuid, change) {
      context.changes.groups = true;
      const id = groupOf(uuid);
      if (change.label === undefined && change.description === undefined) return;
      translating(
        () => db.update(groups).set(change).where(eq(groups.id, id)).run(),
        () => change.label ?? uuid,
      );
    },
    removeGroup(uuid) {
      context.changes.groups = true;
      const id = groupOf(uuid);
      const members = db
        .select({ node: groupNodes.nodeId })
        .from(groupNodes)
        .where(eq(groupNodes.groupId, id))
        .all();
      for (const { node } of members) context.changes.surroundings.add(node as NodeId);
      db.delete(groups).where(eq(groups.id, id)).run();
    },
    addToGroup: (group, members) => changeMembers(statements.addMembers, group, members),
    removeFromGroup: (group, members) => changeMembers(statements.removeMembers, group, members),

    setUser({ email, firstName, lastName, institution }) {
      const { changes, user } = context;
      const names = { firstName, lastName, institution };
      const known = db.select({ id: users.id }).from(users).where(eq(users.email, email)).get();
      const current = db.select({ email: users.email }).from(users).where(eq(users.id, user)).get();
      let id = known?.id;
      if (id !== undefined) {
        db.update(users).set(names).where(eq(users.id, id)).run();
      } else if (current?.email === unnamedUser) {
        // What was made before the user had a name is theirs too.
        db.update(users)
          .set({ email, ...names })
          .where(eq(users.id, user))
          .run();
        id = user;
      } else {
        id = db
          .insert(users)
          .values({ email, ...names })
          .returning({ id: users.id })
          .get().id;
      }
      setSetting(userSetting, id);
      changes.settings = true;
      context.user = id as UserId;
      return id as UserId;
    },
    setSetting,
  };
}
