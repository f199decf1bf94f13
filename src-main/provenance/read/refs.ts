import type { NodeRef } from '#shared/contract/common.ts';
import { refColumns, refJoins, toRef, type RefRow } from './node-rows.ts';
import type { ReadSession } from './session.ts';

/** Null where there is no such node. */
export function nodeRefById(session: ReadSession, id: number): NodeRef | null {
  const row = session.get<RefRow>(`SELECT ${refColumns} FROM nodes AS n ${refJoins} WHERE n.id = ?`, id);
  return row === undefined ? null : toRef(row);
}

/** Rows by id, in the order of the ids; what is not there is left out. */
export function refRowsByIds(session: ReadSession, ids: ArrayLike<number>): readonly RefRow[] {
  const rows = session.all<RefRow>(
    `SELECT ${refColumns} FROM json_each(?) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value ${refJoins}`,
    JSON.stringify(Array.from(ids)),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return Array.from(ids, (id) => byId.get(id)).filter((row) => row !== undefined);
}
