import type { SearchHit } from '#shared/contract/areas/nodes.ts';
import { shortened } from '#shared/provenance/summary.ts';
import { searchColumns } from '../search-index.ts';
import { ftsQuery, holdsWords, searchTokens, searchWords, type SearchSource } from '../search-words.ts';
import { filterSql } from './filter-sql.ts';
import { toRef } from './node-rows.ts';
import { resolveNodes } from './nodes.ts';
import { refRowsByIds } from './refs.ts';
import type { ReadSession } from './session.ts';

/** Of so many matches the newest are looked at and put in order; more would make a short word slow. */
const mostRanked = 400;

/**
 * Everything by words: groups and computers by label, nodes by UUID or PK, then nodes by the index. A word is found by
 * its beginning; several must all be there. Exact names come first, then the newest.
 */
export function searchAll(session: ReadSession, words: string, limit: number): readonly SearchHit[] {
  const text = words.trim();
  if (text === '') return [];
  const direct = resolveNodes(session, text).map((node): SearchHit => ({
    kind: 'node',
    node,
    matched: /^\d+$/.test(text) ? `PK ${node.pk}` : node.uuid,
  }));
  const known = new Set(direct.flatMap((hit) => (hit.kind === 'node' ? [hit.node.pk] : [])));
  const named = [...groupHits(session, text), ...computerHits(session, text)];
  const found = nodeHits(session, text).filter((hit) => hit.kind !== 'node' || !known.has(hit.node.pk));
  // places that few can match must not be pushed out by nodes that many do
  return [...direct, ...named.slice(0, Math.max(6, limit - found.length)), ...found].slice(0, limit);
}

const like = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

const groupHits = (session: ReadSession, text: string): readonly SearchHit[] =>
  session
    .all<{ readonly uuid: string; readonly label: string; readonly count: number }>(
      `SELECT g.uuid, g.label, (SELECT count(*) FROM group_nodes AS m WHERE m.group_id = g.id) AS count
       FROM groups AS g WHERE g.label LIKE ? ESCAPE '\\' ORDER BY length(g.label), g.label LIMIT 10`,
      like(text),
    )
    .map((group) => ({ kind: 'group', ...group }));

const computerHits = (session: ReadSession, text: string): readonly SearchHit[] =>
  session
    .all<{ readonly uuid: string; readonly label: string; readonly hostname: string }>(
      `SELECT uuid, label, hostname FROM computers
       WHERE label LIKE ? ESCAPE '\\' OR hostname LIKE ? ESCAPE '\\' ORDER BY label LIMIT 10`,
      like(text),
      like(text),
    )
    .map((computer) => ({ kind: 'computer', ...computer }));

interface Ranked {
  readonly id: number;
  readonly rank: number;
  readonly matched: string;
}

function nodeHits(session: ReadSession, text: string): readonly SearchHit[] {
  const ids = matchingIds(session, text);
  const sources = session.all<SearchSource & { readonly id: number }>(
    `SELECT ${searchColumns('n')} FROM json_each(?) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value`,
    JSON.stringify(ids),
  );
  const ranked = sources.map((source): Ranked => rank(source, text));
  ranked.sort((a, b) => a.rank - b.rank || b.id - a.id);
  const best = ranked.slice(0, 100);
  const rows = new Map(
    refRowsByIds(
      session,
      best.map(({ id }) => id),
    ).map((row) => [row.id, row]),
  );
  return best.flatMap(({ id, matched }) => {
    const row = rows.get(id);
    return row === undefined ? [] : [{ kind: 'node', node: toRef(row), matched } satisfies SearchHit];
  });
}

/** Newest first, at most {@link mostRanked}. */
function matchingIds(session: ReadSession, text: string): readonly number[] {
  const { hasSearchIndex, now } = session.traits;
  const query = hasSearchIndex ? ftsQuery(text) : null;
  if (query === null) {
    const { sql, params } = filterSql({ kind: 'words', text }, { hasSearchIndex: false, now: now() });
    return session.column<number>(
      `SELECT n.id FROM nodes AS n WHERE ${sql} ORDER BY n.id DESC LIMIT ${mostRanked}`,
      ...params,
    );
  }
  const indexed = session.column<number>(
    `SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ${mostRanked}`,
    query,
  );
  return [...new Set([...behindTheIndex(session, text), ...indexed])].slice(0, mostRanked);
}

/** What was written in the last second, or during an import; the newest come first. */
const mostBehind = 5000;

function behindTheIndex(session: ReadSession, text: string): readonly number[] {
  const rows = session.all<SearchSource & { readonly id: number }>(
    `SELECT ${searchColumns('n')} FROM nodes AS n WHERE n.id IN (
       SELECT node_id FROM search_queue
       UNION SELECT id FROM nodes WHERE id > (SELECT indexed_to FROM search_state)
     ) ORDER BY n.id DESC LIMIT ${mostBehind}`,
  );
  const wanted = searchTokens(text);
  return rows.filter((row) => holdsWords(searchWords(row), wanted)).map((row) => row.id);
}

/** 0 for the exact name … 4 for a value; and the text in which the words stand. */
function rank(source: SearchSource & { readonly id: number }, text: string): Ranked {
  const wanted = searchTokens(text);
  const lower = text.toLowerCase();
  const name = source.label || source.processLabel || '';
  if (name.toLowerCase() === lower) return { id: source.id, rank: 0, matched: name };
  if (name.toLowerCase().startsWith(lower)) return { id: source.id, rank: 1, matched: name };
  const texts: readonly (readonly [rank: number, text: string])[] = [
    [2, source.label],
    [2, source.processLabel ?? ''],
    [3, source.description],
    [3, source.processType ?? ''],
    [3, source.nodeType],
  ];
  const place = texts.find(([, one]) => one !== '' && holdsWords(one, wanted));
  if (place !== undefined) return { id: source.id, rank: place[0], matched: shortened(place[1]) };
  return { id: source.id, rank: 4, matched: valueWith(source.attributes, wanted) };
}

/** The short value in which the first word stands, with its key: `creator_name: pwscf`. */
function valueWith(attributes: string | null, wanted: readonly string[]): string {
  const pairs = (attributes ?? '').matchAll(/"([^"\\]{1,100})"\s*:\s*"((?:[^"\\]|\\.){1,200})"/g);
  for (const [, key, value] of pairs) {
    if (key !== undefined && value !== undefined && wanted.some((token) => holdsWords(value, [token]))) {
      return shortened(`${key}: ${value}`);
    }
  }
  return '';
}
