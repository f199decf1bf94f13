import { first } from './0001-first.ts';
import { caching } from './0002-caching.ts';
import { deletions } from './0003-deletions.ts';
import { purges } from './0004-purges.ts';
import type { Migration } from './migration.ts';

/** In the order in which they run. */
export const migrations: readonly Migration[] = [first, caching, deletions, purges];
