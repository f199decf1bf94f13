import type Database from 'better-sqlite3';
import type { ExportPreview, ExportSelection } from '#shared/contract/areas/sharing.ts';
import { className } from '#shared/provenance/node-types.ts';
import type { ObjectReader } from '../../../repository/object-reader.ts';
import { chooseNodes, type Reason } from './closure.ts';
import { namedObjects } from './named-objects.ts';
import { chosenCount, gatherRows } from './chosen-rows.ts';

/** Why nodes come along, in words. */
const reasonWords: Readonly<Record<Reason, string>> = {
  chosen: 'chosen',
  input_calc_forward: 'calculations that used it',
  input_calc_backward: 'inputs of calculations',
  create_forward: 'outputs of calculations',
  create_backward: 'calculations that made it',
  return_forward: 'what workflows returned',
  return_backward: 'workflows that returned it',
  input_work_forward: 'workflows that used it',
  input_work_backward: 'inputs of workflows',
  call_calc_forward: 'calculations that workflows called',
  call_calc_backward: 'workflows that called a calculation',
  call_work_forward: 'workflows that workflows called',
  call_work_backward: 'workflows that called a workflow',
};

const mostUnsealed = 1000;

export interface UnsealedProcess {
  readonly uuid: string;
  readonly name: string;
}

/** Processes among the chosen that have not ended. They cannot leave: what they will be is not known. */
export function unsealedProcesses(db: Database.Database): readonly UnsealedProcess[] {
  const rows = db
    .prepare<[number], { uuid: string; label: string; process_label: string | null; node_type: string }>(
      `SELECT n.uuid, n.label, n.process_label, n.node_type FROM chosen AS c JOIN nodes AS n ON n.id = c.id
       WHERE n.sealed = 0 ORDER BY n.id LIMIT ?`,
    )
    .all(mostUnsealed);
  return rows.map(({ uuid, label, process_label, node_type }) => ({
    uuid,
    name: label !== '' ? label : (process_label ?? className(node_type)),
  }));
}

/** What an export would take, without writing anything. */
export async function previewExport(
  db: Database.Database,
  objects: ObjectReader,
  selection: ExportSelection,
  signal: AbortSignal,
): Promise<ExportPreview> {
  db.exec('BEGIN');
  try {
    await chooseNodes(db, selection, signal);
    gatherRows(db, selection);
    let bytes = 0;
    let files = 0;
    for await (const hash of namedObjects(db, signal)) {
      files++;
      bytes += objects.size(hash) ?? 0;
    }
    return {
      nodes: chosenCount(db, 'chosen'),
      links: chosenCount(db, 'chosen_links'),
      files,
      bytes,
      groups: chosenCount(db, 'chosen_groups'),
      computers: chosenCount(db, 'chosen_computers'),
      users: chosenCount(db, 'chosen_users'),
      logs: chosenCount(db, 'chosen_logs'),
      comments: chosenCount(db, 'chosen_comments'),
      byRule: db
        .prepare<[], { rule: Reason; nodes: number }>(
          'SELECT reason AS rule, count(*) AS nodes FROM chosen GROUP BY reason ORDER BY nodes DESC',
        )
        .all()
        .map(({ rule, nodes }) => ({ rule, words: reasonWords[rule], nodes })),
      byType: db
        .prepare<[], { nodeType: string; nodes: number }>(
          `SELECT n.node_type AS nodeType, count(*) AS nodes FROM chosen AS c JOIN nodes AS n ON n.id = c.id
           GROUP BY n.node_type ORDER BY nodes DESC`,
        )
        .all(),
      unsealed: [...unsealedProcesses(db)],
    };
  } finally {
    db.exec('ROLLBACK');
  }
}
