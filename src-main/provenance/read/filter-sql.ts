import { assertNever } from '#shared/base/assert.ts';
import { displayStates } from '#shared/process/states.ts';
import { typeWords } from '#shared/query/fields.ts';
import { timeSpan } from '#shared/query/time-values.ts';
import type { Filter, StateWord, TextField } from '#shared/query/tree.ts';
import type { InNeed } from '../read-api.ts';
import { ftsQuery, searchTokens } from '../search-words.ts';
import { holdsWordsSql } from './words-function.ts';
import type { Param } from './session.ts';

/** A condition on `nodes AS n` and its parameters, in the order of their question marks. */
export interface Condition {
  readonly sql: string;
  readonly params: readonly Param[];
}

export interface FilterTraits {
  readonly hasSearchIndex: boolean;
  /** Milliseconds since 1970; what `7d` is counted from. */
  readonly now: number;
  /** What does not go on before a person acts; without it nothing does. */
  readonly inNeed?: InNeed | undefined;
}

export const always: Condition = { sql: '1', params: [] };
const never: Condition = { sql: '0', params: [] };

const condition = (sql: string, ...params: readonly Param[]): Condition => ({ sql, params });

function joined(parts: readonly Condition[], word: 'AND' | 'OR'): Condition {
  return {
    sql: `(${parts.map(({ sql }) => sql).join(` ${word} `)})`,
    params: parts.flatMap(({ params }) => params),
  };
}

/** True for every row where there are no parts. */
export const allOf = (parts: readonly Condition[]): Condition =>
  parts.length === 0 ? always : joined(parts, 'AND');
const anyOf = (parts: readonly Condition[]): Condition => (parts.length === 0 ? never : joined(parts, 'OR'));

const escaped = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

/** `LIKE` ignores the case of ASCII letters. */
const contains = (expression: string, text: string): Condition =>
  condition(`${expression} LIKE ? ESCAPE '\\'`, `%${escaped(text)}%`);

/** The whole text, where `*` stands for anything. */
const equals = (expression: string, text: string): Condition =>
  text.includes('*')
    ? condition(`${expression} LIKE ? ESCAPE '\\'`, escaped(text).replaceAll('*', '%'))
    : condition(`${expression} = ? COLLATE NOCASE`, text);

/** What begins with a prefix, so that an index serves. `~` comes after every letter of a type or a UUID. */
const beginsWith = (expression: string, prefix: string): Condition =>
  condition(`(${expression} >= ? AND ${expression} < ?)`, prefix, `${prefix}~`);

const placeholders = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** @throws never: what the parser let through can be asked */
export function filterSql(filter: Filter, traits: FilterTraits): Condition {
  switch (filter.kind) {
    case 'all':
      return always;
    case 'and':
      return allOf(filter.parts.map((part) => filterSql(part, traits)));
    case 'or':
      return anyOf(filter.parts.map((part) => filterSql(part, traits)));
    case 'not': {
      const { sql, params } = filterSql(filter.part, traits);
      // what is unknown (an exit status that is not there) is not so either
      return { sql: `(${sql}) IS NOT 1`, params };
    }
    case 'words':
      return wordsSql(filter.text, traits);
    case 'state': {
      const states = filter.states.flatMap((state) => statesOf(state));
      const plain = condition(`n.display_state IN (${placeholders(states)})`, ...states);
      if (!filter.states.includes('needs-you')) return plain;
      return anyOf([...(states.length === 0 ? [] : [plain]), inNeedSql(traits.inNeed)]);
    }
    case 'type':
      return anyOf(filter.types.map((type) => typeSql(type)));
    case 'text':
      return anyOf(filter.values.map((value) => textSql(filter.field, filter.match, value)));
    case 'uuid':
      return anyOf(filter.prefixes.map((prefix) => beginsWith('n.uuid', prefix)));
    case 'number': {
      const column = filter.field === 'pk' ? 'n.id' : 'n.exit_status';
      const { compare, values } = filter;
      return compare === '='
        ? condition(`${column} IN (${placeholders(values)})`, ...values)
        : condition(`${column} ${compare} ?`, values[0] ?? 0);
    }
    case 'time': {
      const column = filter.field === 'ctime' ? 'n.ctime' : 'n.mtime';
      const { start, end } = timeSpan(filter.value, traits.now);
      const [from, to] = [Math.round(start * 1000), Math.round(end * 1000)];
      const { compare } = filter;
      switch (compare) {
        case '=':
          // an age is a moment: within it means since then
          return from === to
            ? condition(`${column} >= ?`, from)
            : condition(`(${column} >= ? AND ${column} < ?)`, from, to);
        case '>':
          return condition(from === to ? `${column} > ?` : `${column} >= ?`, to);
        case '>=':
          return condition(`${column} >= ?`, from);
        case '<':
          return condition(`${column} < ?`, from);
        case '<=':
          return condition(from === to ? `${column} <= ?` : `${column} < ?`, to);
        default:
          return assertNever(compare);
      }
    }
    case 'json':
      return jsonSql(filter);
    default:
      return assertNever(filter);
  }
}

/** @param inNeed none for an archive: nothing goes on there */
export function inNeedSql(inNeed: InNeed | undefined): Condition {
  if (inNeed === undefined || (inNeed.processes.length === 0 && inNeed.computers.length === 0)) return never;
  return condition(
    `(n.uuid IN (SELECT value FROM json_each(?)) OR (n.display_state < 3 AND n.computer_id IN
      (SELECT id FROM computers WHERE label IN (SELECT value FROM json_each(?)))))`,
    JSON.stringify(inNeed.processes),
    JSON.stringify(inNeed.computers),
  );
}

function statesOf(state: StateWord): readonly number[] {
  if (state === 'needs-you') return [];
  if (state === 'active') return [0, 1, 2, 3];
  if (state === 'ended') return [4, 5, 6, 7];
  return [displayStates.indexOf(state)];
}

function typeSql(type: string): Condition {
  const prefixes = Object.hasOwn(typeWords, type) ? typeWords[type] : undefined;
  if (prefixes !== undefined) return anyOf(prefixes.map((prefix) => beginsWith('n.node_type', prefix)));
  if (type.includes('.')) return beginsWith('n.node_type', type);
  // a class (`Dict`) or the entry point of a core type (`structure`), which had no `core.` in AiiDA 1
  return anyOf([
    condition(`n.node_type LIKE ? ESCAPE '\\'`, `%.${escaped(type)}.`),
    condition(`n.node_type LIKE ? ESCAPE '\\'`, `data.core.${escaped(type)}.%`),
    condition(`n.node_type LIKE ? ESCAPE '\\'`, `data.${escaped(type)}.%`),
  ]);
}

/** What a table calls a process; the expression of the index `processes_by_name`. */
export const nameExpression = `ifnull(nullif(n.label, ''), n.process_label)`;

function textSql(field: TextField, match: 'is' | 'has', value: string): Condition {
  const compare = match === 'is' ? equals : contains;
  const inside = (sql: string, { sql: inner, params }: Condition): Condition => ({
    sql: sql.replace('@', () => inner),
    params,
  });
  switch (field) {
    case 'label':
      return value === '' || match === 'has'
        ? compare('n.label', value)
        : // the partial index on labels holds those that are not empty
          allOf([compare('n.label', value), condition(`n.label <> ''`)]);
    case 'description':
      return compare('n.description', value);
    case 'name':
      return compare(nameExpression, value);
    case 'computer':
      return inside('n.computer_id IN (SELECT id FROM computers WHERE @)', compare('label', value));
    case 'user':
      return inside('n.user_id IN (SELECT id FROM users WHERE @)', compare('email', value));
    case 'group':
      return inside(
        'n.id IN (SELECT m.node_id FROM groups AS g JOIN group_nodes AS m ON m.group_id = g.id WHERE @)',
        compare('g.label', value),
      );
    case 'plugin':
      return match === 'has'
        ? contains('n.process_type', value)
        : anyOf([equals('n.process_type', value), equals('n.process_type', `*:${value}`)]);
    default:
      return assertNever(field);
  }
}

/** Archives have no index: the beginning of a word or its middle, in the names and in the text of the attributes. */
function wordsByLike(text: string): Condition {
  const tokens = searchTokens(text);
  const texts = `n.label || ' ' || n.description || ' ' || n.node_type || ' ' || ifnull(n.process_type, '') || ' ' || n.attributes`;
  return allOf((tokens.length === 0 ? [text] : tokens).map((token) => contains(texts, token)));
}

/** So many of the newest nodes are looked at themselves when the index is behind. */
const mostBehind = 20_000;

function wordsSql(text: string, { hasSearchIndex }: FilterTraits): Condition {
  const query = hasSearchIndex ? ftsQuery(text) : null;
  if (query === null) return wordsByLike(text);
  // what was written in the last second is not in the index yet, and must not be missed
  return condition(
    `n.id IN (
      SELECT rowid FROM search WHERE search MATCH ?
      UNION ALL SELECT n.id FROM nodes AS n
        WHERE n.id > max((SELECT indexed_to FROM search_state), (SELECT max(id) - ${mostBehind} FROM nodes))
          AND ${holdsWordsSql}
      UNION ALL SELECT n.id FROM search_queue AS q CROSS JOIN nodes AS n ON n.id = q.node_id WHERE ${holdsWordsSql}
    )`,
    query,
    text,
    text,
  );
}

function jsonSql(term: Extract<Filter, { kind: 'json' }>): Condition {
  const column = term.column === 'attr' ? 'n.attributes' : 'n.extras';
  const path = `$${term.path.map((key) => `."${key}"`).join('')}`;
  const value = `json_extract(${column}, ?)`;
  const type = `json_type(${column}, ?)`;
  const { compare, value: wanted } = term;
  if (compare === 'has') {
    const { sql, params } = contains(value, String(wanted));
    return condition(sql, path, ...params);
  }
  if (wanted === null || typeof wanted === 'boolean') return condition(`${type} = ?`, path, String(wanted));
  if (typeof wanted === 'number') {
    return condition(`(${type} IN ('integer', 'real') AND ${value} ${compare} ?)`, path, path, wanted);
  }
  if (compare !== '=') return condition(`(${type} = 'text' AND ${value} ${compare} ?)`, path, path, wanted);
  const { sql, params } = equals(value, wanted);
  return condition(`(${type} = 'text' AND ${sql})`, path, path, ...params);
}
