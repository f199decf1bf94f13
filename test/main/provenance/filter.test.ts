import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { openReader } from '#main/provenance/database.ts';
import { findNodes } from '#main/provenance/read/find-nodes.ts';
import { allOf, filterSql } from '#main/provenance/read/filter-sql.ts';
import { processWindow } from '#main/provenance/read/process-table.ts';
import { ReadSession } from '#main/provenance/read/session.ts';
import { openStore } from '#main/provenance/store.ts';
import type { ProcessQuery } from '#main/provenance/read-api.ts';
import type { ProvenanceStore } from '#main/provenance/types.ts';
import { newUuid, type ComputerId, type Uuid } from '#shared/provenance/ids.ts';
import { NodeType } from '#shared/provenance/node-types.ts';
import { float } from '#shared/provenance/python-json.ts';
import { displayStates } from '#shared/process/states.ts';
import { printFilter } from '#shared/query/print.ts';
import { build, GraphWriter, temporaryStore } from '../../support/profile-database.ts';
import { anyFilter } from '../../shared/query/arbitrary-filter.ts';

const now = new Date(2026, 2, 10, 12).getTime();
const day = 86_400_000;

function sessionOf(store: ProvenanceStore): ReadSession {
  const db = openReader(store.file);
  onTestFinished(() => void db.close());
  return new ReadSession(db, { hasSearchIndex: true, now: () => now });
}

/** A small profile; each node is known by its label. */
function fillSample(store: ProvenanceStore): void {
  store.write((tx) => {
    const graph = new GraphWriter(tx);
    const computers = ['daint', 'Daint-GPU'].map((label) =>
      tx.insertComputer({
        uuid: newUuid(),
        label,
        hostname: 'h',
        description: '',
        schedulerType: 'core.slurm',
        transportType: 'core.ssh',
        metadata: {},
      }),
    ) as [ComputerId, ComputerId];
    const at = (days: number): number => (now - days * day) * 1000;
    const process = (state: string, exit?: number) => ({
      process_state: state,
      process_label: 'PwCalculation',
      ...(exit === undefined ? {} : { exit_status: exit }),
    });
    graph.calculation({
      label: 'ok',
      attributes: process('finished', 0),
      computer: computers[0],
      ctime: at(1),
    });
    graph.calculation({
      label: 'bad',
      attributes: process('finished', 400),
      computer: computers[1],
      ctime: at(10),
    });
    graph.calculation({
      label: 'Wild*card',
      attributes: process('running'),
      ctime: at(0.5),
      processType: 'x.y',
    });
    graph.workflow({ label: 'flow', attributes: process('waiting'), ctime: at(400) });
    graph.node(NodeType.calcFunction, { label: 'function', attributes: process('excepted'), ctime: at(3) });
    graph.data({ label: 'number', ctime: at(2), attributes: { value: 5 }, extras: { tag: 'Good', n: 1 } });
    graph.data({
      nodeType: NodeType.dict,
      label: 'energies',
      ctime: at(2),
      attributes: { energy: float(-215.5), units: 'eV', nested: { 'odd key': true, none: null } },
    });
    graph.node('data.core.array.bands.BandsData.', { label: 'bands', ctime: at(2) });
    graph.node('data.array.kpoints.KpointsData.', { label: 'of AiiDA 1', ctime: at(2) });
    graph.node(NodeType.installedCode, { label: 'pw', ctime: at(2), computer: computers[0] });
    const group = newUuid();
    tx.insertGroup({ uuid: group, label: 'Silicon', typeString: 'core', description: '', time: 1 });
    tx.addToGroup(group, [tx.node(6 as never)?.uuid as Uuid]);
    tx.setDescription(7 as never, 'from the paper', 5);
  });
}

const folder = mkdtempSync(join(tmpdir(), 'stemma-test-'));
const sampleStore = openStore({ file: join(folder, 'stemma.sqlite'), indexAfterMs: -1 });
fillSample(sampleStore);
const sampleReader = openReader(sampleStore.file);
const sampleSession = new ReadSession(sampleReader, { hasSearchIndex: true, now: () => now });

afterAll(() => {
  sampleReader.close();
  sampleStore.close();
  rmSync(folder, { recursive: true });
});

const labels = (session: ReadSession, filter: string): readonly string[] =>
  findNodes(session, { filter, typePrefix: '', after: null, limit: 100 })
    .rows.map(({ label }) => label)
    .toSorted();

describe('a filter finds', () => {
  test.each<readonly [filter: string, expected: readonly string[]]>([
    ['state:failed', ['bad']],
    ['state:failed,excepted', ['bad', 'function']],
    ['state:active', ['Wild*card', 'flow']],
    ['state:ended', ['bad', 'function', 'ok']],
    ['-state:ended type:process', ['Wild*card', 'flow']],
    ['type:calc', ['Wild*card', 'bad', 'function', 'ok']],
    ['type:calcjob', ['Wild*card', 'bad', 'ok']],
    ['type:workflow,code', ['flow', 'pw']],
    ['type:data', ['bands', 'energies', 'number', 'of AiiDA 1', 'pw']],
    ['type:Dict', ['energies']],
    ['type:dict', ['energies']],
    ['type:array', ['bands', 'of AiiDA 1']],
    ['type:data.core.array', ['bands']],
    ['type:BandsData', ['bands']],
    ['computer:daint', ['ok', 'pw']],
    ['computer:DAINT', ['ok', 'pw']],
    ['computer:~daint', ['bad', 'ok', 'pw']],
    ['computer:daint*', ['bad', 'ok', 'pw']],
    ['-computer:~daint type:calc', ['Wild*card', 'function']],
    ['label:OK', ['ok']],
    ['label:~E', ['energies', 'number']],
    ['label:fl*', ['flow']],
    [
      'label:*',
      ['Wild*card', 'bad', 'bands', 'energies', 'flow', 'function', 'number', 'of AiiDA 1', 'ok', 'pw'],
    ],
    ['label:""', []],
    ['label:~%', []],
    ['label:~"*"', ['Wild*card']],
    ['description:~paper', ['energies']],
    ['name:pw', ['pw']],
    ['group:silicon', ['number']],
    ['-group:silicon type:Int', []],
    ['plugin:core.arithmetic.add', ['bad', 'ok']],
    ['plugin:x.y', ['Wild*card']],
    ['plugin:~arithmetic', ['bad', 'flow', 'ok']],
    ['user:user@localhost type:Int', ['number']],
    ['exit:400', ['bad']],
    ['exit>=0', ['bad', 'ok']],
    ['-exit:0 type:calc', ['Wild*card', 'bad', 'function']],
    ['pk:1,3', ['Wild*card', 'ok']],
    ['pk<3', ['bad', 'ok']],
    ['ctime>7d type:process', ['Wild*card', 'function', 'ok']],
    ['ctime<7d', ['bad', 'flow']],
    ['ctime:7d type:workflow', []],
    ['ctime:2026-03-09', ['ok']],
    ['ctime>=2026-03-09', ['Wild*card', 'ok']],
    ['ctime>2026-03-09', ['Wild*card']],
    ['ctime<=2026-02', ['bad', 'flow']],
    ['ctime<2026', ['flow']],
    ['mtime<1970-01-03T12:00', ['energies']],
    ['attr.energy<-215', ['energies']],
    ['attr.energy:-215.5', ['energies']],
    ['attr.value:5', ['number']],
    ['attr.value:"5"', []],
    ['attr.units:EV', ['energies']],
    ['attr.units:~v', ['energies']],
    ['attr.units>d', ['energies']],
    ['attr.nested."odd key":true', ['energies']],
    ['attr.nested.none:null', ['energies']],
    ['attr.nothing:null', []],
    ['extra.tag:good', ['number']],
    ['extra.n:1 OR label:ok', ['number', 'ok']],
    ['(label:ok OR label:bad) exit:400', ['bad']],
    ['-(label:ok OR label:bad) type:calc', ['Wild*card', 'function']],
    ['paper', ['energies']],
    ['pwcalc', ['Wild*card', 'bad', 'flow', 'function', 'ok']],
    ['pwcalc -state:ended', ['Wild*card', 'flow']],
  ])('%s', (filter, expected) => {
    expect(labels(sampleSession, filter)).toEqual(expected);
  });

  test('by the beginning of a UUID', () => {
    const session = sampleSession;
    const uuid = session.value<string>('SELECT uuid FROM nodes WHERE id = 1') ?? '';
    expect(labels(session, `uuid:${uuid.slice(0, 13).toUpperCase()}`)).toEqual(['ok']);
  });
});

test('a filter that makes no sense is refused with the place and a suggestion', () => {
  const session = sampleSession;
  expect(() => labels(session, 'stat:failed')).toThrow(
    expect.objectContaining({ code: 'bad-filter', hint: 'Did you mean “state”?', subject: 'stat:failed' }),
  );
  expect(() => labels(session, 'exit:many')).toThrow(/character 6/);
});

test('every filter is SQL that runs, and its opposite finds the rest', () => {
  const session = sampleSession;
  const all = session.value<number>('SELECT count(*) FROM nodes') ?? 0;
  fc.assert(
    fc.property(anyFilter, fc.boolean(), (filter, hasSearchIndex) => {
      const count = (one: typeof filter): number => {
        const { sql, params } = allOf([filterSql(one, { hasSearchIndex, now })]);
        return session.value<number>(`SELECT count(*) FROM nodes AS n WHERE ${sql}`, ...params) ?? -1;
      };
      expect(count(filter) + count({ kind: 'not', part: filter })).toBe(all);
    }),
    { numRuns: 600 },
  );
});

test('no text in a filter is SQL', () => {
  const session = sampleSession;
  for (const text of [`'; DROP TABLE nodes; --`, `" OR 1=1`, `%' OR '1'='1`, `x') OR (1`]) {
    for (const field of ['label', 'computer', 'group', 'plugin', 'attr.x', 'attr."a b"'] as const) {
      for (const sign of [':', ':~'])
        expect(labels(session, `${field}${sign}${JSON.stringify(text)}`)).toEqual([]);
    }
  }
});

describe('pages of nodes', () => {
  test('are newest first, without gap or repetition, also where times are equal', () => {
    const store = temporaryStore({ indexAfterMs: -1 });
    build(store, (graph) => {
      for (let i = 0; i < 57; i++) graph.data({ ctime: Math.floor(i / 5) });
    });
    const session = sessionOf(store);
    const seen: number[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const page = findNodes(session, { filter: '', typePrefix: '', after, limit: 10 });
      expect([page.total, page.exact]).toEqual([57, true]);
      seen.push(...page.rows.map(({ pk }) => pk));
      after = page.next;
      pages++;
    } while (after !== null);
    expect(pages).toBe(6);
    expect(seen).toEqual(Array.from({ length: 57 }, (_, i) => 57 - i));
  });

  test('are narrowed by the beginning of a type', () => {
    const session = sampleSession;
    const page = findNodes(session, { filter: '', typePrefix: 'data.core.', after: null, limit: 2 });
    expect([page.rows.length, page.total]).toEqual([2, 4]);
  });

  test('are narrowed to the members of one group, also where another has its label', () => {
    const [group] = sampleSession.all<{ uuid: string }>('SELECT uuid FROM groups');
    const inGroup = (uuid: string) =>
      findNodes(sampleSession, { filter: '', typePrefix: '', group: uuid, after: null, limit: 10 });
    expect(inGroup(group?.uuid ?? '').rows.map(({ pk }) => pk)).toEqual([6]);
    expect(inGroup(newUuid())).toMatchObject({ rows: [], total: 0, next: null });
  });

  test('a cursor that is none is refused', () => {
    expect(() =>
      findNodes(sampleSession, { filter: '', typePrefix: '', after: '1; DROP', limit: 1 }),
    ).toThrow(/reload/);
  });
});

describe('the window of the process table', () => {
  const anyQuery: fc.Arbitrary<ProcessQuery> = fc.record({
    filter: fc.oneof(anyFilter.map(printFilter), fc.constantFrom('', 'state:ended', 'type:calc', 'exit>0')),
    rootsOnly: fc.boolean(),
    sort: fc.constantFrom('ctime', 'mtime', 'name', 'state', 'computer', 'pk'),
    descending: fc.boolean(),
    offset: fc.nat(4),
    limit: fc.integer({ min: 1, max: 5 }),
  });

  test('is a window of all rows in their order, with the counts of all', () => {
    const session = sampleSession;
    fc.assert(
      fc.property(anyQuery, (query) => {
        const part = processWindow(session, query);
        const all = processWindow(session, { ...query, offset: 0, limit: 500 });
        expect(part.rows).toEqual(all.rows.slice(query.offset, query.offset + query.limit));
        expect([part.total, part.counts]).toEqual([all.rows.length, all.counts]);
        for (const state of displayStates) {
          expect(all.counts[state]).toBe(all.rows.filter((row) => row.state === state).length);
        }
        const reversed = processWindow(session, {
          ...query,
          offset: 0,
          limit: 500,
          descending: !query.descending,
        });
        expect(reversed.rows).toEqual(all.rows.toReversed());
      }),
      { numRuns: 200 },
    );
  });

  test('knows what needs a person: by name, or because its computer does; of those that have not ended', () => {
    const session = sampleSession;
    const query = { rootsOnly: false, sort: 'pk', descending: false, offset: 0, limit: 500 } as const;
    const all = processWindow(session, { ...query, filter: '' });
    const [first] = all.rows;
    const active = (computer: string): number =>
      all.rows.filter(
        (row) => row.computer === computer && ['created', 'running', 'waiting'].includes(row.state),
      ).length;
    const inNeed = { processes: [first?.uuid ?? ''], computers: ['daint'] };
    const found = processWindow(session, { ...query, filter: 'state:needs-you', inNeed });
    expect(found.rows.map(({ uuid }) => uuid)).toContain(first?.uuid);
    expect(found.total).toBe(active('daint') + (active('daint') > 0 && first?.computer === 'daint' ? 0 : 1));
    expect(processWindow(session, { ...query, filter: 'state:failed', inNeed }).needsYou).toBe(found.total);
    expect(processWindow(session, { ...query, filter: 'state:needs-you' })).toMatchObject({
      total: 0,
      needsYou: 0,
    });
    expect(processWindow(session, { ...query, filter: '-state:needs-you', inNeed }).total).toBe(
      all.total - found.total,
    );
  });

  test('shows what a process does, who called it, and where it runs', () => {
    const store = temporaryStore({ indexAfterMs: -1 });
    const activity = { step: 'queue', words: 'in queue', reason: 'Priority', since: 5, until: null };
    const [work, calc] = build(store, (graph, tx) => {
      const [caller, called] = [
        graph.workflow({ label: 'mine' }),
        graph.calculation({ ctime: 1_700_000_000_123_456 }),
      ];
      graph.link(caller, called, 'call_calc', 'CALL');
      tx.putRun({ process: called, state: JSON.stringify({ kind: 'job', activity }) });
      tx.putRun({ process: caller, state: JSON.stringify({ kind: 'workflow', activity: 'nonsense' }) });
      return [tx.node(caller), tx.node(called)] as const;
    });
    const query = {
      filter: '',
      rootsOnly: false,
      sort: 'pk',
      descending: false,
      offset: 0,
      limit: 10,
    } as const;
    const { rows } = processWindow(sessionOf(store), query);
    expect(rows).toEqual([
      expect.objectContaining({
        pk: work?.id,
        kind: 'workflow',
        name: 'MultiplyAddWorkChain',
        label: 'mine',
        caller: null,
        activity: { step: '', words: '', reason: '', since: null, until: null },
      }),
      {
        uuid: calc?.uuid,
        pk: calc?.id,
        kind: 'calculation-job',
        name: 'ArithmeticAddCalculation',
        label: '',
        state: 'created',
        exitStatus: null,
        activity,
        computer: '',
        caller: work?.uuid,
        ctime: 1_700_000_000_123.456,
        mtime: 1_700_000_000_123.456,
      },
    ]);
    expect(processWindow(sessionOf(store), { ...query, rootsOnly: true }).rows.map(({ pk }) => pk)).toEqual([
      work?.id,
    ]);
  });
});
