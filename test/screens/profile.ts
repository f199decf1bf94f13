import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { presentType } from '#renderer/viewers/present-type.ts';
import { stemma } from '../support/built-app.ts';

/** A node of an imported archive. */
export interface StoredNode {
  readonly id: number;
  readonly uuid: string;
  /** As it is called now. */
  readonly type: string;
  readonly label: string;
  readonly attributes: string;
}

/** Imports an archive into a profile that nothing else uses, and gives the nodes that came in, the oldest first. */
export async function importInto(profile: string, archive: string): Promise<readonly StoredNode[]> {
  const before = newestId(profile);
  const { status, stderr } = await stemma(['archive', 'import', archive, '--profile', profile]);
  if (status !== 0) throw new Error(`${archive}: ${stderr.trim()}`);
  return withDatabase(profile, (db) =>
    db
      .prepare<[number], StoredNode>(
        'SELECT id, uuid, node_type AS type, label, attributes FROM nodes WHERE id > ? ORDER BY id',
      )
      .all(before)
      .map((node) => ({ ...node, type: presentType(node.type) })),
  );
}

/** The group that the last import made. */
export const importGroup = (profile: string): string =>
  withDatabase(profile, (db) => {
    const last = `SELECT uuid FROM groups WHERE type_string = 'core.import' ORDER BY id DESC`;
    return db.prepare<[], { readonly uuid: string }>(last).get()?.uuid ?? '';
  });

function newestId(profile: string): number {
  if (!existsSync(join(profile, 'stemma.sqlite'))) return 0;
  const last = 'SELECT ifnull(max(id), 0) AS id FROM nodes';
  return withDatabase(profile, (db) => db.prepare<[], { readonly id: number }>(last).get()?.id ?? 0);
}

function withDatabase<T>(profile: string, use: (db: Database.Database) => T): T {
  const db = new Database(join(profile, 'stemma.sqlite'), { readonly: true });
  try {
    return use(db);
  } finally {
    db.close();
  }
}
