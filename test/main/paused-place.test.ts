import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensure } from '#shared/base/assert.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import { openCore, type Core } from '#main/core.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stemma-places-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Opened {
  readonly core: Core;
  readonly client: Client<Contract>;
  seen(uuid: string, is: (page: ProcessDetail) => boolean): Promise<ProcessDetail>;
  close(): Promise<void>;
}

async function open(): Promise<Opened> {
  const core = await openCore({ profileDirectory: join(folder, 'profile'), shell: 'none' });
  const [here, there] = memoryPair();
  core.serve(there);
  const client = connectClient<Contract>(here);
  return {
    core,
    client,
    async seen(uuid, is) {
      for await (const page of client.listen('processes.watch', { uuid })) if (is(page)) return page;
      throw new Error('the page ended');
    },
    async close() {
      client.close();
      await core.close();
    },
  };
}

test('the job of a paused process keeps its place in the queue, also after a restart, until it has left it', async () => {
  const first = await open();
  const [computer] = await first.core.computers.rows();
  const uuid = computer?.uuid ?? '';
  const { config } = await first.client.call('computers.get', { uuid });
  await first.client.call('computers.update', {
    uuid,
    config: { ...ensure(config, 'the configuration of this machine'), maxJobs: 1, minimumPollInterval: 0.2 },
  });
  const code = await first.client.call('codes.create', {
    label: 'sh',
    computer: uuid,
    executable: '/bin/sh',
  });
  const launch = async (script: string): Promise<string> => {
    const { uuid: process } = await first.client.call('launch.submit', {
      plugin: 'core.shell',
      inputs: {
        code: { kind: 'node', uuid: code.uuid },
        arguments: { kind: 'value', type: 'str', value: `-c '${script}'` },
      },
    });
    return process;
  };
  const go = join(folder, 'go');
  const paused = await launch(`while [ ! -e "${go}" ]; do sleep 0.1; done; echo gone`);
  await first.seen(paused, ({ row }) => row.activity.words === 'running');
  await first.client.call('processes.pause', { uuids: [paused] });
  const next = await launch('echo next');
  const words = 'waits for a place';
  await first.seen(next, ({ row }) => row.activity.words === words);
  await first.close();

  const second = await open();
  const waiting = await second.seen(next, ({ row }) => row.activity.words === words);
  expect(waiting.row.activity.reason).toContain('1 of 1 jobs');
  expect((await second.seen(paused, () => true)).row.state).toBe('paused');
  writeFileSync(go, '');
  // nobody has pressed play: its job has left the queue
  await second.seen(next, ({ row }) => row.exitStatus === 0);
  const ended = await second.seen(paused, () => true);
  expect(ended.row.state).toBe('paused');
  expect(ended.outputs.map(({ label }) => label)).not.toContain('retrieved');
  await second.client.call('processes.play', { uuids: [paused] });
  const over = await second.seen(paused, ({ row }) => row.exitStatus !== null);
  expect(over.row.exitStatus).toBe(0);
  expect(over.outputs.map(({ label }) => label)).toContain('retrieved');
  await second.close();
});
