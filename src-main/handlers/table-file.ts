import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { csvRecord, type CsvCell } from '#shared/base/csv.ts';
import type { HandlerContext, Handlers } from '#shared/channel/server.ts';
import type { ProcessRow } from '#shared/contract/areas/processes.ts';
import type { TableView } from '#shared/contract/areas/ways-out.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Progress } from '#shared/contract/common.ts';
import type { NodePage } from '../provenance/read-api.ts';

/** The tables that a window shows, by the same handlers. */
export type Tables = Pick<Handlers<Contract>, 'processes.table' | 'nodes.find'>;

type NodeRow = NodePage['rows'][number];
type Columns<Row> = Readonly<Record<string, Readonly<Record<string, (row: Row) => CsvCell>>>>;

const iso = (ms: number): string => new Date(ms).toISOString();

/** What a column on the screen becomes: one column or two, as a program wants them. */
const processColumns: Columns<ProcessRow> = {
  pk: { pk: (row) => row.pk },
  uuid: { uuid: (row) => row.uuid },
  state: { state: (row) => row.state, exit_status: (row) => row.exitStatus },
  name: { name: (row) => row.name, label: (row) => row.label },
  activity: {
    activity: ({ activity: { words, reason } }) => (reason === '' ? words : `${words}, ${reason}`),
    from_cache: (row) => (row.cached === true ? 'yes' : 'no'),
  },
  computer: { computer: (row) => row.computer },
  elapsed: { elapsed_s: (row) => Math.round(row.mtime - row.ctime) / 1000 },
  ctime: { created: (row) => iso(row.ctime) },
  mtime: { changed: (row) => iso(row.mtime) },
};
const nodeColumns: Columns<NodeRow> = {
  pk: { pk: (row) => row.pk },
  uuid: { uuid: (row) => row.uuid },
  name: { name: (row) => row.name, label: (row) => row.label },
  content: { content: (row) => row.summary },
  type: { type: (row) => row.nodeType },
  ctime: { created: (row) => iso(row.ctime) },
  mtime: { changed: (row) => iso(row.mtime) },
};

const pageSize = 500;

async function* processPages(
  tables: Tables,
  source: string,
  { columns: _columns, kind: _kind, ...query }: Extract<TableView, { kind: 'processes' }>,
  context: HandlerContext,
): AsyncGenerator<{ readonly rows: readonly ProcessRow[]; readonly total: number }> {
  // processes may begin while this goes on, and shift the others: each leaves once
  const seen = new Set<string>();
  for (let offset = 0; ; offset += pageSize) {
    for await (const item of tables['processes.table'](
      { source, ...query, offset, limit: pageSize },
      context,
    )) {
      const rows = item.rows.filter(({ uuid }) => !seen.has(uuid));
      for (const { uuid } of rows) seen.add(uuid);
      yield { rows, total: item.total };
      if (item.rows.length < pageSize) return;
      break;
    }
  }
}

async function* nodePages(
  tables: Tables,
  source: string,
  { columns: _columns, kind: _kind, ...query }: Extract<TableView, { kind: 'data' }>,
  context: HandlerContext,
): AsyncGenerator<{ readonly rows: readonly NodeRow[]; readonly total: number }> {
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<Tables['nodes.find']>> = await tables['nodes.find'](
      { source, ...query, after, limit: pageSize },
      context,
    );
    yield page;
    after = page.next;
  } while (after !== null);
}

const headOf = <Row>(columns: Columns<Row>, ids: readonly string[]): readonly string[] =>
  ids.flatMap((id) => Object.keys(columns[id] ?? {}));
const cellsOf = <Row>(columns: Columns<Row>, ids: readonly string[], row: Row): readonly CsvCell[] =>
  ids.flatMap((id) => Object.values(columns[id] ?? {}).map((cell) => cell(row)));

/** The records of a table, page by page; the first has the names of its columns. */
async function* records(
  tables: Tables,
  source: string,
  table: TableView,
  context: HandlerContext,
): AsyncGenerator<{ readonly text: string; readonly rows: number; readonly total: number | null }> {
  const page = <Row>(columns: Columns<Row>, rows: readonly Row[], total: number) => ({
    text: rows.map((row) => csvRecord(cellsOf(columns, table.columns, row))).join(''),
    rows: rows.length,
    total,
  });
  const head =
    table.kind === 'processes' ? headOf(processColumns, table.columns) : headOf(nodeColumns, table.columns);
  yield { text: csvRecord(head), rows: 0, total: null };
  if (table.kind === 'processes') {
    for await (const { rows, total } of processPages(tables, source, table, context))
      yield page(processColumns, rows, total);
  } else {
    for await (const { rows, total } of nodePages(tables, source, table, context))
      yield page(nodeColumns, rows, total);
  }
}

/** Writes a table beside the target and gives it its name when it is complete. @returns how many rows it has */
export async function writeTable(
  tables: Tables,
  { source, table, file }: { readonly source: string; readonly table: TableView; readonly file: string },
  context: HandlerContext,
  onProgress: (progress: Progress) => void,
): Promise<number> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID().slice(0, 8)}.part`);
  let done = 0;
  try {
    const out = await open(temporary, 'wx');
    try {
      for await (const { text, rows, total } of records(tables, source, table, context)) {
        context.signal.throwIfAborted();
        await out.writeFile(text);
        done += rows;
        onProgress({ done, total, unit: 'nodes', words: 'Writing rows' });
      }
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(temporary, file);
    return done;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
