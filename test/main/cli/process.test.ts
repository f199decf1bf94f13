import { describe, expect, test } from 'vitest';
import type { NodeRef } from '#shared/contract/common.ts';
import type { CacheReport, ProcessDetail, ProcessRow } from '#shared/contract/areas/processes.ts';
import { ran } from './fake-world.ts';
import { noCounts, row, uuid } from './samples.ts';

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
