/**
 * What a process node's attributes say, as SQL on columns `node_type` and `attributes`. Part of the first migration, so
 * never edited; the reader of archives uses the same, so that a state means the same there.
 */
export const isProcess = `(node_type >= 'process.' AND node_type < 'process/')`;

/** Position in `displayStates` of process/states.ts. A process of an old archive that says nothing has ended. */
export const displayState = `CASE json_extract(attributes, '$.process_state')
    WHEN 'created' THEN CASE WHEN json_extract(attributes, '$.paused') IS 1 THEN 3 ELSE 0 END
    WHEN 'running' THEN CASE WHEN json_extract(attributes, '$.paused') IS 1 THEN 3 ELSE 1 END
    WHEN 'waiting' THEN CASE WHEN json_extract(attributes, '$.paused') IS 1 THEN 3 ELSE 2 END
    WHEN 'excepted' THEN 6
    WHEN 'killed' THEN 7
    ELSE CASE WHEN ifnull(json_extract(attributes, '$.exit_status'), 0) = 0 THEN 4 ELSE 5 END
  END`;

/** A number that is none (a float, a text, beyond 64 bits) must not make a STRICT table refuse an archive. */
export const exitStatus = `CASE json_type(attributes, '$.exit_status')
    WHEN 'integer' THEN CAST(json_extract(attributes, '$.exit_status') AS INTEGER) END`;
