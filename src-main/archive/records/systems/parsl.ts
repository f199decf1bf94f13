import Database from 'better-sqlite3';
import type { PyJson } from '#shared/provenance/python-json.ts';
import { noRecords, recordsDamaged, recordsTooLarge } from '../record-errors.ts';
import { ended, RecordGraph, type RecordNode } from '../record-graph.ts';

type Row = Readonly<Record<string, PyJson>>;

const mostRows = 300_000;
const longestCell = 1_000_000;
const endings: ReadonlySet<string> = new Set(['exec_done', 'memo_done', 'failed', 'dep_fail']);

/**
 * Parsl's `monitoring.db`: runs and their tasks. Runs in a process that may die: SQLite reads a stranger's file here.
 * Source: parsl 2026.08, `parsl/monitoring/db_manager.py`. There is no version of the schema: columns go by name.
 */
export function readParsl(file: string): RecordGraph {
  const db = new Database(file, { readonly: true });
  try {
    for (const pragma of ['trusted_schema = OFF', 'cell_size_check = ON', 'mmap_size = 0', 'query_only = ON'])
      db.pragma(pragma);
    const schema = db
      .prepare<[], { type: string; name: string; sql: string | null }>(
        'SELECT type, name, sql FROM sqlite_schema',
      )
      .all();
    const strange = schema.find(
      ({ type, sql }) =>
        (type !== 'table' && type !== 'index') || /\b(VIRTUAL|GENERATED|CHECK|AS)\b/i.test(sql ?? ''),
    );
    if (strange !== undefined)
      throw recordsDamaged(
        strange.name,
        `its database has a ${strange.type} “${strange.name}” that Parsl does not make`,
      );
    const tables = new Set(schema.map(({ name }) => name));
    if (!tables.has('workflow') || !tables.has('task'))
      throw noRecords('monitoring.db', 'it has no tables “workflow” and “task”');
    const graph = new RecordGraph('Parsl', '');
    const rows = (table: string): readonly Row[] => (tables.has(table) ? readRows(db, table) : []);
    const all = { tasks: rows('task'), tries: rows('try'), states: rows('status'), blocks: rows('block') };
    for (const run of rows('workflow')) readRun(graph, run, all);
    graph.notes.push(
      'Parsl keeps times without a zone; they are taken as UTC. It keeps no values of arguments and results.',
    );
    return graph;
  } finally {
    db.close();
  }
}

function readRows(db: Database.Database, table: string): readonly Row[] {
  const rows: Row[] = [];
  for (const row of db.prepare(`SELECT * FROM "${table}" ORDER BY rowid`).iterate() as Iterable<
    Record<string, unknown>
  >) {
    if (rows.length >= mostRows) throw recordsTooLarge(`the table ${table} has more than ${mostRows} rows`);
    const clean = Object.entries(row).map(([name, cell]): [string, PyJson] => {
      if (typeof cell === 'string' && cell.length > longestCell)
        throw recordsTooLarge(`a ${name} has ${cell.length} characters`);
      return [
        name,
        typeof cell === 'string'
          ? cell.toWellFormed()
          : typeof cell === 'number' && Number.isFinite(cell)
            ? cell
            : null,
      ];
    });
    rows.push(Object.fromEntries(clean));
  }
  return rows;
}

interface Tables {
  readonly tasks: readonly Row[];
  readonly tries: readonly Row[];
  readonly states: readonly Row[];
  readonly blocks: readonly Row[];
}

const text = (value: PyJson | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function readRun(graph: RecordGraph, run: Row, tables: Tables): void {
  const id = text(run['run_id']);
  const ofRun = (rows: readonly Row[]): readonly Row[] => rows.filter((row) => text(row['run_id']) === id);
  const tasks = ofRun(tables.tasks);
  const attempts = Map.groupBy(ofRun(tables.tries), (row) => text(row['task_id']));
  const states = new Map<string, string>();
  // the last one of the latest time wins
  const changes = ofRun(tables.states).map((row) => ({ row, time: graph.times.ofText(row['timestamp']) }));
  for (const { row } of changes.toSorted((a, b) => a.time - b.time))
    states.set(text(row['task_id']), text(row['task_status_name']));
  const blocks = [...Map.groupBy(ofRun(tables.blocks), (row) => text(row['block_id'])).values()].flatMap(
    (rows) => rows.slice(-1),
  );

  const open = tasks.filter((task) => !endings.has(states.get(text(task['task_id'])) ?? ''));
  if (open.length > 0)
    graph.notes.push(
      `Left out: ${open.length} tasks of the run ${id} that had not ended when this was written.`,
    );
  const failed = [...states.values()].filter((state) => state === 'failed' || state === 'dep_fail').length;
  const complete = text(run['time_completed']) !== '' && open.length === 0;
  const workflow = complete
    ? graph.workflow({
        key: `run ${id}`,
        label: text(run['workflow_name']),
        attributes: {
          ...ended(failed === 0 ? 0 : 1, failed === 0 ? null : `${failed} tasks failed`),
          process_label: text(run['workflow_name']) || 'Parsl run',
          records: { system: 'Parsl', run, blocks },
        },
        time: graph.times.ofText(run['time_began']),
      })
    : null;
  if (workflow === null) graph.notes.push(`The run ${id} did not complete: its tasks come in without it.`);

  const processes = new Map<string, RecordNode>();
  for (const task of tasks) {
    const number = text(task['task_id']);
    const state = states.get(number) ?? '';
    if (!endings.has(state)) continue;
    const tries = attempts.get(number) ?? [];
    const why = text(tries.at(-1)?.['task_fail_history']);
    const [status, message] =
      state === 'failed'
        ? [1, why || 'the task failed']
        : state === 'dep_fail'
          ? [2, 'a task that it depends on failed']
          : [0, null];
    const process = graph.calculation({
      key: `task ${id} ${number}`,
      label: `${text(task['task_func_name'])} ${number}`,
      attributes: {
        ...ended(status, message),
        process_label: text(task['task_func_name']) || 'Parsl task',
        records: { system: 'Parsl', state, task, attempts: [...tries] },
      },
      time: graph.times.ofText(task['task_time_invoked']),
    });
    processes.set(number, process);
    if (workflow !== null) graph.link(workflow, process, 'call_calc', `task_${number}`, null);
  }
  linkResults(graph, id, tasks, processes);
}

/** That a task waited for another is recorded; the value that passed between them is not, and gets a node in its place. */
function linkResults(
  graph: RecordGraph,
  run: string,
  tasks: readonly Row[],
  processes: ReadonlyMap<string, RecordNode>,
): void {
  const results = new Map<string, RecordNode>();
  const why = 'Parsl records that one task waited for the other, not the value between them';
  for (const task of tasks) {
    const process = processes.get(text(task['task_id']));
    const needed = new Set(
      text(task['task_depends'])
        .split(',')
        .filter((part) => part !== ''),
    );
    for (const number of needed) {
      const before = processes.get(number);
      if (process === undefined || before === undefined || before === process) continue;
      let result = results.get(number);
      if (result === undefined) {
        result = graph.data({
          key: `result ${run} ${number}`,
          label: `result of task ${number}`,
          attributes: { value_recorded: false, task: number },
          time: before.time,
        });
        results.set(number, result);
        graph.link(before, result, 'create', 'result', why);
      }
      graph.link(result, process, 'input_calc', `task_${number}`, why);
    }
  }
}
