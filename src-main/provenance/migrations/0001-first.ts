import { engineTables } from './0001-first/engine.ts';
import { graph } from './0001-first/graph.ts';
import { guards } from './0001-first/guards.ts';
import { peopleAndPlaces } from './0001-first/people-and-places.ts';
import { search } from './0001-first/search.ts';
import type { Migration } from './migration.ts';

/**
 * The first schema. Tables mean what AiiDA's mean (aiida-core 2.9, `storage/sqlite_dos`); times are integers in
 * microseconds, and what AiiDA leaves to software (link rules, sealing, cycles) is a constraint or a trigger here.
 *
 * One rule carries most of it: *a process owns its links*. A link comes only while its owner is not sealed, and goes
 * only when its owner has gone. See docs/decisions/a-process-owns-its-links.md.
 */
export const first: Migration = {
  number: 1,
  name: 'first',
  statements: [...peopleAndPlaces, ...graph, ...engineTables, ...guards, ...search],
};
