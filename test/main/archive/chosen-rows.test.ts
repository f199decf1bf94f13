import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { takeLinks } from '#main/archive/aiida/export/chosen-rows.ts';
import { migrate } from '#main/provenance/migrate.ts';

test('the links of an export are found from each node that leaves, and not by going through all of them each time', () => {
  const db = new Database(':memory:');
  migrate(db, ':memory:');
  db.exec(
    'CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY); CREATE TEMP TABLE chosen_links (id INTEGER PRIMARY KEY)',
  );
  const plan = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${takeLinks}`).all();
  expect(plan.map(({ detail }) => detail)).toEqual([
    'SCAN c',
    expect.stringMatching(/^SEARCH l USING (COVERING )?INDEX links_by_source \(source_id=\?\)$/),
    expect.stringContaining('SEARCH ON TABLE chosen'),
  ]);
});
