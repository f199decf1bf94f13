/** `core.shell` as a person runs it: through the whole core, on this machine, with real commands. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { InputValue } from '#shared/contract/areas/launch.ts';
import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { openCore, type Core } from '#main/core.ts';
import { labelFiles, outputFiles } from '#main/plugins/builtin/shell-outputs.ts';

const words = (value: string): InputValue => ({ kind: 'value', type: 'str', value });
const json = (value: unknown): InputValue => ({ kind: 'json', text: JSON.stringify(value) });

describe('core.shell on this machine', () => {
  let core: Core;
  let client: Client<Contract>;
  let code: string;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stemma-shell-'));
    core = await openCore({ profileDirectory: join(folder, 'profile'), shell: 'none' });
    const [here, there] = memoryPair();
    core.serve(there);
    client = connectClient<Contract>(here);
    const [computer] = await core.computers.rows();
    const made = await client.call('codes.create', {
      label: 'sh',
      computer: computer?.uuid ?? '',
      executable: '/bin/sh',
    });
    code = made.uuid;
  });
  afterAll(async () => {
    client.close();
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const request = (script: string, outputs: readonly unknown[], options = {}) => ({
    plugin: 'core.shell',
    inputs: {
      code: { kind: 'node', uuid: code } as const,
      arguments: words(`-c '${script}'`),
      outputs: json(outputs),
    },
    options,
  });

  async function ended(script: string, outputs: readonly unknown[], options = {}): Promise<ProcessDetail> {
    const { uuid } = await client.call('launch.submit', request(script, outputs, options));
    for await (const page of client.listen('processes.watch', { uuid }))
      if (['finished', 'failed', 'excepted'].includes(page.row.state)) return page;
    throw new Error('The page ended');
  }

  async function outputsOf(page: ProcessDetail): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const { label, node } of page.outputs) {
      if (['retrieved', 'remote_folder', 'stderr'].includes(label)) continue;
      const { files } = await client.call('nodes.get', { uuid: node.uuid });
      const { bytes } = await client.call('nodes.readFile', {
        uuid: node.uuid,
        path: files[0]?.path ?? '',
      });
      found[label] = new TextDecoder().decode(bytes);
    }
    return found;
  }

  test('tells the exit status of the command, whatever a person runs after it', async () => {
    const page = await ended('exit 3', [], { append_text: 'date' });
    expect([page.row.exitStatus, page.exitMessage]).toEqual([400, 'The command ended with exit status 3.']);
  });

  test('takes files as a shell names them: with ./, by a set, and all of a folder', async () => {
    const script =
      'mkdir out results; echo 1 > result.txt; echo 2 > out/a; echo 3 > results/b; echo 4 > data0.txt; echo 5 > data1.txt';
    const page = await ended(script, ['./result.txt', 'out*', 'results/', 'data[!0].txt', 'a[1.txt']);
    expect(page.exitMessage).toBe('No file matched a[1.txt.');
    expect(await outputsOf(page)).toEqual({
      stdout: '',
      result_txt: '1\n',
      out_a: '2\n',
      results_b: '3\n',
      data1_txt: '5\n',
    });
  });

  test('loses no file whose name is like another one or like an output of every job', async () => {
    const script =
      'echo printed; for n in a-b.dat a_b.dat ü é stdout retrieved remote_folder; do echo $n > $n; done';
    const page = await ended(script, ['*']);
    expect([page.row.exitStatus, page.exitMessage]).toEqual([0, '']);
    expect(await outputsOf(page)).toEqual({
      stdout: 'printed\n',
      a_b_dat: 'a-b.dat\n',
      a_b_dat_2: 'a_b.dat\n',
      file: 'é\n',
      file_2: 'ü\n',
      stdout_2: 'stdout\n',
      retrieved_2: 'retrieved\n',
      remote_folder_2: 'remote_folder\n',
    });
  });

  test('refuses at the field what could not be retrieved, before anything runs', async () => {
    const issuesOf = async (outputs: readonly unknown[], options = {}) => {
      const { issues } = await client.call('launch.preview', request('true', outputs, options));
      return issues.map(({ field, message }) => `${field}: ${message}`);
    };
    expect(await issuesOf(['ok.txt', '/scratch/me/out.dat'])).toEqual([
      'outputs: "/scratch/me/out.dat" is no name and no glob in the work directory: it is not relative to the work directory.',
    ]);
    expect(await issuesOf(['../x'])).toEqual([
      'outputs: "../x" is no name and no glob in the work directory: it leaves the work directory.',
    ]);
    expect(await issuesOf([3])).toEqual(['outputs: 3 is no text. Names stand in quotes.']);
    expect(await issuesOf([], { additional_retrieve_list: ['a\\*'] })).toEqual([
      'options.additional_retrieve_list.0: Must be a path or a glob in the work directory: a pattern cannot have a backslash.',
    ]);
  });
});

test('files of every job are outputs only where they are named', () => {
  const present = ['_scheduler-stdout.txt', '_aiidasubmit.sh', 'stdout.txt', 'a.txt'];
  expect(outputFiles(['*.txt', '*.sh'], present)).toEqual({
    files: [{ label: 'a_txt', path: 'a.txt' }],
    missing: ['*.sh'],
  });
  expect(outputFiles(['_aiidasubmit.sh'], present).files.map(({ path }) => path)).toEqual([
    '_aiidasubmit.sh',
  ]);
});

test('each file has a label of its own, the same whatever order they come in', () => {
  const paths = ['b/x', 'b-x', 'b_x_2', 'b_x'];
  const labels = labelFiles(paths);
  expect(new Set(labels.map(({ label }) => label)).size).toBe(4);
  expect(labelFiles(paths.toReversed())).toEqual(labels);
});
