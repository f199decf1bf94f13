import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ProcessDetail, ProcessRow } from '#shared/contract/areas/processes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { ran } from './fake-world.ts';
import { row, uuid } from './samples.ts';

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
