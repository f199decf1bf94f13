import type { CodeRow, ComputerRow } from '#shared/contract/areas/computers.ts';
import { toMs } from './node-rows.ts';
import type { ReadSession } from './session.ts';

interface CodeSql {
  readonly uuid: string;
  readonly label: string;
  readonly computer: string | null;
  readonly computer_uuid: string | null;
  readonly executable: string | null;
  readonly plugin: string | null;
  readonly with_mpi: number | null;
  readonly hidden: number;
  readonly calculations: number;
  readonly ctime: number;
}

const isCode = `((n.node_type >= 'data.core.code.' AND n.node_type < 'data.core.code/')
  OR (n.node_type >= 'data.code.' AND n.node_type < 'data.code/'))`;

/**
 * Codes of all of AiiDA's classes; what a code runs has had three names. `hidden` is an extra, as AiiDA has it.
 * @param input.hidden also those that are hidden
 */
export function codeRows(session: ReadSession, input: { readonly hidden: boolean }): readonly CodeRow[] {
  const rows = session.all<CodeSql>(
    `SELECT n.uuid, n.label, c.label AS computer, c.uuid AS computer_uuid,
       coalesce(json_extract(n.attributes, '$.filepath_executable'), json_extract(n.attributes, '$.remote_exec_path'),
         json_extract(n.attributes, '$.local_executable')) AS executable,
       json_extract(n.attributes, '$.input_plugin') AS plugin,
       json_extract(n.attributes, '$.with_mpi') AS with_mpi,
       ifnull(json_extract(n.extras, '$.hidden'), 0) AS hidden,
       (SELECT count(*) FROM links AS l WHERE l.source_id = n.id AND l.type = 'input_calc') AS calculations,
       n.ctime
     FROM nodes AS n LEFT JOIN computers AS c ON c.id = n.computer_id
     WHERE ${isCode} ORDER BY n.label COLLATE NOCASE, c.label COLLATE NOCASE, n.id`,
  );
  return rows
    .filter((row) => input.hidden || row.hidden !== 1)
    .map((row) => ({
      uuid: row.uuid,
      fullLabel: row.computer === null ? row.label : `${row.label}@${row.computer}`,
      label: row.label,
      computer: row.computer ?? '',
      computerUuid: row.computer_uuid ?? '',
      executable: String(row.executable ?? ''),
      defaultPlugin: String(row.plugin ?? ''),
      withMpi: row.with_mpi === null ? null : row.with_mpi === 1,
      hidden: row.hidden === 1,
      calculations: row.calculations,
      ctime: toMs(row.ctime),
    }));
}

/** By label. `configured` is AiiDA's word for a computer that its user has set up; others came with an archive. */
export const computerRows = (session: ReadSession): readonly ComputerRow[] =>
  session
    .all<Omit<ComputerRow, 'enabled' | 'configured'> & { readonly enabled: number | null }>(
      `SELECT c.uuid, c.label, c.hostname, c.description, c.transport_type AS transportType,
         c.scheduler_type AS schedulerType, max(a.enabled) AS enabled,
         (SELECT count(*) FROM nodes AS n WHERE n.computer_id = c.id AND ${isCode}) AS codes,
         (SELECT count(*) FROM nodes AS n WHERE n.computer_id = c.id
           AND n.node_type >= 'process.calculation.' AND n.node_type < 'process.calculation/') AS calculations
       FROM computers AS c LEFT JOIN authinfos AS a ON a.computer_id = c.id
       GROUP BY c.id ORDER BY c.label COLLATE NOCASE`,
    )
    .map((row) => ({ ...row, enabled: row.enabled === 1, configured: row.enabled !== null }));
