import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countRows } from '#main/archive/aiida/counting/count-rows.ts';
import { indexes, tables } from '#main/archive/aiida/export/database-schema.ts';
import { foreignTableNames, foreignTables, type ForeignCounts } from '#main/archive/aiida/foreign/tables.ts';

/** The bytes as a stream of pieces of some length. */
async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length)
    yield await Promise.resolve(bytes.subarray(at, at + length));
}

const count = (bytes: Buffer, piece = 1000): Promise<ForeignCounts | null> =>
  countRows(inPieces(bytes, piece), bytes.length);

/** What SQLite counts. */
function counted(bytes: Buffer): ForeignCounts {
  const db = new Database(bytes);
  try {
    return Object.fromEntries(
      foreignTableNames.map((table) => [
        table,
        db.prepare(`SELECT count(*) FROM ${foreignTables[table].name}`).pluck().get(),
      ]),
    ) as ForeignCounts;
  } finally {
    db.close();
  }
}

/** The database of an archive, in memory, after some changes. */
function database(change: (db: Database.Database) => void, pageSize = 4096): Buffer {
  const db = new Database(':memory:');
  try {
    db.pragma(`page_size = ${pageSize}`);
    for (const sql of [...tables, ...indexes]) db.exec(sql);
    db.pragma('foreign_keys = OFF');
    change(db);
    return db.serialize();
  } finally {
    db.close();
  }
}

/** Some nodes in pages of that size, some of them deleted again, with values that go over many pages. */
const made = (pageSize: number, nodes: number, gone: number, isVacuumed: boolean): Buffer =>
  database((db) => {
    const insert = db.prepare(
      `INSERT INTO db_dbnode (uuid, node_type, label, description, ctime, mtime, attributes, extras, repository_metadata, user_id)
       VALUES (?, 'data.core.dict.Dict.', '', '', '', '', ?, '{}', '{}', 1)`,
    );
    for (let i = 0; i < nodes; i++) insert.run(`node ${i}`, 'x'.repeat((i * 37) % 3000));
    db.prepare('DELETE FROM db_dbnode WHERE id <= ?').run(gone);
    if (isVacuumed) db.exec('VACUUM');
  }, pageSize);

async function verdict(bytes: Buffer): Promise<string> {
  try {
    return (await count(bytes)) === null ? 'ask SQLite' : 'counted';
  } catch (error) {
    expect(error).toMatchObject({ name: 'StemmaError', family: 'user' });
    return (error as { readonly code: string }).code;
  }
}

describe('rows of an archive are counted from the stream of its database', () => {
  test('as SQLite counts them, for each size of pages, in pieces of any length', async () => {
    const sizes = fc.constantFrom(2048, 4096, 8192, 65_536);
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.nat(400),
        fc.nat(300),
        fc.boolean(),
        fc.integer({ min: 1, max: 200_000 }),
        async (pageSize, nodes, gone, isVacuumed, piece) => {
          const bytes = made(pageSize, nodes, gone, isVacuumed);
          expect(await count(bytes, piece)).toEqual(counted(bytes));
        },
      ),
      { numRuns: 15 },
    );
  });

  test('or by SQLite, where rows of the list of tables go on upon pages that have gone by', async () => {
    for (const pageSize of [512, 1024]) {
      const bytes = made(pageSize, 50, 0, false);
      const answer = await count(bytes);
      if (answer !== null) expect(answer).toEqual(counted(bytes));
    }
    // pages that became free lie before those of the list that go on upon them
    const moved = database((db) => {
      db.exec('CREATE TABLE first (id INTEGER)');
      db.exec(`DROP TABLE db_dbcomment; DROP TABLE db_dblog; DROP TABLE first`);
      for (const sql of tables) if (/db_db(?:comment|log)\b/.test(sql.slice(0, 40))) db.exec(sql);
    }, 512);
    expect(await count(moved)).toBeNull();
  });

  test('whatever its bytes are, the answer is a number, a sentence, or that SQLite must be asked', async () => {
    const bytes = made(4096, 60, 20, false);
    const page = fc.nat(bytes.length / 4096 - 1);
    // what a page says of itself is in its first bytes; the header of the file in the first hundred
    const place = fc.oneof(
      fc.tuple(page, fc.nat(20)).map(([number, at]) => number * 4096 + at),
      fc.nat(5000),
      fc.nat(bytes.length - 1),
    );
    const change = fc.tuple(place, fc.constantFrom(0, 1, 2, 5, 13, 0x7f, 0xff));
    const codes = new Set(['counted', 'ask SQLite', 'archive-damaged', 'archive-unsafe']);
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), fc.nat(), async (changes, cut) => {
        const changed = Buffer.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        expect(codes).toContain(await verdict(changed));
        expect(codes).toContain(await verdict(changed.subarray(0, cut % changed.length)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('they are not counted', () => {
  /** Rewrites what SQLite keeps as its schema, behind its back. */
  const withSchema = (set: string, where: string): Buffer =>
    database((db) => {
      db.unsafeMode(true);
      db.pragma('writable_schema = ON');
      db.exec(`UPDATE sqlite_schema SET ${set} WHERE ${where}`);
    });
  const rootOf = (name: string): string => `(SELECT rootpage FROM sqlite_schema WHERE name = '${name}')`;
  const withSql = (sql: string): Buffer => database((db) => db.exec(sql));
  const untouched = (): Buffer => database(() => undefined);

  const corpus: Readonly<Record<string, readonly [code: string, make: () => Buffer]>> = {
    'where it is no database': ['archive-damaged', () => Buffer.alloc(5000, 'x')],
    'where it is too short for one': ['archive-damaged', () => Buffer.from('SQLite format 3\0')],
    'where it has nothing': ['archive-damaged', () => Buffer.alloc(0)],
    'where its text is not UTF-8': [
      'archive-unsafe',
      () => {
        const bytes = untouched();
        bytes.writeUInt32BE(2, 56);
        return bytes;
      },
    ],
    'where its pages have a size that there is not': [
      'archive-damaged',
      () => {
        const bytes = untouched();
        bytes.writeUInt16BE(3000, 16);
        return bytes;
      },
    ],
    'with a view': ['archive-unsafe', () => withSql('CREATE VIEW evil AS SELECT 1')],
    'with a trigger': [
      'archive-unsafe',
      () => withSql('CREATE TRIGGER evil AFTER INSERT ON db_dbnode BEGIN DELETE FROM db_dbnode; END'),
    ],
    'with a table that computes': [
      'archive-unsafe',
      () => withSql('CREATE VIRTUAL TABLE evil USING fts5(x)'),
    ],
    'without one of the tables': ['archive-unsafe', () => withSql('DROP TABLE db_dblog')],
    'where two tables have the same page': [
      'archive-damaged',
      () => withSchema(`rootpage = ${rootOf('db_dbnode')}`, `name = 'db_dblog'`),
    ],
    'where a table has the page of an index': [
      'archive-damaged',
      () => withSchema(`rootpage = ${rootOf('ix_db_dbnode_db_dbnode_ctime')}`, `name = 'db_dblog'`),
    ],
    'where a table begins with the list of tables': [
      'archive-damaged',
      () => withSchema('rootpage = 1', `name = 'db_dblog'`),
    ],
    'where a table has a page that there is not': [
      'archive-damaged',
      () => withSchema('rootpage = 999999', `name = 'db_dblog'`),
    ],
    'where a table has no page': ['archive-damaged', () => withSchema('rootpage = -1', `name = 'db_dblog'`)],
    'where a table is there twice': [
      'archive-damaged',
      () =>
        database((db) => {
          db.exec('CREATE TABLE other (id INTEGER)');
          db.unsafeMode(true);
          db.pragma('writable_schema = ON');
          db.exec(`UPDATE sqlite_schema SET name = 'db_dblog' WHERE name = 'other'`);
        }),
    ],
    'where pages of a table go round in a circle': [
      'archive-damaged',
      () => {
        const bytes = made(4096, 400, 0, false);
        const pages = Array.from({ length: bytes.length / 4096 - 1 }, (_, i) => (i + 1) * 4096);
        const interior = pages.filter((at) => bytes[at] === 5);
        expect(interior.length).toBeGreaterThan(0);
        for (const at of interior) bytes.writeUInt32BE(at / 4096 + 1, at + 8);
        return bytes;
      },
    ],
    'where pages name more pages than there are': [
      'archive-damaged',
      () => {
        const bytes = made(65_536, 400, 0, false);
        for (let at = 65_536; at < bytes.length; at += 65_536) {
          bytes[at] = 5;
          bytes.writeUInt16BE(10_000, at + 3);
        }
        return bytes;
      },
    ],
  };

  for (const [what, [code, make]] of Object.entries(corpus)) {
    test(`${what}: ${code}`, async () => {
      expect(await verdict(make())).toBe(code);
    });
  }
});
