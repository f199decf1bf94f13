import type { GroupRow } from '#shared/contract/areas/sharing.ts';
import { toMs } from './node-rows.ts';
import type { ReadSession } from './session.ts';

/** Every group, of every type, by label. */
export const groupRows = (session: ReadSession): readonly GroupRow[] =>
  session
    .all<GroupRow>(
      `SELECT g.uuid, g.label, g.type_string AS typeString, g.description, u.email AS user, g.time,
         (SELECT count(*) FROM group_nodes AS m WHERE m.group_id = g.id) AS count
       FROM groups AS g JOIN users AS u ON u.id = g.user_id ORDER BY g.label COLLATE NOCASE, g.type_string`,
    )
    .map((group) => ({ ...group, time: toMs(group.time) }));
