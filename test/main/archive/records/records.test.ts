import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convertRecords } from '#main/archive/records/convert-records.ts';
import { readRecords as recognise } from '#main/archive/records/read-records.ts';
import type { RecordGraph } from '#main/archive/records/record-graph.ts';
import { uuid5 } from '#main/archive/records/uuid5.ts';
import { writePyJson } from '#shared/provenance/python-json.ts';
import { archiveProfile } from '../../../support/archive-profile.ts';
import { skipReason } from '../../../support/skips.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const peers = join(
  process.env['STEMMA_SHARED'] ?? resolve(import.meta.dirname, '../../../../../shared'),
  'peers',
);
const noPeers = existsSync(peers) ? null : `the records of other systems are not at ${peers} (STEMMA_SHARED)`;

const readRecords = (place: string): RecordGraph => recognise(place).graph;

const counts = ({ system, nodes, links, inferredLinks }: RecordGraph) => ({
  system,
  nodes: nodes.length,
  links: links.length,
  inferred: inferredLinks,
});
const linksOf = (graph: RecordGraph, type: string): readonly string[] =>
  graph.links
    .filter((link) => link.type === type)
    .map(({ source, target }) => `${source.label} → ${target.label}`)
    .toSorted();

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

describe.skipIf(skipReason('records of other systems', noPeers) !== null)('of real records', () => {
  test('a signac project has a state point, a job, a document and files each; 1 and 1.0 stay two things', () => {
    const graph = readRecords(join(peers, 'signac-v2'));
    expect(counts(graph)).toEqual({ system: 'signac', nodes: 12, links: 9, inferred: 9 });
    const points = graph.nodes
      .filter(({ label }) => label.startsWith('state point'))
      .map(({ attributes }) => writePyJson(attributes));
    expect(points).toContain('{"N": 100, "T": 1.0, "mol": "water"}');
    expect(points).toContain('{"N": 100, "T": 1, "mol": "water"}');
  });

  test('a database of Parsl has its run, its tasks, and who waited for whom', () => {
    const graph = readRecords(join(peers, 'parsl-monitoring.db'));
    expect(counts(graph)).toEqual({ system: 'Parsl', nodes: 14, links: 18, inferred: 9 });
    expect(linksOf(graph, 'input_calc')).toEqual([
      'result of task 0 → add 1',
      'result of task 1 → echo 3',
      'result of task 1 → j 6',
      'result of task 3 → bad 4',
      'result of task 4 → add 5',
    ]);
    const status = (label: string) =>
      graph.nodes.find((node) => node.label === label)?.attributes['exit_status'];
    expect([status('add 0'), status('bad 4'), status('add 5'), status('t.py')]).toEqual([0, 1, 2, 1]);
  });

  test('a folder of Snakemake has jobs with all of their outputs, joined by paths', () => {
    const graph = readRecords(join(peers, 'snakemake-v6'));
    expect(counts(graph)).toEqual({ system: 'Snakemake', nodes: 7, links: 7, inferred: 3 });
    expect(linksOf(graph, 'create')).toEqual([
      'call → calls/all.vcf',
      'map → mapped/A.bam',
      'map → mapped/A.log',
    ]);
    expect(linksOf(graph, 'input_calc')).toContain('mapped/A.bam → call');
  });

  test('all of them come in, twice without a change, and leave the profile clean', async () => {
    const { archives, rows } = await archiveProfile();
    for (const name of ['signac-v2', 'parsl-monitoring.db', 'snakemake-v6']) {
      for (const again of [false, true]) {
        const target = join(temporaryFolder(), 'records.aiida');
        const { nodes } = await convertRecords(
          { place: join(peers, name), target },
          new AbortController().signal,
        );
        const report = await archives.import(target, null);
        expect(report.nodes[again ? 'identical' : 'new']).toBe(nodes);
        expect(report.conflicts).toEqual([]);
      }
    }
    const words = rows<{ extras: string }>(`SELECT extras FROM nodes WHERE label = 'result of task 0'`)[0]
      ?.extras;
    expect(words).toContain('not the value between them');
  });
});

describe('of made records', () => {
  const workflow = {
    name: 'relax then bands',
    created_on: '2026-01-01T00:00:00.000001',
    fws: [
      {
        fw_id: 1,
        name: 'relax',
        state: 'COMPLETED',
        spec: { _tasks: [{ script: 'pw.x' }] },
        created_on: '2026-01-01T00:00:00',
      },
      { fw_id: 2, name: 'bands', state: 'FIZZLED', spec: { nbnd: 12 } },
      { fw_id: 3, name: 'dos', state: 'WAITING', spec: {} },
    ],
    links: { '1': [2, 3], '2': [], '3': [] },
  };

  test('a workflow of FireWorks gives what has ended, and says what it left out', () => {
    const folder = folderOf({ 'wf.json': JSON.stringify(workflow) });
    const graph = readRecords(join(folder, 'wf.json'));
    expect(counts(graph)).toEqual({ system: 'FireWorks', nodes: 5, links: 4, inferred: 2 });
    expect(linksOf(graph, 'input_calc')).toContain('result of relax → bands');
    expect(graph.notes).toContain('Left out: 1 Fireworks that have not run to an end.');
  });

  test('a time that cannot be read is told, and one that is not recorded is not missed', () => {
    const [relax, ...others] = workflow.fws;
    const placed = (created: unknown): RecordGraph => {
      const fws = [{ ...relax, created_on: created }, ...others];
      return readRecords(join(folderOf({ 'wf.json': JSON.stringify({ ...workflow, fws }) }), 'wf.json'));
    };
    const timeOf = (graph: RecordGraph): unknown => graph.nodes.find(({ label }) => label === 'relax')?.time;
    expect(timeOf(placed('2026-01-01T00:00:00.000001'))).toBe(1_767_225_600_000_001);
    for (const created of ['last tuesday', 'x'.repeat(5000), { $date: 1 }, 7, '1500-01-01T00:00:00']) {
      const graph = placed(created);
      expect(timeOf(graph)).toBe(0);
      expect(graph.notes[0]).toMatch(/^One time could not be read, such as “.{1,41}”: nodes without a time/);
    }
    const silent = placed(undefined);
    expect([timeOf(silent), silent.notes.join(' ').includes('could not be read')]).toEqual([0, false]);
  });

  test('the same records have the same UUIDs wherever they lie, and others have others', () => {
    const [one, two] = [1, 2].map(() =>
      readRecords(join(folderOf({ 'wf.json': JSON.stringify(workflow) }), 'wf.json')),
    );
    expect(one?.nodes.map(({ uuid }) => uuid)).toEqual(two?.nodes.map(({ uuid }) => uuid));
    const other = JSON.stringify(workflow).replace('pw.x', 'cp.x');
    const three = readRecords(join(folderOf({ 'wf.json': other }), 'wf.json'));
    expect(three.nodes.map(({ uuid }) => uuid)).not.toEqual(one?.nodes.map(({ uuid }) => uuid));
    expect(uuid5('x')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('a rule of Snakemake that reads what it writes is no cycle', () => {
    const record = {
      record_format_version: 6,
      rule: 'update',
      input: ['a.txt'],
      params: [],
      shellcmd: 'x',
      starttime: 1,
      endtime: 2,
    };
    const folder = folderOf({
      [`.snakemake/metadata/${Buffer.from('a.txt').toString('base64url')}`]: JSON.stringify(record),
    });
    expect(counts(readRecords(folder))).toEqual({ system: 'Snakemake', nodes: 3, links: 2, inferred: 0 });
  });

  test('a time of Snakemake beyond every calendar is told', () => {
    const folder = folderOf({
      [`.snakemake/metadata/${Buffer.from('a.txt').toString('base64url')}`]:
        '{"rule": "update", "input": [], "starttime": 1e300, "endtime": -5}',
    });
    const graph = readRecords(folder);
    expect(graph.nodes.map(({ time }) => time)).toEqual([0, 0]);
    expect(graph.notes[0]).toMatch(/^2 times could not be read, such as “1e\+300”/);
  });
});

describe('of hostile records', () => {
  const job = 'b6b6c1bbc943adae1032c8033d9903ec';
  const code = (place: string): string => {
    try {
      readRecords(place);
      return 'read';
    } catch (error) {
      expect(error).toMatchObject({ name: 'StemmaError', family: 'user' });
      return (error as { readonly code: string }).code;
    }
  };

  test('links are not followed, and pipes not waited for', () => {
    const secret = folderOf({ 'secret.txt': 'secret', 'in/secret.txt': 'secret' });
    const folder = folderOf({
      '.signac/config': 'schema_version = 2',
      [`workspace/${job}/signac_statepoint.json`]: '{"a": 1}',
      [`workspace/${job}/out.txt`]: 'result',
    });
    const place = join(folder, 'workspace', job);
    symlinkSync(join(secret, 'secret.txt'), join(place, 'link.txt'));
    symlinkSync(join(secret, 'in'), join(place, 'folder'));
    symlinkSync(join(secret, 'in'), join(folder, 'workspace', 'c'.repeat(32)));
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(place, 'pipe')]);
    const graph = readRecords(folder);
    expect(graph.nodes.flatMap(({ files }) => files.map(([path]) => path))).toEqual(['out.txt']);
    expect(graph.notes.join(' ')).toContain('link.txt');
  });

  test('a workspace elsewhere, and one that is a link, are not read', () => {
    const elsewhere = folderOf({ [`${job}/signac_statepoint.json`]: '{"a": 1}' });
    const folder = folderOf({
      '.signac/config': 'schema_version = 2',
      'signac.rc': `workspace_dir = ${elsewhere}`,
    });
    symlinkSync(elsewhere, join(folder, 'workspace'));
    expect(code(folder)).toBe('no-records');
    expect(code(folderOf({ 'signac.rc': 'workspace_dir = ..\n' }))).toBe('no-records');
  });

  test('JSON that is none, too deep, or names what it should not, is refused or kept as a name', () => {
    const withPoint = (text: string): string =>
      folderOf({
        '.signac/config': '',
        [`workspace/${job}/signac_statepoint.json`]: text,
        [`workspace/${job}/a`]: 'x',
      });
    for (const text of ['', '[]', '{', `{"a": ${'['.repeat(100_000)}`, '\0'])
      expect(code(withPoint(text))).toBe('records-damaged');
    const graph = readRecords(withPoint('{"__proto__": {"polluted": 1}, "constructor": 2}'));
    expect(graph.nodes.map(({ attributes }) => writePyJson(attributes))).toContain(
      '{"__proto__": {"polluted": 1}, "constructor": 2}',
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('a database with views or other tables than those of Parsl is refused, whoever reads it', async () => {
    const database = (sql: string): string => {
      const file = join(temporaryFolder(), 'monitoring.db');
      const db = new Database(file);
      db.exec(sql);
      db.close();
      return file;
    };
    expect(code(database('CREATE VIEW workflow AS SELECT 1; CREATE TABLE task (task_id INTEGER)'))).toBe(
      'records-damaged',
    );
    expect(code(database('CREATE VIRTUAL TABLE task USING fts5(x)'))).toBe('records-damaged');
    expect(code(database('CREATE TABLE something (a)'))).toBe('no-records');
    const file = join(temporaryFolder(), 'monitoring.db');
    writeFileSync(file, Buffer.alloc(5000, 7));
    const target = join(temporaryFolder(), 'x.aiida');
    await expect(convertRecords({ place: file, target }, new AbortController().signal)).rejects.toMatchObject(
      { code: 'no-records' },
    );
  });

  test('a workflow of any shape is read or refused in words', () => {
    const place = join(temporaryFolder(), 'wf.json');
    const scalar = fc.constantFrom<unknown>(
      null,
      1,
      -1,
      1.5,
      'COMPLETED',
      'FIZZLED',
      '1',
      '__proto__',
      '',
      true,
    );
    const some = fc.oneof(
      scalar,
      fc.array(scalar, { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('1', '2', 'a'), scalar),
    );
    const firework = fc.record(
      {
        fw_id: fc.oneof(fc.constantFrom(1, 2, 3), some),
        name: some,
        state: some,
        spec: some,
        created_on: some,
      },
      { requiredKeys: [] },
    );
    const links = fc.dictionary(
      fc.constantFrom('1', '2', '3', 'x'),
      fc.oneof(fc.array(fc.constantFrom<unknown>(1, 2, 3, '1', null)), some),
    );
    const document = fc.record(
      {
        fws: fc.oneof(fc.array(fc.oneof(firework, some), { maxLength: 5 }), some),
        links: fc.oneof(links, some),
        name: some,
        metadata: some,
        created_on: some,
      },
      { requiredKeys: ['fws', 'links'] },
    );
    fc.assert(
      fc.property(document, (value) => {
        writeFileSync(place, JSON.stringify(value));
        expect(['read', 'no-records', 'records-damaged']).toContain(code(place));
      }),
      { numRuns: 200 },
    );
  });

  test('what is of no system is said to be none', () => {
    expect(code(folderOf({ 'a.txt': 'x' }))).toBe('no-records');
    expect(code(join(temporaryFolder(), 'nothing'))).toBe('no-records');
    expect(code(join(folderOf({ 'wf.yaml': 'fws: []' }), 'wf.yaml'))).toBe('no-records');
    expect(code(join(folderOf({ 'wf.json': '{"a": 1}' }), 'wf.json'))).toBe('no-records');
  });
});
