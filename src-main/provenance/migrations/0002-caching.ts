import type { Migration } from './migration.ts';

/** What AiiDA keeps of the cache is in extras, so that it goes into archives and comes back; here it is only indexed. */
export const cacheHash = `json_extract(extras, '$._aiida_hash')`;
export const cacheSource = `json_extract(extras, '$._aiida_cached_from')`;
export const isCalculation = `(node_type >= 'process.calculation.' AND node_type < 'process.calculation/')`;
/** False only where a person said so. */
export const mayBeCopied = `json_extract(extras, '$._aiida_valid_cache') IS NOT 0`;

export const caching: Migration = {
  number: 2,
  name: 'caching',
  statements: [
    // only calculations are ever copied: the index stays small
    `CREATE INDEX calculations_by_hash ON nodes (${cacheHash}) WHERE ${isCalculation} AND ${cacheHash} IS NOT NULL`,
    `CREATE INDEX copies_by_source ON nodes (${cacheSource}) WHERE ${cacheSource} IS NOT NULL`,
  ],
};
