import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { InputValue, LaunchRequestInput } from '#shared/contract/areas/launch.ts';
import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { openCore, type Core } from '#main/core.ts';

describe('a launch', () => {
  let core: Core;
  let client: Client<Contract>;
  let code: string;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stemma-launch-'));
    core = await openCore({ profileDirectory: join(folder, 'profile'), shell: 'none' });
    const [here, there] = memoryPair();
    core.serve(there);
    client = connectClient<Contract>(here);
    for await (const [computer] of client.listen('computers.list', {})) {
      const made = await client.call('codes.create', {
        label: 'bash',
        computer: computer?.uuid ?? '',
        executable: '/bin/bash',
      });
      code = made.uuid;
      break;
    }
  });
  afterAll(async () => {
    client.close();
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const shell = (inputs: Record<string, InputValue>, more: Partial<LaunchRequestInput> = {}) =>
    client.call('launch.preview', {
      plugin: 'core.shell',
      inputs: { code: { kind: 'node', uuid: code }, ...inputs },
      ...more,
    });
  const add = (inputs: Record<string, InputValue>, options: LaunchRequestInput['options'] = {}) =>
    client.call('launch.preview', {
      plugin: 'core.arithmetic.add',
      inputs: { code: { kind: 'node', uuid: code }, ...inputs },
      options,
    });
  const int = (value: number): InputValue => ({ kind: 'value', type: 'int', value });

  async function chosen(name: string, content: string): Promise<string> {
    const path = join(folder, name);
    writeFileSync(path, content);
    return (await core.files.offer(path)).handle;
  }

  const detailOf = async (uuid: string): Promise<ProcessDetail> => {
    for await (const detail of client.listen('processes.watch', { uuid })) return detail;
    throw new Error('The page of the process ended without a word');
  };

  test('is shown to the byte before anything is stored', async () => {
    const before = await client.call('app.info', {});
    const { issues, job } = await add({ x: int(3), y: int(4) });
    expect(issues).toEqual([]);
    expect(job?.computer).toBe('localhost');
    expect(job?.script).toContain('/bin/bash');
    expect(job?.files.map(({ path, text }) => [path, path.startsWith('_') ? '' : text])).toEqual([
      ['_aiidasubmit.sh', ''],
      ['aiida.in', 'echo $((3 + 4))\n'],
    ]);
    expect((await client.call('app.info', {})).profile.nodes).toBe(before.profile.nodes);
  });

  test('complains of every field at once, options included, in words', async () => {
    const { issues, job } = await client.call('launch.preview', {
      plugin: 'core.arithmetic.add',
      inputs: { code: { kind: 'node', uuid: code }, x: { kind: 'value', type: 'str', value: 'many' } },
      options: { queue_name: 'no rm -rf', max_wallclock_seconds: -1, resources: { num_machines: 0 } },
    });
    expect(job).toBeNull();
    expect(Object.fromEntries(issues.map(({ field, message }) => [field, message]))).toEqual({
      x: 'Must be an integer or a number.',
      y: 'Required.',
      'options.resources.num_machines': 'Must be 1 or more.',
      'options.max_wallclock_seconds': 'Must be 1 or more.',
      'options.queue_name': 'Must have letters, digits and _ . : @ % + , = / - only.',
    });
  });

  test('says at the resources that they contradict each other', async () => {
    const { issues } = await add(
      { x: int(1), y: int(2) },
      { resources: { num_machines: 2, tot_num_mpiprocs: 3 } },
    );
    expect(issues.map(({ field }) => field)).toEqual(['options.resources']);
  });

  test('tells which input does not fit the others', async () => {
    const { issues } = await shell({
      arguments: { kind: 'value', type: 'str', value: '{data}' },
      stdin: { kind: 'value', type: 'str', value: 'nothing' },
    });
    expect(issues).toEqual([
      { field: 'arguments', message: 'The arguments name {data}, but there is no input of that name.' },
    ]);
  });

  test('takes files by handle, one as a file and several as a folder', async () => {
    const one = await chosen('lines.txt', 'b\na\n');
    const two = await chosen('more.txt', 'c\n');
    const { issues, job } = await shell({
      arguments: { kind: 'value', type: 'str', value: '-c "sort {lines} {all}/more.txt"' },
      nodes__lines: { kind: 'chosen', as: 'file', files: [one] },
      nodes__all: { kind: 'chosen', as: 'folder', files: [one, two] },
      outputs: { kind: 'json', text: '["*.txt"]' },
    });
    expect(issues).toEqual([]);
    expect(job?.files.slice(1).map(({ path, text }) => [path, text])).toEqual([
      ['lines.txt', 'b\na\n'],
      ['all/lines.txt', 'b\na\n'],
      ['all/more.txt', 'c\n'],
    ]);
    expect(job?.retrieve).toContain('*.txt');
  });

  test('refuses files that are unknown, doubled or too many, at their field', async () => {
    const one = await chosen('lines.txt', 'b\na\n');
    const { issues } = await shell({
      nodes__gone: { kind: 'chosen', as: 'file', files: ['no-such-handle'] },
      nodes__twice: { kind: 'chosen', as: 'folder', files: [one, one] },
      nodes__many: { kind: 'chosen', as: 'file', files: [one, await chosen('x.txt', '')] },
    });
    expect(Object.fromEntries(issues.map(({ field, message }) => [field, message]))).toEqual({
      nodes__gone: 'This file was not chosen here, or too long ago.',
      nodes__twice: 'Two of the files are called “lines.txt”.',
      nodes__many: 'Must be one file.',
    });
  });

  test('keeps 1.0 apart from 1, in lists, dictionaries and single numbers', async () => {
    const { uuid } = await client.call('launch.submit', {
      plugin: 'core.shell',
      inputs: {
        code: { kind: 'node', uuid: code },
        arguments: { kind: 'value', type: 'str', value: '-c "echo {x}"' },
        nodes__x: { kind: 'value', type: 'float', value: 2 },
        nodes__d: { kind: 'json', text: '{"ecutwfc": 30.0, "nbnd": 12, "big": 12345678901234567890}' },
      },
    });
    const inputs = await inputsOf(uuid);
    expect(inputs['nodes__x']).toMatchObject({ nodeType: 'data.core.float.Float.' });
    expect(inputs['nodes__d']?.attributes).toBe('{"ecutwfc": 30.0, "nbnd": 12, "big": 12345678901234567890}');
  });

  test('goes on from the folder of a former job, with the files that it is told', async () => {
    const run = async (inputs: Record<string, InputValue>): Promise<string> => {
      const { uuid } = await client.call('launch.submit', {
        plugin: 'core.shell',
        inputs: { code: { kind: 'node', uuid: code }, ...inputs },
      });
      for await (const { row } of client.listen('processes.watch', { uuid })) {
        if (row.state === 'finished' || row.state === 'failed') break;
      }
      return uuid;
    };
    const words = (value: string): InputValue => ({ kind: 'value', type: 'str', value });
    const first = await run({ arguments: words('-c "echo 7 > checkpoint; mkdir -p wf; echo a > wf/a.wfc"') });
    const { outputs } = await detailOf(first);
    const folder = outputs.find(({ label }) => label === 'remote_folder')?.node.uuid ?? '';
    const from = { restart_folder: { kind: 'node', uuid: folder } } as const;
    expect((await shell(from)).issues).toEqual([
      {
        field: 'restart_files',
        message: 'Say which files of the restart folder are copied into the work directory.',
      },
    ]);
    const second = await run({
      ...from,
      arguments: words('-c "cat checkpoint wf/a.wfc"'),
      restart_files: { kind: 'json', text: '["checkpoint", "wf/*.wfc", "not-written-yet"]' },
    });
    const { row, outputs: made } = await detailOf(second);
    expect(row.exitStatus).toBe(0);
    const stdout = made.find(({ label }) => label === 'stdout')?.node.uuid ?? '';
    const { bytes } = await client.call('nodes.readFile', { uuid: stdout, path: 'stdout.txt' });
    expect(new TextDecoder().decode(bytes)).toBe('7\na\n');
  });

  test('says where JSON is wrong, and that a number is neither a list nor a dictionary', async () => {
    const { issues } = await shell({
      nodes__a: { kind: 'json', text: '{"a": }' },
      nodes__b: { kind: 'json', text: '3' },
      outputs: { kind: 'json', text: '{}' },
    });
    expect(Object.fromEntries(issues.map(({ field, message }) => [field, message]))).toMatchObject({
      nodes__a: expect.stringContaining('character 6') as unknown,
      nodes__b: 'Must be a list or a dictionary.',
      outputs: 'Must be a list.',
    });
  });

  async function inputsOf(uuid: string) {
    const { incoming } = await client.call('nodes.get', { uuid });
    const found: Record<string, { nodeType: string; attributes: string }> = {};
    for (const { label, node } of incoming) {
      const detail = await client.call('nodes.get', { uuid: node.uuid });
      found[label] = { nodeType: node.nodeType, attributes: detail.attributes };
    }
    return found;
  }
});
