import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRecords } from '#main/archive/records/read-records.ts';
import { writeArchive } from '#main/archive/records/write-archive.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Values that a record should not have at this place, and some that it should. */
const scalar = fc.constantFrom<unknown>(
  null,
  true,
  0,
  1,
  -1,
  1.5,
  1e300,
  1_767_225_600,
  '',
  'a.txt',
  '../a.txt',
  'a\u0000b',
  '\uD800',
  '__proto__',
  '2026-01-01 00:00:00.000001',
  'x'.repeat(300),
);
const some = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', '__proto__', 'signac'), scalar, { maxKeys: 2 }),
);
/** The text of an object; now and then one that is cut off or has another character in it. */
const textOf = (object: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: object.map((value) => JSON.stringify(value)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(object, fc.nat(), fc.constantFrom('', '{', '"', '\u0000', ',', '9'))
        .map(([value, at, put]) => {
          const text = JSON.stringify(value);
          const place = at % (text.length + 1);
          return text.slice(0, place) + put + text.slice(place + 1);
        }),
    },
  );

/** Reads them, and writes the archive where there is something: only a sentence for a person may stand in the way. */
async function comesInOrIsRefused(place: string): Promise<void> {
  try {
    const { graph } = readRecords(place);
    for (const { time } of graph.nodes) expect(time).toBeGreaterThanOrEqual(0);
    await writeArchive(graph, join(temporaryFolder(), 'records.aiida'));
  } catch (error) {
    // as the process that reads them tells it: a database that SQLite refuses is none
    if (error instanceof Database.SqliteError) return;
    expect(error).toMatchObject({ name: 'StemmaError', family: 'user' });
  }
}

function folderOf(files: readonly (readonly [name: string, content: string])[]): string {
  const folder = temporaryFolder();
  for (const [name, content] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const path = fc.constantFrom('a.txt', 'b.txt', 'deep/c.txt', '../d.txt', '/e.txt', 'f\u0000');

test('metadata of Snakemake of any shape come in or are refused in words', async () => {
  const record = fc.record(
    {
      record_format_version: some,
      rule: some,
      input: fc.oneof(fc.array(path, { maxLength: 3 }), some),
      params: some,
      shellcmd: some,
      starttime: some,
      endtime: some,
      incomplete: some,
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(path, textOf(record)), { minLength: 1, maxLength: 4 }), (records) =>
      comesInOrIsRefused(
        folderOf(
          records.map(([name, text]) => [
            `.snakemake/metadata/${Buffer.from(name).toString('base64url')}`,
            text,
          ]),
        ),
      ),
    ),
    { numRuns: 25 },
  );
});

test('a project of signac of any shape comes in or is refused in words', async () => {
  const id = fc.constantFrom('a'.repeat(32), 'b'.repeat(32), 'short');
  const object = fc.dictionary(fc.constantFrom('T', 'a.b', '', '__proto__', 'signac'), some, { maxKeys: 3 });
  const job = fc.record({ id, point: textOf(object), document: fc.option(textOf(object)), file: path });
  await fc.assert(
    fc.asyncProperty(
      fc.array(job, { maxLength: 3 }),
      fc.constantFrom('schema_version = 2', '', 'workspace_dir = ..'),
      (jobs, config) =>
        comesInOrIsRefused(
          folderOf([
            ['.signac/config', config],
            ...jobs.flatMap(({ id, point, document, file }) => [
              [`workspace/${id}/signac_statepoint.json`, point] as const,
              ...(document === null ? [] : [[`workspace/${id}/signac_job_document.json`, document] as const]),
              [`workspace/${id}/${file.replaceAll(/[^a-z.]/g, '_')}`, 'content'] as const,
            ]),
          ]),
        ),
    ),
    { numRuns: 25 },
  );
});

test('a database of Parsl with any cells, also one whose pages are spoilt, comes in or is refused in words', async () => {
  const columns = {
    workflow: ['run_id', 'workflow_name', 'time_began', 'time_completed'],
    task: ['task_id', 'run_id', 'task_depends', 'task_func_name', 'task_time_invoked'],
    try: ['try_id', 'task_id', 'run_id', 'task_fail_history'],
    status: ['task_id', 'task_status_name', 'timestamp', 'run_id'],
    block: ['run_id', 'block_id', 'status'],
  };
  const cell = fc.constantFrom<string | number | null>(
    ...([null, 0, 1, -1, 1e300, '', 'run', '0', '0,1,,x', 'exec_done', 'failed', '\uFFFD'] as const),
    '2026-01-01 00:00:00',
    'yesterday',
  );
  const rowsOf = (names: readonly string[]) =>
    fc.array(fc.array(cell, { minLength: names.length, maxLength: names.length }), { maxLength: 4 });
  const spoilt = fc.option(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }), {
    freq: 2,
  });
  await fc.assert(
    fc.asyncProperty(fc.tuple(...Object.values(columns).map(rowsOf)), spoilt, async (tables, changes) => {
      const file = join(temporaryFolder(), 'monitoring.db');
      const db = new Database(':memory:');
      for (const [i, [table, names]] of Object.entries(columns).entries()) {
        db.exec(`CREATE TABLE "${table}" (${names.join(', ')})`);
        const insert = db.prepare(`INSERT INTO "${table}" VALUES (${names.map(() => '?').join(', ')})`);
        for (const row of tables[i] ?? []) insert.run(...row);
      }
      const bytes = db.serialize();
      db.close();
      for (const [at, value] of changes ?? []) bytes[100 + (at % (bytes.length - 100))] = value;
      writeFileSync(file, bytes);
      await comesInOrIsRefused(file);
    }),
    { numRuns: 25 },
  );
});
