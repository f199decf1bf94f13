import { userError } from '#shared/base/errors.ts';
import type { FindNodes, NodePage } from '../read-api.ts';
import { allOf, filterSql, type Condition } from './filter-sql.ts';
import { refColumns, refJoins, toMs, toRef, type RefRow } from './node-rows.ts';
import { readFilter } from './read-filter.ts';
import type { ReadSession } from './session.ts';

/** Counting stops there: what a person wants to know is “many”. */
const mostCounted = 100_000;

/** From so many matches on it is quicker to go through all nodes by time than to sort the matches. */
const denseFrom = 2000;

const cursorPattern = /^(-?\d{1,16})\.(\d{1,16})$/;

/** What makes a node fit, but for the group that it is looked for in. @throws StemmaError `bad-filter` */
export function nodesFitting(
  { traits: { hasSearchIndex, now } }: ReadSession,
  { filter, typePrefix }: Pick<FindNodes, 'filter' | 'typePrefix'>,
): readonly Condition[] {
  const fits = filterSql(readFilter(filter), { hasSearchIndex, now: now() });
  if (typePrefix === '') return [fits];
  const isOfType = '(n.node_type >= ? AND n.node_type < ?)';
  return [fits, { sql: isOfType, params: [typePrefix, `${typePrefix}~`] }];
}

/** Nodes newest first, a page at a time by key: page 1000 costs what page 1 costs. @throws StemmaError `bad-filter`, `bad-cursor` */
export function findNodes(
  session: ReadSession,
  { filter, typePrefix, group = null, after, limit }: FindNodes,
): NodePage {
  const { hasSearchIndex, hasTimeKey = false } = session.traits;
  const conditions = [...nodesFitting(session, { filter, typePrefix })];
  if (group !== null) {
    conditions.push({
      sql: 'n.id IN (SELECT m.node_id FROM groups AS g JOIN group_nodes AS m ON m.group_id = g.id WHERE g.uuid = ?)',
      params: [group],
    });
  }
  const wanted = allOf(conditions);
  const total =
    session.value<number>(
      `SELECT count(*) FROM (SELECT 1 FROM nodes AS n WHERE ${wanted.sql} LIMIT ?)`,
      ...wanted.params,
      mostCounted + 1,
    ) ?? 0;
  const page = allOf([...conditions, ...(after === null ? [] : [olderThan(after, hasTimeKey)])]);
  const isDense = total >= denseFrom;
  // archives are seen through views, which have no indexes of their own: those of their tables are taken by the order
  const byTime = hasSearchIndex && isDense ? 'INDEXED BY nodes_by_ctime' : '';
  const key = hasTimeKey ? 'ctime_key' : 'ctime';
  const order = `${hasTimeKey && !isDense ? '+' : ''}n.${key} DESC, n.id DESC`;
  // The order is found on narrow rows; only the page reads the wide ones.
  const rows = session.all<RefRow & { readonly mtime: number }>(
    `SELECT ${refColumns}, n.mtime
     FROM (SELECT n.id FROM nodes AS n ${byTime} WHERE ${page.sql} ORDER BY ${order} LIMIT ?) AS page
     JOIN nodes AS n ON n.id = page.id ${refJoins} ORDER BY n.${key} DESC, n.id DESC`,
    ...page.params,
    limit,
  );
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => ({ ...toRef(row), label: row.label, mtime: toMs(row.mtime) })),
    next: rows.length < limit || last === undefined ? null : `${last.ctime}.${last.id}`,
    total: Math.min(total, mostCounted),
    exact: total <= mostCounted,
  };
}

function olderThan(cursor: string, hasTimeKey: boolean): Condition {
  const [, ctime, id] = cursorPattern.exec(cursor) ?? [];
  if (ctime === undefined || id === undefined) {
    throw userError({
      code: 'bad-cursor',
      message: 'This page of the list cannot be found; reload the list.',
    });
  }
  if (hasTimeKey) {
    // an archive never changes, so the row is there
    return {
      sql: '(n.ctime_key, n.id) < (SELECT ctime_key, id FROM nodes WHERE id = ?)',
      params: [Number(id)],
    };
  }
  return { sql: '(n.ctime, n.id) < (?, ?)', params: [Number(ctime), Number(id)] };
}
