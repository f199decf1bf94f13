import type { LogLine } from '#shared/contract/areas/processes.ts';
import type { StoredProcess } from '../read-api.ts';
import { toMs } from './node-rows.ts';
import { linkEnds } from './nodes.ts';
import { processRow } from './process-table.ts';
import { nodeRefById } from './refs.ts';
import { resumedRun } from './resumed.ts';
import type { ReadSession } from './session.ts';

/** Of a log the last lines say why. */
const mostLines = 2000;

/** Everything stored of one process; null where the node is none. */
export function storedProcess(session: ReadSession, uuid: string): StoredProcess | null {
  const node = session.get<{
    readonly id: number;
    readonly description: string;
    readonly process_type: string | null;
    readonly attributes: string;
  }>('SELECT id, description, process_type, attributes FROM nodes WHERE uuid = ? AND is_process', uuid);
  const row = node === undefined ? null : processRow(session, node.id);
  const ref = node === undefined ? null : nodeRefById(session, node.id);
  if (node === undefined || row === null || ref === null) return null;
  const log = session.all<LogLine>(
    `SELECT time, level, logger AS source, message FROM logs WHERE node_id = ? ORDER BY time DESC, id DESC LIMIT ?`,
    node.id,
    mostLines,
  );
  const journal = session.all<{ readonly time: number; readonly event: string }>(
    'SELECT time, event FROM journal WHERE process_id = ? ORDER BY id DESC LIMIT ?',
    node.id,
    mostLines,
  );
  return {
    ref,
    row,
    description: node.description,
    processType: node.process_type ?? '',
    attributes: node.attributes,
    inputs: linkEnds(session, node.id, 'incoming', ['input_calc', 'input_work'])[0],
    outputs: linkEnds(session, node.id, 'outgoing', ['create', 'return'])[0],
    called: linkEnds(session, node.id, 'outgoing', ['call_calc', 'call_work'])[0],
    caller: linkEnds(session, node.id, 'incoming', ['call_calc', 'call_work'])[0][0] ?? null,
    resumed: resumedRun(session, node.id, node.attributes),
    log: log.toReversed().map((line) => ({ ...line, time: toMs(line.time) })),
    journal: journal.toReversed(),
    run: session.value<string>('SELECT state FROM runs WHERE process_id = ?', node.id) ?? null,
  };
}
