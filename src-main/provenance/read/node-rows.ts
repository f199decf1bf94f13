import type { NodeRef } from '#shared/contract/common.ts';
import { cacheExtras } from '#shared/provenance/cache-extras.ts';
import type { Uuid } from '#shared/provenance/ids.ts';
import { className, nodeKind } from '#shared/provenance/node-types.ts';
import { summaryOf } from '#shared/provenance/summary.ts';
import { displayStates, type DisplayState } from '#shared/process/states.ts';

/** What is read of a node to name it and to say in short what it holds. */
export interface RefRow {
  readonly id: number;
  readonly uuid: string;
  readonly node_type: string;
  readonly label: string;
  readonly process_label: string | null;
  readonly display_state: number | null;
  /** 1 for a process that was taken from the cache. */
  readonly is_copy: number;
  /** Microseconds since 1970. */
  readonly ctime: number;
  readonly computer: string | null;
  readonly short_attributes: string | null;
  readonly short_repository: string | null;
}

/**
 * Attributes beyond these sizes are not read for a summary (bytes): a list of 500 rows must stay quick. A structure's
 * formula needs all its sites, so it may be longer.
 */
const longest = 65_536;
const longestStructure = 1_000_000;

/** Columns for {@link RefRow} of `nodes AS n`, to go with {@link refJoins}. */
export const refColumns = `n.id, n.uuid, n.node_type, n.label, n.process_label, n.display_state, n.ctime,
  n.display_state IS NOT NULL AND json_extract(n.extras, '$.${cacheExtras.cachedFrom}') IS NOT NULL AS is_copy,
  c.label AS computer,
  CASE WHEN octet_length(n.attributes) <= CASE
    WHEN n.node_type >= 'data.core.structure.' AND n.node_type < 'data.core.structure/' THEN ${longestStructure}
    ELSE ${longest} END THEN n.attributes END AS short_attributes,
  CASE WHEN octet_length(n.repository_metadata) <= ${longestStructure} THEN n.repository_metadata END AS short_repository`;

export const refJoins = 'LEFT JOIN computers AS c ON c.id = n.computer_id';

/** Every file in the text of `repository_metadata`; the names of files have their quotes escaped and so never match. */
const fileKey = /"k"\s*:\s*"([0-9a-f]{64})"/g;

/** The same hash as often as it is named. @param repository the text of `repository_metadata` */
export const hashesIn = (repository: string): readonly string[] =>
  repository === '{}' ? [] : Array.from(repository.matchAll(fileKey), (match) => match[1] ?? '');

/** The column holds the place in `displayStates`; null for data. */
export const stateOf = (displayState: number | null): DisplayState | null =>
  displayState === null ? null : (displayStates[displayState] ?? null);

/** What to call a node: its label, else the process label, else the class name. */
export const nameOf = (row: {
  readonly label: string;
  readonly process_label: string | null;
  readonly node_type: string;
}): string => row.label || row.process_label || className(row.node_type);

/** Times of the store are microseconds, those of the contract milliseconds. */
export const toMs = (microseconds: number): number => microseconds / 1000;

/** In words what the node holds; less for one with attributes beyond the sizes above. */
export const summaryOfRow = (row: RefRow): string =>
  summaryOf({
    nodeType: row.node_type,
    label: row.label,
    attributes: row.short_attributes,
    files: hashesIn(row.short_repository ?? '').length,
    computer: row.computer ?? '',
  });

/** A row as the contract names nodes. */
export const toRef = (row: RefRow): NodeRef => ({
  uuid: row.uuid as Uuid,
  pk: row.id,
  kind: nodeKind(row.node_type),
  nodeType: row.node_type,
  name: nameOf(row),
  summary: summaryOfRow(row),
  state: stateOf(row.display_state),
  ...(row.is_copy === 1 && { cached: true }),
  ctime: toMs(row.ctime),
});
