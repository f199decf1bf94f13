import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectClient } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import { openCore } from '#main/core.ts';

let profileDirectory: string;
beforeEach(() => {
  profileDirectory = mkdtempSync(join(tmpdir(), 'stemma-rule-'));
});
afterEach(() => rmSync(profileDirectory, { recursive: true, force: true }));

/** Prints growing numbers, and would go on for a minute. */
const script = 'i=0; while [ $i -lt 300 ]; do i=$((i + 1)); echo "E = $i eV"; sleep 0.2; done; echo all';

test('a job that prints growing numbers is stopped by a rule, also after a restart, and its files come back', async () => {
  const open = async () => {
    const core = await openCore({ profileDirectory, shell: 'none' });
    const [here, there] = memoryPair();
    core.serve(there);
    const client = connectClient<Contract>(here);
    const seen = async (uuid: string, is: (page: ProcessDetail) => boolean): Promise<ProcessDetail> => {
      for await (const page of client.listen('processes.watch', { uuid })) if (is(page)) return page;
      throw new Error('the page ended');
    };
    return { core, client, seen, close: () => (client.close(), core.close()) };
  };
  const first = await open();
  const [computer] = await first.core.computers.rows();
  const code = await first.client.call('codes.create', {
    label: 'sh',
    computer: computer?.uuid ?? '',
    executable: '/bin/sh',
  });
  const { uuid } = await first.client.call('launch.submit', {
    plugin: 'core.shell',
    inputs: {
      code: { kind: 'node', uuid: code.uuid },
      arguments: { kind: 'value', type: 'str', value: `-c '${script}'` },
    },
    rules: [
      {
        kind: 'value',
        file: 'stdout.txt',
        pattern: { kind: 'words', text: 'E =' },
        compare: '>',
        limit: 1e6,
      },
    ],
  });
  const running = await first.seen(uuid, (page) => page.row.activity.words === 'running');
  expect(running.rules).toMatchObject([
    { words: 'the number after “E =” in stdout.txt is greater than 1000000' },
  ]);

  // it runs before it has printed anything
  await expect
    .poll(async () => {
      const { isCut, files } = await first.client.call('processes.remoteFiles', { uuid });
      const output = files.find(({ path }) => path === 'stdout.txt');
      return !isCut && output !== undefined && Number(output.size) >= 'E = 1 eV\n'.length;
    })
    .toBe(true);
  const start = await first.client.call('processes.remoteFile', {
    uuid,
    path: 'stdout.txt',
    from: 0,
    tailBytes: 9,
  });
  expect([start.from, new TextDecoder().decode(start.bytes)]).toEqual([0, 'E = 1 eV\n']);
  const end = await first.client.call('processes.remoteFile', { uuid, path: 'stdout.txt', tailBytes: 5 });
  expect([end.from, end.bytes.length]).toEqual([end.size - 5, 5]);
  const anew = await first.client.call('processes.remoteFile', {
    uuid,
    path: 'stdout.txt',
    from: 10_000_000,
  });
  expect(anew.from).toBe(0);

  await first.client.call('processes.setRules', {
    uuid,
    rules: [
      {
        kind: 'value',
        file: 'stdout.txt',
        pattern: { kind: 'expression', text: 'E = (?<value>\\d+) eV' },
        compare: '>',
        limit: 12,
        times: 2,
        every: 1,
      },
    ],
  });
  await first.close();

  const second = await open();
  const over = await second.seen(uuid, (page) => page.row.exitStatus !== null);
  expect(over.row).toMatchObject({ state: 'failed', exitStatus: 150 });
  expect(over.exitMessage).toMatch(
    /^Stopped by a rule: the number that E = .* in stdout\.txt is greater than 12, 2 times in a row\. It read 14 in “E = 14 eV”\.$/,
  );
  expect(over.outputs.map(({ label }) => label)).toContain('retrieved');
  expect(
    over.log.some(({ level, message }) => level === 'REPORT' && message.includes('stopped by a rule')),
  ).toBe(true);
  const node = await second.client.call('nodes.get', { uuid });
  expect(JSON.parse(node.attributes)).toMatchObject({
    stopped_by: { value: '14', line: 'E = 14 eV' },
    stop_rules: [{ limit: 12 }],
  });
  const again = await second.client.call('launch.again', { uuid });
  expect(again.rules).toMatchObject([{ kind: 'value', limit: 12 }]);
  await second.close();
});
