import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCore, type Core } from '#main/core.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { Contract } from '#shared/contract/contract.ts';
import type { Uuid } from '#shared/provenance/ids.ts';

let folder: string;
let core: Core;
let client: Client<Contract>;

/** The first block of code of the page, with the plugin API where it is here. */
async function example(): Promise<string> {
  const page = await readFile(new URL('../../../docs/workflows.md', import.meta.url), 'utf8');
  const code = /```ts\n(.*?)```/s.exec(page)?.[1] ?? '';
  const api = new URL('../../../src-shared/plugin/index.ts', import.meta.url).href;
  return code.replace(`'#shared/plugin/index.ts'`, JSON.stringify(api));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stemma-example-'));
  const module = join(folder, 'example.mjs');
  await writeFile(module, await example());
  const plugins = [pathToFileURL(module).href];
  core = await openCore({ profileDirectory: join(folder, 'profile'), shell: 'none', plugins });
  const [ours, theirs] = memoryPair();
  core.serve(theirs);
  client = connectClient<Contract>(ours);
});
afterAll(async () => {
  client.close();
  await core.close();
  await rm(folder, { recursive: true, force: true });
});

const number = (value: number) => ({ kind: 'value', type: 'float', value }) as const;
const run = async (a: number, b: number, limit: number) => {
  const { uuid } = await client.call('launch.submit', {
    plugin: 'example.halve_below',
    inputs: { a: number(a), b: number(b), limit: number(limit) },
  });
  await core.engine.ended(uuid as Uuid);
  for await (const detail of client.listen('processes.watch', { uuid })) return detail;
  throw new Error('no page');
};

describe('the example of the page on workflows', () => {
  it('runs, and does what the page says', async () => {
    const { row, called, outputs, log } = await run(10, 3, 2);
    expect(row).toMatchObject({ state: 'finished', exitStatus: 0 });
    expect(called.map(({ label }) => label).toSorted()).toEqual(['a_1', 'a_2', 'a_3', 'b_1']);
    expect(outputs.map(({ label, node }) => [label, node.summary]).toSorted()).toEqual([
      ['a', '1.25'],
      ['b', '1.5'],
    ]);
    expect(log.at(-1)?.message).toBe('below 2: 1.25 and 1.5');
  });

  it('ends with its own exit code where it does not come to an end', async () => {
    const { row, exitMessage } = await run(1e9, 1, 2);
    expect(row.exitStatus).toBe(400);
    expect(exitMessage).toBe('Not below 2 after 10 rounds.');
  });
});
