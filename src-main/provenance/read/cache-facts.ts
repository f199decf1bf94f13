/**
 * Why a calculation was not taken from the cache: what was there when it was launched, nearest first. Bounded: a few
 * hundred candidates are looked at, whatever the profile holds.
 */
import { dataHash, unhashedAttributes } from '#shared/provenance/hash/node-hash.ts';
import { jsonDifferences } from '#shared/provenance/json-differences.ts';
import { readPyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { filesOf, readRepositoryTree } from '#shared/provenance/repository-tree.ts';
import { className } from '#shared/provenance/node-types.ts';
import {
  cacheHash,
  cacheSource,
  isCalculation as isCalculationType,
  mayBeCopied,
} from '../migrations/0002-caching.ts';
import type { CacheCandidate, CacheDifference, CacheFacts } from '../read-api.ts';
import { fileHash } from './nodes.ts';
import { summaryOfRow, type RefRow } from './node-rows.ts';
import { nodeRefById, refRowsByIds } from './refs.ts';
import type { ReadSession } from './session.ts';

/** Of the same type, the latest; and of those that share an input node, the latest for each input. */
const mostLatest = 150;
const mostSharing = 100;
const mostInputs = 50;
/** Places in a dictionary, a list or a structure where two inputs differ. */
const mostPlaces = 30;
/** Attributes beyond this are not hashed for a comparison (bytes); such a node is only equal to itself. */
const longestHashed = 1_000_000;

interface ProcessFacts {
  readonly id: number;
  readonly uuid: string;
  readonly node_type: string;
  readonly process_type: string | null;
  readonly computer: string | null;
  readonly attributes: string;
  readonly hash: string | null;
  readonly source: string | null;
  readonly may_be_copied: number;
  readonly process_state: string | null;
  readonly exit_status: number | null;
  readonly ctime: number;
  readonly sealed: number;
}

const processColumns = `n.id, n.uuid, n.node_type, n.process_type, n.attributes, n.process_state, n.exit_status,
  n.ctime, n.sealed, c.label AS computer, ${ofNode(cacheHash)} AS hash, ${ofNode(cacheSource)} AS source,
  ${ofNode(mayBeCopied)} AS may_be_copied`;

function ofNode(expression: string): string {
  return expression.replaceAll('extras', 'n.extras');
}

const processJoin = 'FROM nodes AS n LEFT JOIN computers AS c ON c.id = n.computer_id';

/** Null where there is no such process. */
export function cacheFacts(session: ReadSession, uuid: string): CacheFacts | null {
  const process = session.get<ProcessFacts>(
    `SELECT ${processColumns} ${processJoin} WHERE n.uuid = ? AND n.is_process`,
    uuid,
  );
  if (process === undefined) return null;
  const metadata = (JSON.parse(process.attributes) as { readonly [key: string]: unknown })['metadata_inputs'];
  const launched = metadata as { readonly metadata?: { readonly disable_cache?: unknown } } | undefined;
  const isCopy = process.source !== null;
  const candidates = isCopy || !isCalculation(process) ? [] : candidatesOf(session, process);
  return {
    processType: process.process_type ?? '',
    isCalculation: isCalculation(process),
    hasHash: process.hash !== null,
    processState: process.process_state ?? '',
    exitStatus: process.exit_status,
    isTakenOut: process.may_be_copied === 0,
    isSwitchedOff: launched?.metadata?.disable_cache === true,
    source: process.source === null ? null : sourceOf(session, process.source),
    copies:
      session.value<number>(
        `SELECT count(*) FROM (SELECT 1 FROM nodes WHERE ${cacheSource} = ? LIMIT 1000)`,
        process.uuid,
      ) ?? 0,
    ofType: candidates.length,
    nearest: nearestOf(session, process, candidates),
  };
}

const isCalculation = ({ node_type: type }: ProcessFacts): boolean => type.startsWith('process.calculation.');

/** The first run at the beginning of a chain of copies is what took the time. */
function sourceOf(session: ReadSession, uuid: string): NonNullable<CacheFacts['source']> {
  const idOf = (one: string): number | undefined =>
    session.value<number>('SELECT id FROM nodes WHERE uuid = ?', one);
  const id = idOf(uuid);
  if (id === undefined) return { uuid, node: null, ranMs: null };
  let origin = id;
  for (let step = 0; step < 100; step++) {
    const before = session.value<string | null>(`SELECT ${cacheSource} FROM nodes WHERE id = ?`, origin);
    const next = typeof before === 'string' ? idOf(before) : undefined;
    if (next === undefined) break;
    origin = next;
  }
  return { uuid, node: nodeRefById(session, id), ranMs: ranMs(session, origin) };
}

/** From its launch to its end. */
function ranMs(session: ReadSession, id: number): number | null {
  const ctime = session.value<number>('SELECT ctime FROM nodes WHERE id = ?', id);
  return ctime === undefined ? null : Math.max(0, (endOf(session, id) - ctime) / 1000);
}

/**
 * When a process ended, in microseconds. Not by its mtime where it can be known better: that moves on when a person
 * changes a label or an extra.
 */
function endOf(session: ReadSession, id: number): number {
  return (
    session.value<number>(
      `SELECT coalesce(max(last, made), last, made, mtime) FROM (
         SELECT mtime, (SELECT max(time) * 1000 FROM journal WHERE process_id = nodes.id) AS last,
           (SELECT max(o.ctime) FROM links AS l JOIN nodes AS o ON o.id = l.target_id
            WHERE l.source_id = nodes.id AND l.type = 'create') AS made
         FROM nodes WHERE id = ?)`,
      id,
    ) ?? 0
  );
}

interface InputRow {
  readonly process: number;
  readonly label: string;
  readonly id: number;
  readonly hash: string;
}

/** Hashes of the inputs of processes, each of a node only once. */
function inputsOf(session: ReadSession, processes: readonly number[]): Map<number, Map<string, InputRow>> {
  const hashes = new Map<number, string>();
  const out = new Map<number, Map<string, InputRow>>(processes.map((process) => [process, new Map()]));
  const rows = session.all<Omit<InputRow, 'hash'> & { readonly hash: string | null }>(
    `SELECT l.target_id AS process, l.label, s.id, ${cacheHash.replace('extras', 's.extras')} AS hash
     FROM json_each(?) AS wanted CROSS JOIN links AS l ON l.target_id = wanted.value AND l.type = 'input_calc'
     JOIN nodes AS s ON s.id = l.source_id`,
    JSON.stringify(processes),
  );
  for (const row of rows) {
    const hash = row.hash ?? hashes.get(row.id) ?? workedOut(session, row.id);
    hashes.set(row.id, hash);
    out.get(row.process)?.set(row.label, { ...row, hash });
  }
  return out;
}

/** Of what came with an archive, whose hashes do not come along. */
function workedOut(session: ReadSession, id: number): string {
  const row = session.get<{
    readonly node_type: string;
    readonly attributes: string;
    readonly repository_metadata: string;
    readonly computer: string | null;
  }>(
    `SELECT n.node_type, n.attributes, n.repository_metadata, c.uuid AS computer FROM nodes AS n
     LEFT JOIN computers AS c ON c.id = n.computer_id WHERE n.id = ? AND octet_length(n.attributes) <= ${longestHashed}`,
    id,
  );
  if (row === undefined) return `node ${id}`;
  return dataHash({
    nodeType: row.node_type,
    attributes: readPyJson(row.attributes) as { readonly [key: string]: PyJson },
    repository: readRepositoryTree(JSON.parse(row.repository_metadata)),
    computer: row.computer,
  });
}

/** What was there before, of the same type. */
function candidatesOf(session: ReadSession, process: ProcessFacts): readonly number[] {
  const ids = new Set(
    session.column<number>(
      `SELECT id FROM nodes WHERE node_type = ? AND process_type IS ? AND id < ? ORDER BY id DESC LIMIT ${mostLatest}`,
      process.node_type,
      process.process_type,
      process.id,
    ),
  );
  const inputs = session.column<number>(
    `SELECT source_id FROM links WHERE target_id = ? AND type = 'input_calc' LIMIT ${mostInputs}`,
    process.id,
  );
  for (const input of inputs) {
    const sharing = session.column<number>(
      `SELECT n.id FROM (
         SELECT target_id FROM links WHERE source_id = ? AND type = 'input_calc' AND target_id < ?
         ORDER BY target_id DESC LIMIT ${mostSharing}
       ) AS l JOIN nodes AS n ON n.id = l.target_id WHERE n.node_type = ? AND n.process_type IS ?`,
      input,
      process.id,
      process.node_type,
      process.process_type,
    );
    for (const id of sharing) ids.add(id);
  }
  if (process.hash !== null) {
    const equal = session.column<number>(
      `SELECT id FROM nodes WHERE ${cacheHash} = ? AND ${isCalculationType} AND node_type = ? AND process_type IS ? AND id < ?
       ORDER BY id LIMIT 20`,
      process.hash,
      process.node_type,
      process.process_type,
      process.id,
    );
    for (const id of equal) ids.add(id);
  }
  return [...ids];
}

interface Scored {
  readonly process: ProcessFacts;
  readonly equal: number;
  readonly differing: number;
  readonly isEqual: boolean;
  readonly isGood: boolean;
}

function nearestOf(
  session: ReadSession,
  process: ProcessFacts,
  ids: readonly number[],
): CacheCandidate | null {
  if (ids.length === 0) return null;
  const inputs = inputsOf(session, [process.id, ...ids]);
  const own = inputs.get(process.id) ?? new Map<string, InputRow>();
  const rows = session.all<ProcessFacts>(
    `SELECT ${processColumns} FROM json_each(?) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value
     LEFT JOIN computers AS c ON c.id = n.computer_id`,
    JSON.stringify(ids),
  );
  const scored = rows.map((candidate): Scored => {
    const theirs = inputs.get(candidate.id) ?? new Map<string, InputRow>();
    let equal = 0;
    for (const [label, { hash }] of own) if (theirs.get(label)?.hash === hash) equal++;
    return {
      process: candidate,
      equal,
      differing: new Set([...own.keys(), ...theirs.keys()]).size - equal,
      isEqual: process.hash !== null && candidate.hash === process.hash,
      isGood: candidate.sealed === 1 && candidate.process_state === 'finished' && candidate.exit_status === 0,
    };
  });
  const [best] = scored.toSorted(
    (a, b) =>
      Number(b.isEqual) - Number(a.isEqual) ||
      b.equal - a.equal ||
      a.differing - b.differing ||
      Number(b.isGood) - Number(a.isGood) ||
      b.process.id - a.process.id,
  );
  const node = best === undefined ? null : nodeRefById(session, best.process.id);
  if (best === undefined || node === null) return null;
  const candidate = best.process;
  return {
    node,
    isEqual: best.isEqual,
    isSealed: candidate.sealed === 1,
    processState: candidate.process_state ?? '',
    exitStatus: candidate.exit_status,
    isTakenOut: candidate.may_be_copied === 0,
    wasOver: endOf(session, candidate.id) <= process.ctime,
    equalInputs: best.equal,
    inputs: own.size,
    differences: best.isEqual
      ? []
      : [
          ...inputDifferences(session, own, inputs.get(candidate.id) ?? new Map<string, InputRow>()),
          ...codeDifference(session, process, candidate),
          ...otherDifferences(process, candidate),
        ],
  };
}

function inputDifferences(
  session: ReadSession,
  own: ReadonlyMap<string, InputRow>,
  theirs: ReadonlyMap<string, InputRow>,
): readonly CacheDifference[] {
  const labels = [...new Set([...own.keys(), ...theirs.keys()])];
  const differing = labels
    .filter((label) => own.get(label)?.hash !== theirs.get(label)?.hash)
    .slice(0, mostInputs);
  const ids = differing.flatMap((label) => [own.get(label)?.id ?? 0, theirs.get(label)?.id ?? 0]);
  const refs = new Map(refRowsByIds(session, ids).map((row) => [row.id, row]));
  return differing.map((label) => {
    const [here, there] = [own, theirs].map((inputs) => refs.get(inputs.get(label)?.id ?? 0) ?? null);
    const end = (row: RefRow | null | undefined): CacheDifference['here'] =>
      row === null || row === undefined
        ? null
        : { uuid: row.uuid, words: `${className(row.node_type)} ${summaryOfRow(row)}`.trim() };
    const inside = here && there ? insideOf(session, here, there) : [];
    return { kind: 'input', name: label, here: end(here), there: end(there), inside };
  });
}

/** Where two nodes of one type differ; nothing where their summaries say it all. */
function insideOf(session: ReadSession, here: RefRow, there: RefRow): CacheDifference['inside'] {
  if (here.node_type !== there.node_type) return [];
  const [a, b] = [here, there].map((row) => contentOf(session, row.id));
  if (a === undefined || b === undefined) return [];
  const places = jsonDifferences(a, b, mostPlaces);
  const [only] = places;
  const isSaid = places.length === 1 && only?.path === 'value' && summaryOfRow(here) !== summaryOfRow(there);
  return isSaid ? [] : [...places];
}

function contentOf(session: ReadSession, id: number): PyJson | undefined {
  const row = session.get<{ readonly attributes: string; readonly repository_metadata: string }>(
    `SELECT attributes, repository_metadata FROM nodes WHERE id = ? AND octet_length(attributes) <= ${longestHashed}`,
    id,
  );
  if (row === undefined) return undefined;
  const attributes = readPyJson(row.attributes) as { readonly [key: string]: PyJson };
  const files = [...filesOf(readRepositoryTree(JSON.parse(row.repository_metadata)))].map(
    ([path, hash]) => [`file ${path}`, `content ${hash.slice(0, 12)}…`] as const,
  );
  return { ...attributes, ...Object.fromEntries(files) };
}

/** Of a job: which text it was written in. */
const codeAttribute = 'cache_version';

/** A function has the text of its code as a file, a job its hash as an attribute. */
function codeHash(session: ReadSession, { uuid, attributes }: ProcessFacts): string | null {
  const stored = JSON.parse(attributes) as { readonly [codeAttribute]?: { readonly source?: string } };
  return stored[codeAttribute]?.source ?? fileHash(session, uuid, 'source_file');
}

function codeDifference(
  session: ReadSession,
  process: ProcessFacts,
  candidate: ProcessFacts,
): readonly CacheDifference[] {
  const [here, there] = [process, candidate].map((one) => codeHash(session, one));
  if (here === there) return [];
  const words = (hash: string | null | undefined): CacheDifference['here'] =>
    typeof hash === 'string' ? { uuid: null, words: `text ${hash.slice(0, 12)}…` } : null;
  return [{ kind: 'code', name: 'code', here: words(here), there: words(there), inside: [] }];
}

/** The computer, and the attributes that are hashed: options of a job, the version of a function's code. */
function otherDifferences(process: ProcessFacts, candidate: ProcessFacts): readonly CacheDifference[] {
  const differences: CacheDifference[] = [];
  const words = (text: string | null): CacheDifference['here'] =>
    text === null ? null : { uuid: null, words: text };
  if (process.computer !== candidate.computer) {
    const [here, there] = [words(process.computer), words(candidate.computer)];
    differences.push({ kind: 'computer', name: 'computer', here, there, inside: [] });
  }
  const unhashed = unhashedAttributes(process.node_type);
  const hashed = ({ attributes }: ProcessFacts): PyJson => {
    const all = readPyJson(attributes) as { readonly [key: string]: PyJson };
    const { [codeAttribute]: code, ...rest } = all;
    const { source: _, ...versions } = (code ?? {}) as { readonly [key: string]: PyJson };
    const whole = Object.keys(versions).length === 0 ? rest : { ...rest, [codeAttribute]: versions };
    return Object.fromEntries(Object.entries(whole).filter(([name]) => !unhashed.has(name)));
  };
  for (const { path, here, there } of jsonDifferences(hashed(process), hashed(candidate), mostPlaces)) {
    differences.push({ kind: 'attribute', name: path, here: words(here), there: words(there), inside: [] });
  }
  return differences;
}
