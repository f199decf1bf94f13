import { kindMask } from '#shared/graph/csr.ts';
import { findCycle } from '#shared/graph/traverse.ts';
import { errorInfo } from '#shared/base/errors.ts';
import { linkTypes, type LinkType } from '#shared/provenance/links.ts';
import { readRepositoryTree } from '#shared/provenance/repository-tree.ts';
import type { GraphCheck } from '../read-api.ts';
import { MemoryGraph } from './memory-graph.ts';
import type { ReadSession } from './session.ts';

/** Of one kind of problem that many are listed; the rest is counted. */
const mostOfAKind = 50;

type Problem = GraphCheck['problems'][number];

/** A rule as the SQL that finds what breaks it: rows of one column, the subject. */
interface Rule {
  readonly code: string;
  readonly message: string;
  readonly sql: string;
}

const data = (node: string): string => `${node}.node_type >= 'data.' AND ${node}.node_type < 'data/'`;
const calculation = (node: string): string =>
  `${node}.node_type >= 'process.calculation.' AND ${node}.node_type < 'process.calculation/'`;
const workflow = (node: string): string =>
  `${node}.node_type >= 'process.workflow.' AND ${node}.node_type < 'process.workflow/'`;

const twice = (columns: string, types: string): string =>
  `SELECT n.uuid FROM (SELECT ${columns}, count(*) AS times FROM links WHERE type IN (${types})
     GROUP BY ${columns} HAVING count(*) > 1) AS l
   JOIN nodes AS n ON n.id = l.${columns.split(',')[0]}`;

const rules: readonly Rule[] = [
  {
    code: 'link-ends',
    message: 'A link joins nodes that its type does not join.',
    sql: `SELECT s.uuid || ' → ' || t.uuid FROM links AS l
      JOIN nodes AS s ON s.id = l.source_id JOIN nodes AS t ON t.id = l.target_id
      WHERE CASE l.type
        WHEN 'input_calc' THEN ${data('s')} AND ${calculation('t')}
        WHEN 'input_work' THEN ${data('s')} AND ${workflow('t')}
        WHEN 'create' THEN ${calculation('s')} AND ${data('t')}
        WHEN 'return' THEN ${workflow('s')} AND ${data('t')}
        WHEN 'call_calc' THEN ${workflow('s')} AND ${calculation('t')}
        WHEN 'call_work' THEN ${workflow('s')} AND ${workflow('t')}
      END IS NOT 1`,
  },
  {
    code: 'link-dangling',
    message: 'A link leads to a node that is not there.',
    sql: `SELECT 'link ' || l.id FROM links AS l
      WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE id = l.source_id)
        OR NOT EXISTS (SELECT 1 FROM nodes WHERE id = l.target_id)`,
  },
  {
    code: 'input-twice',
    message: 'The process has two inputs with the same label.',
    sql: twice('target_id, label', `'input_calc', 'input_work'`),
  },
  {
    code: 'output-twice',
    message: 'The process has two outputs with the same label.',
    sql: twice('source_id, type, label', `'create', 'return'`),
  },
  { code: 'two-creators', message: 'The data has two creators.', sql: twice('target_id', `'create'`) },
  {
    code: 'two-callers',
    message: 'The process has two callers.',
    sql: twice('target_id', `'call_calc', 'call_work'`),
  },
  {
    code: 'seal-differs',
    message: 'The node is sealed and its attributes do not say so, or the other way round.',
    sql: `SELECT uuid FROM nodes
      WHERE CASE WHEN is_process THEN sealed <> (json_extract(attributes, '$.sealed') IS 1) ELSE sealed <> 1 END`,
  },
  {
    code: 'sealed-while-active',
    message: 'The process is sealed, but its state says that it goes on.',
    sql: `SELECT uuid FROM nodes WHERE is_process AND sealed = 1 AND process_state IN ('created', 'running', 'waiting')`,
  },
  {
    code: 'nobody-runs-it',
    message: 'The process has not ended, and the engine knows nothing of it.',
    sql: `SELECT uuid FROM nodes WHERE is_process AND sealed = 0 AND id NOT IN (SELECT process_id FROM runs)`,
  },
  {
    code: 'run-of-ended',
    message: 'The engine still runs a process that has ended, or what is no process.',
    sql: `SELECT n.uuid FROM runs AS r JOIN nodes AS n ON n.id = r.process_id WHERE n.sealed = 1 OR NOT n.is_process`,
  },
  {
    code: 'run-without-node',
    message: 'The engine runs a process that is not there.',
    sql: `SELECT 'process ' || process_id FROM runs WHERE process_id NOT IN (SELECT id FROM nodes)`,
  },
  {
    code: 'effect-without-run',
    message: 'Work was promised for a process that the engine does not run.',
    sql: `SELECT key FROM effects WHERE process_id NOT IN (SELECT process_id FROM runs)`,
  },
];

/** Lists problems of one kind up to a number, and says how many more there are. */
class ProblemList {
  readonly #problems: Problem[] = [];
  readonly #counts = new Map<string, number>();

  add(code: string, subject: string, message: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= mostOfAKind) this.#problems.push({ code, subject, message });
  }

  list(): readonly Problem[] {
    const more = [...this.#counts].flatMap(([code, count]) =>
      count > mostOfAKind
        ? [
            {
              code,
              subject: `${count - mostOfAKind} more`,
              message: `There are ${count} problems of this kind.`,
            },
          ]
        : [],
    );
    return [...this.#problems, ...more];
  }
}

/**
 * Looks for every lie that the database could tell although it should not be able to: pages and indexes, references, the
 * rules of links, cycles, seals, and what the engine is responsible for.
 */
export function checkGraph(session: ReadSession): GraphCheck {
  const problems = new ProblemList();
  checkPages(session, problems);
  for (const { code, message, sql } of rules) {
    for (const subject of session.column<string>(`${sql} LIMIT 1000`)) problems.add(code, subject, message);
  }
  checkCycles(session, problems);
  checkTrees(session, problems);
  const count = (table: string): number => session.value<number>(`SELECT count(*) FROM ${table}`) ?? 0;
  return {
    problems: problems.list(),
    checked: { nodes: count('nodes'), links: count('links'), runs: count('runs'), effects: count('effects') },
  };
}

/**
 * FTS5 keeps what it knows of its segments from one question to the next, and looks whether that still holds when it is
 * asked for rows, but not when its pages are checked (seen with SQLite 3.54). Where another connection has merged the
 * index since this one last asked, a whole index would be called corrupt.
 */
function freshSearchIndex(session: ReadSession): void {
  // of a row that is not there: no segment is read, so one that is damaged does not end the check before it is told
  if (session.traits.hasSearchIndex) session.value('SELECT rowid FROM search WHERE rowid = -1');
}

function checkPages(session: ReadSession, problems: ProblemList): void {
  freshSearchIndex(session);
  const lines = session.pragma('quick_check(100)').map((row) => String(Object.values(row)[0]));
  for (const line of lines) if (line !== 'ok') problems.add('database-damaged', 'pages', `${line}.`);
  const broken = session.all<{
    readonly table: string;
    readonly rowid: number | null;
    readonly parent: string;
  }>('SELECT "table", rowid, parent FROM pragma_foreign_key_check LIMIT 1000');
  for (const { table, rowid, parent } of broken) {
    problems.add(
      'reference-broken',
      `${table} ${rowid ?? ''}`.trim(),
      `Refers to one of ${parent} that is not there.`,
    );
  }
}

/** Calls are a graph of their own: a workflow must not call its own caller. */
const acyclic: readonly { readonly types: readonly LinkType[]; readonly message: string }[] = [
  { types: ['input_calc', 'create'], message: 'The node is its own ancestor' },
  { types: ['call_calc', 'call_work'], message: 'The workflow is its own caller' },
];

function checkCycles(session: ReadSession, problems: ProblemList): void {
  const { csr, ids } = new MemoryGraph(session).current();
  for (const { types, message } of acyclic) {
    const cycle = findCycle(csr, kindMask(types.map((type) => linkTypes.indexOf(type))));
    if (cycle === null) continue;
    const uuids = [...cycle.subarray(0, 20)].map(
      (node) => session.value<string>('SELECT uuid FROM nodes WHERE id = ?', ids[node] as number) ?? '?',
    );
    problems.add(
      'cycle',
      uuids[0] ?? '',
      `${message}: ${uuids.join(' → ')}${cycle.length > 20 ? ' → …' : ''}.`,
    );
  }
}

const nodesAtOnce = 2000;

function checkTrees(session: ReadSession, problems: ProblemList): void {
  for (let after = -1; ;) {
    const rows = session.raw<readonly [id: number, uuid: string, repository: string]>(
      `SELECT id, uuid, repository_metadata FROM nodes WHERE id > ? AND repository_metadata <> '{}' ORDER BY id LIMIT ?`,
      after,
      nodesAtOnce,
    );
    for (const [id, uuid, repository] of rows) {
      after = id;
      try {
        readRepositoryTree(JSON.parse(repository));
      } catch (error) {
        problems.add('file-tree', uuid, errorInfo(error).message);
      }
    }
    if (rows.length < nodesAtOnce) return;
  }
}
