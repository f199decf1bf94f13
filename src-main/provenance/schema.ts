/**
 * The tables as drizzle knows them, for what is written and read seldom. The migrations are what makes them; a test
 * compares the two. Generated columns and the search index are left out: nobody writes them.
 */
import { integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';

export const users = sqliteTable('users', {
  id: integer().primaryKey(),
  email: text().notNull().unique(),
  firstName: text('first_name').notNull().default(''),
  lastName: text('last_name').notNull().default(''),
  institution: text().notNull().default(''),
});

export const computers = sqliteTable('computers', {
  id: integer().primaryKey(),
  uuid: text().notNull().unique(),
  label: text().notNull().unique(),
  hostname: text().notNull(),
  description: text().notNull().default(''),
  schedulerType: text('scheduler_type').notNull(),
  transportType: text('transport_type').notNull(),
  /** JSON text. */
  metadata: text().notNull().default('{}'),
});

export const authinfos = sqliteTable(
  'authinfos',
  {
    id: integer().primaryKey(),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    computerId: integer('computer_id')
      .notNull()
      .references(() => computers.id, { onDelete: 'cascade' }),
    enabled: integer({ mode: 'boolean' }).notNull().default(true),
    /** JSON text, as the next one. */
    authParams: text('auth_params').notNull().default('{}'),
    metadata: text().notNull().default('{}'),
  },
  (table) => [unique().on(table.userId, table.computerId)],
);

export const settings = sqliteTable('settings', {
  key: text().primaryKey(),
  /** JSON text. */
  value: text().notNull(),
});

export const nodes = sqliteTable('nodes', {
  id: integer().primaryKey({ autoIncrement: true }),
  uuid: text().notNull().unique(),
  nodeType: text('node_type').notNull(),
  processType: text('process_type'),
  label: text().notNull().default(''),
  /** Microseconds since 1970, as all times in the store. */
  ctime: integer().notNull(),
  mtime: integer().notNull(),
  computerId: integer('computer_id').references(() => computers.id, { onDelete: 'restrict' }),
  userId: integer('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'restrict' }),
  sealed: integer({ mode: 'boolean' }).notNull(),
  description: text().notNull().default(''),
  /** JSON text as Python writes it, as the next two. */
  attributes: text().notNull().default('{}'),
  extras: text().notNull().default('{}'),
  repositoryMetadata: text('repository_metadata').notNull().default('{}'),
});

export const groups = sqliteTable(
  'groups',
  {
    id: integer().primaryKey(),
    uuid: text().notNull().unique(),
    label: text().notNull(),
    typeString: text('type_string').notNull().default('core'),
    time: integer().notNull(),
    description: text().notNull().default(''),
    extras: text().notNull().default('{}'),
    userId: integer('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
  },
  (table) => [unique().on(table.label, table.typeString)],
);

export const groupNodes = sqliteTable(
  'group_nodes',
  {
    groupId: integer('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    nodeId: integer('node_id')
      .notNull()
      .references(() => nodes.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.groupId, table.nodeId] })],
);

export const comments = sqliteTable('comments', {
  id: integer().primaryKey(),
  uuid: text().notNull().unique(),
  nodeId: integer('node_id')
    .notNull()
    .references(() => nodes.id, { onDelete: 'cascade' }),
  ctime: integer().notNull(),
  mtime: integer().notNull(),
  userId: integer('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'restrict' }),
  content: text().notNull(),
});
