import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openContainer } from '#main/archive/aiida/open-container.ts';
import { ArchiveBuilder } from '../../support/archive-builder.ts';
import { ArchiveTrips } from '../../support/archive-trips.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let folder = '';
let trips: ArchiveTrips;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stemma-json-'));
  trips = await ArchiveTrips.inFolder(folder);
});
afterAll(async () => {
  await trips.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Numbers that JavaScript would write in another way, or not at all. */
const numbers = [
  '1.0',
  '1e5',
  '1E400',
  '-0.0',
  '-0',
  '1e-07',
  '12345678901234567890123',
  '0.10',
  '9007199254740993',
];
const number = fc.oneof(
  fc.constantFrom(...numbers),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);
const string = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.constantFrom('"\\u00e4\\u0041"', '"\\/"', '"\\ud83d\\ude00"', '"ä"', '""', '"\\"checkpoints\\""'),
);
const { value } = fc.letrec<{ value: string; members: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    number,
    string,
    fc.constantFrom('null', 'true', 'false'),
    fc.array(tie('value')).map((items) => `[${items.join(', ')}]`),
    tie('members'),
  ),
  // keys in any order, and some of them twice
  members: fc
    .array(fc.tuple(fc.constantFrom('"b"', '"a"', '"\\u0061"', '"10"', '"9"', '"_aiida"'), tie('value')))
    .map((pairs) => `{${pairs.map(([key, item]) => `${key}:  ${item}`).join(' ,')}}`),
}));
const object = fc
  .array(fc.tuple(string, value), { maxLength: 4 })
  .map((pairs) => `{${pairs.map(([key, item]) => `${key}: ${item}`).join(', ')}}`);

test('attributes and extras leave as the text they came in with, to the letter', async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(object, object), { minLength: 1, maxLength: 40 }), async (texts) => {
      const builder = new ArchiveBuilder();
      const sent = new Map(
        texts.map(([attributes, extras]) => {
          builder.node({ attributes, extras });
          return [builder.uuids.at(-1) ?? '', { attributes, extras }];
        }),
      );
      const { file } = await trips.make(await builder.write(), `json-${made++}`);
      const container = await openContainer(file, { scratch: temporaryFolder(), now: Date.now });
      const path = join(temporaryFolder(), 'db');
      await container.extractDatabase(path);
      container.close();
      const db = new Database(path, { readonly: true });
      const rows = db
        .prepare<[], { uuid: string; attributes: string; extras: string }>(
          'SELECT uuid, attributes, extras FROM db_dbnode',
        )
        .all();
      db.close();
      expect(new Map(rows.map(({ uuid, attributes, extras }) => [uuid, { attributes, extras }]))).toEqual(
        sent,
      );
    }),
    { numRuns: 8 },
  );
});
