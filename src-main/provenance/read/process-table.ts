import {
  activity as activitySchema,
  type Activity,
  type ProcessRow,
} from '#shared/contract/areas/processes.ts';
import type { ProcessKind } from '#shared/process/ports.ts';
import { displayStates } from '#shared/process/states.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import type { InNeed, ProcessQuery, ProcessWindow, StateCounts } from '../read-api.ts';
import { allOf, filterSql, inNeedSql, nameExpression, type Condition } from './filter-sql.ts';
import { nameOf, stateOf, toMs } from './node-rows.ts';
import { readFilter } from './read-filter.ts';
import type { ReadSession } from './session.ts';

interface ProcessRowSql {
  readonly id: number;
  readonly uuid: string;
  readonly node_type: string;
  readonly label: string;
  readonly process_label: string | null;
  readonly display_state: number | null;
  readonly exit_status: number | null;
  readonly computer: string | null;
  readonly ctime: number;
  readonly mtime: number;
  readonly activity: string | null;
  readonly caller: string | null;
  readonly is_copy: number;
}

const callTypes = `('call_calc', 'call_work')`;

const rowColumns = `n.id, n.uuid, n.node_type, n.label, n.process_label, n.display_state, n.exit_status,
  c.label AS computer, n.ctime, n.mtime, r.state -> '$.activity' AS activity,
  json_extract(n.extras, '$._aiida_cached_from') IS NOT NULL AS is_copy,
  (SELECT s.uuid FROM links AS l JOIN nodes AS s ON s.id = l.source_id
    WHERE l.target_id = n.id AND l.type IN ${callTypes} LIMIT 1) AS caller`;
const rowJoins =
  'LEFT JOIN computers AS c ON c.id = n.computer_id LEFT JOIN runs AS r ON r.process_id = n.id';

const noActivity: Activity = { step: '', words: '', reason: '', since: null, until: null };

/** The engine keeps it in its state of each process that has not ended, in the shape of the contract. */
function readActivity(text: string | null): Activity {
  if (text === null) return noActivity;
  const parsed = activitySchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : noActivity;
}

function kindOf(nodeType: string): ProcessKind {
  if (nodeType.startsWith('process.workflow.')) return 'workflow';
  return nodeType === NodeType.calcJob ? 'calculation-job' : 'calculation-function';
}

const toProcessRow = (row: ProcessRowSql): ProcessRow => ({
  uuid: row.uuid as Uuid,
  pk: row.id,
  kind: kindOf(row.node_type),
  // what it is; the label beside it is what a person calls it
  name: nameOf({ ...row, label: '' }),
  label: row.label,
  state: stateOf(row.display_state) ?? 'finished',
  exitStatus: row.exit_status,
  activity: readActivity(row.activity),
  computer: row.computer ?? '',
  caller: row.caller as Uuid | null,
  ctime: toMs(row.ctime),
  mtime: toMs(row.mtime),
  ...(row.is_copy === 1 && { cached: true }),
});

/** The row of one process; null where the node is none. */
export function processRow(session: ReadSession, id: number): ProcessRow | null {
  const row = session.get<ProcessRowSql>(
    `SELECT ${rowColumns} FROM nodes AS n ${rowJoins} WHERE n.id = ? AND n.is_process`,
    id,
  );
  return row === undefined ? null : toProcessRow(row);
}

/** No workflow called it. */
export const isRoot: Condition = {
  sql: `NOT EXISTS (SELECT 1 FROM links AS l WHERE l.target_id = n.id AND l.type IN ${callTypes})`,
  params: [],
};

interface Order {
  /** Ties are broken by PK, so that no row is shown twice. */
  readonly by: readonly string[];
  /** The index of a profile that gives this order. */
  readonly index: string | null;
}

const orders: Readonly<Record<ProcessQuery['sort'], Order>> = {
  ctime: { by: ['n.ctime', 'n.id'], index: 'processes_by_ctime' },
  mtime: { by: ['n.mtime', 'n.id'], index: 'processes_by_mtime' },
  name: { by: [`${nameExpression} COLLATE NOCASE`, 'n.id'], index: 'processes_by_name' },
  state: { by: ['n.display_state', 'n.ctime', 'n.id'], index: 'processes_by_state' },
  computer: {
    by: [
      `ifnull((SELECT c.label FROM computers AS c WHERE c.id = n.computer_id), '') COLLATE NOCASE`,
      'n.id',
    ],
    index: null,
  },
  pk: { by: ['n.id'], index: null },
};

/** From so many matches on it is quicker to go through all processes in order than to sort the matches. */
const denseFrom = 2000;

/** @throws StemmaError `bad-filter` */
export function processWindow(session: ReadSession, query: ProcessQuery): ProcessWindow {
  const { hasSearchIndex, now } = session.traits;
  const wanted = allOf([
    { sql: 'n.is_process', params: [] },
    filterSql(readFilter(query.filter), { hasSearchIndex, now: now(), inNeed: query.inNeed }),
    ...(query.rootsOnly ? [isRoot] : []),
  ]);
  const counts = countStates(session, wanted);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const { by, index } = orders[query.sort];
  const order = by.map((expression) => `${expression} ${query.descending ? 'DESC' : 'ASC'}`).join(', ');
  // archives are seen through views, which have no indexes of their own
  const inOrder = hasSearchIndex && index !== null && total >= denseFrom ? `INDEXED BY ${index}` : '';
  const ids = session.column<number>(
    `SELECT n.id FROM nodes AS n ${inOrder} WHERE ${wanted.sql} ORDER BY ${order} LIMIT ? OFFSET ?`,
    ...wanted.params,
    query.limit,
    query.offset,
  );
  return { total, counts, needsYou: countInNeed(session, query.inNeed), rows: rowsByIds(session, ids) };
}

function countInNeed(session: ReadSession, inNeed: InNeed | undefined): number {
  const { sql, params } = inNeedSql(inNeed);
  if (params.length === 0) return 0;
  return (
    session.value<number>(`SELECT count(*) FROM nodes AS n WHERE n.is_process AND ${sql}`, ...params) ?? 0
  );
}

function rowsByIds(session: ReadSession, ids: readonly number[]): readonly ProcessRow[] {
  const rows = session.all<ProcessRowSql>(
    `SELECT ${rowColumns} FROM json_each(?) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value ${rowJoins}`,
    JSON.stringify(ids),
  );
  const byId = new Map(rows.map((row) => [row.id, toProcessRow(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** How many processes are in each state. @param wanted about `nodes AS n`; without it all processes are counted */
export function countStates(
  session: ReadSession,
  wanted: Condition = { sql: 'n.is_process', params: [] },
): StateCounts {
  const rows = session.all<{ readonly state: number | null; readonly count: number }>(
    `SELECT n.display_state AS state, count(*) AS count FROM nodes AS n WHERE ${wanted.sql} GROUP BY n.display_state`,
    ...wanted.params,
  );
  const counts = Object.fromEntries(displayStates.map((state) => [state, 0])) as Record<
    keyof StateCounts,
    number
  >;
  for (const { state, count } of rows) counts[stateOf(state) ?? 'finished'] += count;
  return counts;
}
