/** The extras in which AiiDA keeps what it knows of the cache (aiida-core 2.9, `orm/nodes/caching.py`). */
export const cacheExtras = {
  /** Hash of a node, from the moment when it was stored. */
  hash: '_aiida_hash',
  /** UUID of the node that this one is a copy of. */
  cachedFrom: '_aiida_cached_from',
  /** False on a process that must not be copied. */
  valid: '_aiida_valid_cache',
} as const;
