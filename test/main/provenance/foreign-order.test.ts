import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexes, tables } from '#main/archive/aiida/export/database-schema.ts';
import { hasTimeKey } from '#main/provenance/open-foreign-database.ts';
import { createReadApi } from '#main/provenance/read/create-read-api.ts';
import { showAsProfile } from '#main/provenance/read/foreign-views.ts';
import { ReadSession } from '#main/provenance/read/session.ts';
import { writeTimestamp } from '#shared/provenance/timestamps.ts';

/** Nodes of an archive with these times (µs since 1970; null for none), newest first, three a page. */
function pages(times: readonly (number | null)[], isIndexed: boolean): readonly (readonly number[])[] {
  const db = new Database(':memory:');
  try {
    for (const sql of tables) db.exec(sql.replaceAll('ctime DATETIME NOT NULL', 'ctime DATETIME'));
    if (isIndexed) for (const sql of indexes) db.exec(sql);
    const insert = db.prepare(
      `INSERT INTO db_dbnode (uuid, node_type, label, description, ctime, mtime, attributes, extras, repository_metadata, user_id)
       VALUES (?, 'data.core.int.Int.', '', '', ?, '', '{}', '{}', '{}', 1)`,
    );
    db.pragma('foreign_keys = OFF');
    for (const [i, time] of times.entries())
      insert.run(`node ${i}`, time === null ? null : writeTimestamp(time));
    showAsProfile(db);
    const isKeyed = hasTimeKey(db);
    expect(isKeyed).toBe(isIndexed && !times.includes(null));
    const api = createReadApi(
      new ReadSession(db, { hasSearchIndex: false, hasTimeKey: isKeyed, now: () => 0 }),
    );
    const found: number[][] = [];
    for (let after: string | null = null, more = true; more;) {
      const { rows, next } = api.findNodes({ filter: '', typePrefix: '', after, limit: 3 });
      found.push(rows.map(({ pk }) => pk ?? 0));
      after = next;
      more = next !== null;
    }
    return found;
  } finally {
    db.close();
  }
}

test('nodes of an archive stand in the order of time, page after page, with its index of times and without', () => {
  // few different ones, so that many are the same
  const moment = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 4e15 }));
  const times = fc.array(moment, { maxLength: 12 });
  fc.assert(
    fc.property(times, (all) => {
      expect(pages(all, true)).toEqual(pages(all, false));
      const order = all.map((time, i) => ({ time, id: i + 1 }));
      order.sort((a, b) => b.time - a.time || b.id - a.id);
      expect(pages(all, true).flat()).toEqual(order.map(({ id }) => id));
    }),
    { numRuns: 40 },
  );
});

test('one without a time among them stands at the end', () => {
  expect(pages([null, 5, 7], true).flat()).toEqual([3, 2, 1]);
});
