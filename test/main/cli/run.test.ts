import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nothingSaid } from '#shared/provenance/archive-words.ts';
import { userError } from '#shared/base/errors.ts';
import type { ArchiveInfo, ImportReport } from '#shared/contract/areas/sharing.ts';
import type { NodeRef } from '#shared/contract/common.ts';
import type { CacheReport, ProcessDetail, ProcessRow } from '#shared/contract/areas/processes.ts';
import { importReport } from '../../support/import-report.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { ran } from './fake-world.ts';

const info: ArchiveInfo = {
  version: 'main_0001',
  aiidaVersion: '2.9.0',
  writtenBy: 'AiiDA 2.9.0',
  about: nothingSaid,
  nodes: 10,
  links: 12,
  groups: 1,
  computers: 2,
  users: 3,
  logs: 4,
  comments: 5,
  files: 6,
};

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const row = (n: number, change: Partial<ProcessRow> = {}): ProcessRow => ({
  uuid: uuid(n),
  pk: n,
  kind: 'calculation-job',
  name: 'ArithmeticAddCalculation',
  label: '',
  state: 'finished',
  exitStatus: 0,
  activity: { step: '', words: '', reason: '', since: null, until: null },
  computer: 'localhost',
  caller: null,
  ctime: 0,
  mtime: 0,
  ...change,
});

const noCounts = {
  created: 0,
  running: 0,
  waiting: 0,
  paused: 0,
  finished: 0,
  failed: 0,
  excepted: 0,
  killed: 0,
};

describe('stemma', () => {
  test('says its version and its help on stdout', async () => {
    expect(await ran(['--version'])).toMatchObject({ status: 0, stdout: '1.2.3\n', stderr: [] });
    const { stdout } = await ran(['--help']);
    for (const name of [
      'serve',
      'archive info',
      'archive import',
      'archive export',
      'process list',
      'process answer',
      'launch',
      'check',
    ]) {
      expect(stdout).toContain(`stemma ${name}`);
    }
  });

  test('ends with 2 and one line where the command line is wrong', async () => {
    const { status, stderr, opened } = await ran(['archive', 'export', 'x']);
    expect(status).toBe(2);
    expect(stderr).toHaveLength(1);
    expect(opened).toEqual([]);
  });

  test('ends with 1 and one line where the core refuses, and closes it', async () => {
    const { status, stderr, closed } = await ran(['check', '--profile', '/p'], {
      'app.check': () => {
        throw userError({ code: 'x', message: 'It is\nbroken.', hint: 'Mend it.' });
      },
    });
    expect({ status, stderr, closed }).toEqual({ status: 1, stderr: ['It is broken. Mend it.'], closed: 1 });
  });

  test('gives the message of a profile in use as it is', async () => {
    const message = 'The profile at /p is in use by another instance of Stemma (process 1 on h).';
    const openCore = () => Promise.reject(userError({ code: 'profile-in-use', message }));
    expect(await ran(['check', '--profile', '/p'], {}, { openCore })).toMatchObject({
      status: 1,
      stderr: [message],
    });
  });

  test('uses the default profile where none is named', async () => {
    const { opened } = await ran(['check'], { 'app.check': () => ({ problems: [], checked: {} }) });
    expect(opened).toEqual(['/default']);
  });
});

describe('stemma archive info', () => {
  test('prints every count by its name as JSON', async () => {
    const { stdout, opened } = await ran(
      ['archive', 'info', 'a.aiida', '--json'],
      {},
      { readArchiveInfo: () => Promise.resolve(info) },
    );
    expect(Object.keys(JSON.parse(stdout))).toEqual([
      'version',
      'aiidaVersion',
      'writtenBy',
      'about',
      'nodes',
      'links',
      'groups',
      'computers',
      'users',
      'logs',
      'comments',
      'files',
    ]);
    expect(JSON.parse(stdout)).toEqual(info);
    expect(opened).toEqual([]);
  });
});

describe('stemma archive export', () => {
  const done = (seen: unknown[]) => ({
    async *'archives.export'(input: unknown) {
      seen.push(input);
      yield { kind: 'done', file: { handle: 'h', name: 'o', size: 1 }, info } as const;
    },
  });

  test('exports a group by its label', async () => {
    const seen: unknown[] = [];
    const out = join(temporaryFolder(), 'o.aiida');
    const { status, stdout } = await ran(['archive', 'export', out, '--group', 'bands', '--json'], {
      ...done(seen),
      async *'groups.list'() {
        yield [
          { uuid: uuid(1), label: 'other', typeString: '', description: '', user: '', time: 0, count: 1 },
          { uuid: uuid(2), label: 'bands', typeString: '', description: '', user: '', time: 0, count: 1 },
        ];
      },
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(info);
    expect(seen).toMatchObject([{ selection: { what: { kind: 'group', uuid: uuid(2) } }, to: 'handle-1' }]);
  });

  test('never replaces a file without being told', async () => {
    const out = join(temporaryFolder(), 'o.aiida');
    writeFileSync(out, 'mine');
    const seen: unknown[] = [];
    const refused = await ran(['archive', 'export', out, '--all'], done(seen));
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.stderr[0]).toContain('is there already');
    expect(seen).toEqual([]);
    expect(await ran(['archive', 'export', out, '--all', '--force'], done(seen))).toMatchObject({
      status: 0,
    });
  });

  test('says which group is missing, and which there are', async () => {
    const stderrWith = async (labels: readonly string[]) => {
      const out = join(temporaryFolder(), 'o.aiida');
      const { stderr } = await ran(['archive', 'export', out, '--group', 'bands'], {
        async *'groups.list'() {
          yield labels.map((label) => ({ label }) as never);
        },
      });
      return stderr;
    };
    const missing = 'There is no group “bands” in this profile.';
    expect(await stderrWith([])).toEqual([
      `${missing} It has none. Export nodes with --node, or everything with --all.`,
    ]);
    expect(await stderrWith(['relaxed', 'phonons'])).toEqual([`${missing} Known are: relaxed, phonons.`]);
  });
});

describe('stemma archive import', () => {
  const counts = { new: 1, identical: 2, changed: 0 };
  const report = importReport({
    info,
    created: '2026-03-01T12:00:00',
    nodes: counts,
    links: counts,
    groups: counts,
    files: counts,
    bytes: 1,
    notes: ['A label was renamed.'],
    group: { uuid: uuid(9), label: 'import-1' },
  });
  const importing = (result: ImportReport) => ({
    async *'archives.import'() {
      yield { kind: 'done', report: result } as const;
    },
  });
  const file = (): string => {
    const path = join(temporaryFolder(), 'a.aiida');
    writeFileSync(path, 'x');
    return path;
  };

  test('prints the report', async () => {
    const { status, stdout } = await ran(['archive', 'import', file(), '--json'], importing(report));
    expect({ status, report: JSON.parse(stdout) as unknown }).toEqual({ status: 0, report });
    const words = await ran(['archive', 'import', file()], importing(report));
    expect(words.stdout).toContain('import-1');
    expect(words.stdout).toContain('A label was renamed.');
  });

  test('fails with the first conflict', async () => {
    const conflicts: ImportReport['conflicts'] = [
      {
        of: 'nodes',
        name: '',
        subject: uuid(1),
        message: 'A node with this UUID is different here.',
        why: 'differs',
      },
    ];
    const { status, stderr } = await ran(['archive', 'import', file()], importing({ ...report, conflicts }));
    expect(status).toBe(1);
    expect(stderr).toEqual([`Nothing was imported: A node with this UUID is different here. (${uuid(1)})`]);
  });

  test('says which file is missing', async () => {
    const { status, stderr } = await ran(['archive', 'import', '/nowhere/a.aiida']);
    expect(status).toBe(1);
    expect(stderr[0]).toContain('/nowhere/a.aiida');
  });
});

describe('stemma process answer', () => {
  const page = (explanation: ProcessDetail['explanation']) => ({
    'nodes.resolve': () => [{ uuid: uuid(1) } as NodeRef],
    async *'processes.watch'() {
      yield { row: row(1, { kind: 'workflow', state: 'waiting' }), explanation } as ProcessDetail;
    },
  });
  const asking = {
    tone: 'needs-you',
    headline: 'Shall it run again?',
    facts: [{ name: 'Iteration', value: '2' }],
    lines: [],
    advice: [],
    actions: ['kill'],
    question: {
      label: 'question_02',
      choices: [
        { name: 'again', label: 'Run it again', help: 'The same.' },
        { name: 'stop', label: 'End it', help: '' },
      ],
    },
  } satisfies ProcessDetail['explanation'];

  test('shows the question, the facts and the choices', async () => {
    const { stdout, status } = await ran(['process', 'answer', uuid(1)], page(asking));
    expect(status).toBe(0);
    expect(stdout).toBe(
      'Shall it run again?\n  Iteration  2\nagain  Run it again  The same.\nstop   End it\n',
    );
  });

  test('gives the answer', async () => {
    const given: unknown[] = [];
    const { stdout, status } = await ran(['process', 'answer', '0000', 'stop'], {
      ...page(asking),
      'processes.answer': (answer) => {
        given.push(answer);
        return {};
      },
    });
    expect({ stdout, status }).toEqual({ stdout: 'stop\n', status: 0 });
    expect(given).toEqual([{ uuid: uuid(1), label: 'question_02', choice: 'stop' }]);
  });

  test('says that nothing is asked, and where it is', async () => {
    const facts = [{ name: 'Answer it there', value: 'Restart', process: uuid(2) }];
    const { question: _, ...below } = asking;
    const { status, stderr } = await ran(['process', 'answer', uuid(1), 'stop'], page({ ...below, facts }));
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: [`${uuid(1)} asks nothing: Shall it run again? Try ${uuid(2)}.`],
    });
  });
});

describe('stemma process list', () => {
  const table = (all: readonly ProcessRow[], asked: unknown[] = []) => ({
    async *'processes.table'(input: { offset: number; limit: number }) {
      asked.push([input.offset, input.limit]);
      const rows = all.slice(input.offset, input.offset + input.limit);
      yield {
        kind: 'window',
        total: all.length,
        counts: noCounts,
        needsYou: 0,
        order: rows.map(({ pk }) => pk),
        rows,
      } as const;
    },
  });
  const many = Array.from({ length: 1200 }, (_, i) => row(i + 1));

  test('reads page by page up to its limit, and says that there are more', async () => {
    const asked: unknown[] = [];
    const { stdout, stderr } = await ran(['process', 'list', '--json'], table(many, asked));
    expect((JSON.parse(stdout) as unknown[]).length).toBe(1000);
    expect(asked).toEqual([
      [0, 500],
      [500, 500],
    ]);
    expect(stderr).toEqual(['1000 of 1200 processes; --limit shows more.']);
  });

  test('shows the exit status, and no control character of a foreign name', async () => {
    const rows = [row(1, { state: 'failed', exitStatus: 310, name: 'evil\u001B[31m' })];
    const { stdout } = await ran(['process', 'list'], table(rows));
    expect(stdout).toContain('failed [310]');
    expect(stdout).toContain('evil\uFFFD[31m');
    expect(stdout).not.toContain('\u001B');
  });
});

describe('stemma check', () => {
  test('fails when it found a lie, and lists it', async () => {
    const { status, stdout, stderr } = await ran(['check'], {
      'app.check': () => ({
        problems: [{ code: 'object-missing', subject: 'abc', message: 'An object is gone.' }],
        checked: { nodes: 3 },
      }),
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: ['The check found 1 problem.'] });
    expect(stdout).toContain('object-missing');
  });

  test('reads every file where it is told to', async () => {
    const seen: unknown[] = [];
    const handlers = {
      'app.check': (input: unknown) => {
        seen.push(input);
        return { problems: [], checked: {} };
      },
    };
    await ran(['check', '--read-files'], handlers);
    await ran(['check'], handlers);
    expect(seen).toEqual([{ readObjects: true }, { readObjects: false }]);
  });
});

describe('stemma resume', () => {
  const steps = [
    { path: 'relax', name: 'Relax', verdict: 'again' as const, why: 'it was killed', former: null },
    {
      path: 'relax/scf',
      name: 'Scf',
      verdict: 'reused' as const,
      why: 'process and inputs are equal',
      former: null,
    },
  ];
  const resuming = (submitted: unknown[]) => ({
    'nodes.resolve': () => [{ uuid: uuid(1) } as unknown as NodeRef],
    'launch.again': () => ({ plugin: 'test.bands', inputs: {}, label: '', description: '' }),
    'launch.preview': (input: unknown) => {
      submitted.push(input);
      return { issues: [], job: null, resume: { from: uuid(1), reused: 1, again: 1, later: 0, steps } };
    },
    'launch.submit': (input: unknown) => {
      submitted.push(input);
      return { uuid: uuid(2) };
    },
  });

  test('says what would be re-used and why, and starts nothing', async () => {
    const submitted: unknown[] = [];
    const { stdout, stderr, status } = await ran(
      ['resume', '0000', '--preview', '--again', 'x'],
      resuming(submitted),
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/relax {6}Relax {4}runs again {2}it was killed\n/);
    expect(stdout).toMatch(/relax\/scf {2}Scf {6}re-used {5}process and inputs are equal\n/);
    expect(stderr.join('\n')).toContain('Nothing was started.');
    expect(submitted).toMatchObject([{ plugin: 'test.bands', resume: { from: uuid(1), again: ['x'] } }]);
  });

  test('starts the new run and prints its UUID', async () => {
    const submitted: unknown[] = [];
    expect(await ran(['resume', '0000'], resuming(submitted))).toMatchObject({
      status: 0,
      stdout: `${uuid(2)}\n`,
    });
    expect(submitted).toHaveLength(1);
  });
});

describe('stemma process cache', () => {
  const report: CacheReport = {
    kind: 'ran',
    headline: 'No earlier calculation was equal. The nearest differs in “x”, and its code has changed.',
    detail: 'The same inputs: 1 of 2.',
    source: null,
    savedMs: null,
    nearest: {
      node: { uuid: uuid(2), pk: 2, nodeType: '', label: '', summary: '', ctime: 0 } as unknown as NodeRef,
      equalInputs: 1,
      inputs: 2,
      differences: [
        {
          kind: 'input',
          name: 'x',
          here: { uuid: uuid(3), words: 'Dict 1 key' },
          there: { uuid: uuid(4), words: 'Dict 2 keys' },
          inside: [{ path: 'ecut', here: null, there: '30.0' }],
        },
        { kind: 'code', name: 'code', here: { uuid: null, words: 'text 01…' }, there: null, inside: [] },
      ],
    },
    asSource: { usable: true, why: '', copies: 0, can: 'take-out' },
  };
  const handlers = (of: CacheReport) => ({
    'nodes.resolve': () => [{ uuid: uuid(1) } as NodeRef],
    'processes.cache': () => of,
  });

  test('says why nothing was taken, and what differs, place by place', async () => {
    const { status, stdout } = await ran(['process', 'cache', '0000'], handlers(report));
    expect(status).toBe(0);
    expect(stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
      report.headline,
      'The same inputs: 1 of 2.',
      `differs | in ${uuid(2)} | in ${uuid(1)}`,
      'x | Dict 2 keys | Dict 1 key',
      ' | ecut | 30.0 | none',
      'code | none | text 01…',
      '',
    ]);
  });

  test('says whose copy it is', async () => {
    const source = { uuid: uuid(9) } as NodeRef;
    const copy: CacheReport = {
      ...report,
      kind: 'copy',
      headline: 'Taken.',
      detail: '',
      source,
      nearest: null,
    };
    expect((await ran(['process', 'cache', '0000'], handlers(copy))).stdout).toBe(
      `Taken.\nIt is a copy of ${uuid(9)}.\n`,
    );
  });

  test('names what is not there', async () => {
    const nothing = { ...handlers(report), 'nodes.resolve': () => [] };
    expect(await ran(['process', 'cache', '0000'], nothing)).toMatchObject({
      status: 1,
      stderr: [
        'There is no process “0000” here. “stemma process list” lists them. Give a PK, a UUID, or at least its first 4 characters.',
      ],
    });
  });

  test('does not guess which of two is meant, but takes a PK before the beginning of a UUID', async () => {
    const both = [{ pk: 7, uuid: uuid(1) } as NodeRef, { pk: 8, uuid: uuid(2) } as NodeRef];
    const asked: unknown[] = [];
    const two = {
      'nodes.resolve': () => both,
      'processes.cache': (input: unknown) => (asked.push(input), report),
    };
    expect(await ran(['process', 'cache', '0000'], two)).toMatchObject({
      status: 1,
      stderr: ['“0000” is the beginning of 2 UUIDs. Give more of it.'],
    });
    expect(await ran(['process', 'cache', '8'], two)).toMatchObject({ status: 0 });
    expect(asked).toEqual([{ uuid: uuid(2) }]);
  });
});

describe('stemma launch', () => {
  const spec = {
    id: 'core.arithmetic.add',
    kind: 'calculation-job' as const,
    label: 'ArithmeticAddCalculation',
    processType: 'aiida.calculations:core.arithmetic.add',
    summary: '',
    version: '1',
    inputs: {
      kind: 'namespace' as const,
      required: true,
      help: '',
      ports: { x: { kind: 'port' as const, types: ['int' as const], required: true, help: '' } },
    },
    outputs: { kind: 'namespace' as const, required: true, help: '', ports: {} },
    exitCodes: [],
  };
  const inputs = (): string => {
    const path = join(temporaryFolder(), 'i.json');
    writeFileSync(path, '{"inputs": {"x": 1}}');
    return path;
  };
  const detail = (change: Partial<ProcessRow>): ProcessDetail =>
    ({ row: row(1, change), exitMessage: '', exception: '', outputs: [] }) as unknown as ProcessDetail;
  const launching = (states: readonly Partial<ProcessRow>[], submitted: unknown[] = []) => ({
    'launch.processes': () => [spec],
    'launch.preview': () => ({ issues: [], job: null }),
    'launch.submit': (input: unknown) => {
      submitted.push(input);
      return { uuid: uuid(1) };
    },
    async *'processes.watch'() {
      for (const state of states) yield detail(state);
    },
  });

  test('prints the UUID and does not wait', async () => {
    const submitted: unknown[] = [];
    const argv = ['launch', 'core.arithmetic.add', '--inputs', inputs()];
    expect(await ran(argv, launching([], submitted))).toMatchObject({ status: 0, stdout: `${uuid(1)}\n` });
    expect(submitted).toMatchObject([
      { plugin: 'core.arithmetic.add', inputs: { x: { kind: 'value', type: 'int', value: 1 } } },
    ]);
  });

  test('says whether the cache is asked, and when to stop the job: the command before the file', async () => {
    const folder = temporaryFolder();
    const [file, rules] = [join(folder, 'i.json'), join(folder, 'r.json')];
    const silent = { kind: 'silent', file: 'out.txt', minutes: 30 };
    writeFileSync(file, JSON.stringify({ inputs: { x: 1 }, caching: 'yes', rules: [silent] }));
    writeFileSync(rules, JSON.stringify([{ ...silent, minutes: 5 }]));
    const submitted: unknown[] = [];
    const argv = ['launch', 'core.arithmetic.add', '--inputs', file];
    expect((await ran(argv, launching([], submitted))).status).toBe(0);
    expect((await ran([...argv, '--no-cache', '--rules', rules], launching([], submitted))).status).toBe(0);
    expect((await ran([...argv, '--cache'], launching([], submitted))).status).toBe(0);
    expect(submitted).toMatchObject([
      { caching: 'yes', rules: [{ kind: 'silent', minutes: 30, every: 60, after: 'parse' }] },
      { caching: 'no', rules: [{ minutes: 5 }] },
      { caching: 'yes', rules: [{ minutes: 30 }] },
    ]);
  });

  test.each([
    ['no JSON', 'x', 'core.arithmetic.add', 'The stop rules are not valid: ✖ the file is no JSON'],
    [
      'a rule without a time',
      '[{"kind": "silent", "file": "out.txt"}]',
      'core.arithmetic.add',
      'The stop rules are not valid: ',
    ],
    [
      'a rule for what is no job',
      '[{"kind": "silent", "file": "out.txt", "minutes": 1}]',
      'core.arithmetic.multiply',
      'core.arithmetic.multiply is no job, so no rule can stop it.',
    ],
  ])('refuses %s', async (_, text, plugin, words) => {
    const rules = join(temporaryFolder(), 'r.json');
    writeFileSync(rules, text);
    const submitted: unknown[] = [];
    const { status, stderr } = await ran(['launch', plugin, '--inputs', inputs(), '--rules', rules], {
      ...launching([], submitted),
      'launch.processes': () => [
        spec,
        { ...spec, id: 'core.arithmetic.multiply', kind: 'calculation-function' as const },
      ],
    });
    expect(status).toBe(1);
    expect(stderr[0]).toContain(words);
    expect(submitted).toEqual([]);
  });

  test('waits until the end and says the states on the way', async () => {
    const running = {
      state: 'waiting',
      activity: { ...row(1).activity, words: 'in queue', reason: 'Priority' },
    } as const;
    const argv = ['launch', 'core.arithmetic.add', '--inputs', inputs(), '--wait', '--json'];
    const { status, stdout, stderr } = await ran(argv, launching([running, running, { state: 'finished' }]));
    expect(status).toBe(0);
    expect(stderr).toEqual(['waiting, in queue, Priority']);
    expect(JSON.parse(stdout)).toMatchObject({
      uuid: uuid(1),
      state: 'finished',
      exitStatus: 0,
      outputs: {},
    });
  });

  test('fails when the process did', async () => {
    const argv = ['launch', 'core.arithmetic.add', '--inputs', inputs(), '--wait'];
    const { status, stderr } = await ran(argv, launching([{ state: 'failed', exitStatus: 310 }]));
    expect(status).toBe(1);
    expect(stderr).toEqual([`ArithmeticAddCalculation ${uuid(1)} ended as failed [310].`]);
  });

  test('stores nothing when an input is wrong', async () => {
    const submitted: unknown[] = [];
    const { status, stderr } = await ran(['launch', 'core.arithmetic.add', '--inputs', inputs()], {
      ...launching([], submitted),
      'launch.preview': () => ({ issues: [{ field: 'x', message: 'must be at least 2' }], job: null }),
    });
    expect({ status, stderr, submitted }).toEqual({
      status: 1,
      stderr: ['x: must be at least 2'],
      submitted: [],
    });
  });

  test('names the processes that there are when one is unknown', async () => {
    const { stderr } = await ran(['launch', 'core.nothing', '--inputs', inputs()], launching([]));
    expect(stderr[0]).toContain('core.arithmetic.add');
  });
});
