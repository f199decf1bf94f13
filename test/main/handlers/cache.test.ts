import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCore, type Core } from '#main/core.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { CachingSettings } from '#shared/contract/areas/app.ts';
import type { InputValue, LaunchRequestInput } from '#shared/contract/areas/launch.ts';
import type { CacheReport } from '#shared/contract/areas/processes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { cacheExtras } from '#shared/provenance/cache-extras.ts';
import { parseUuid, type NodeId } from '#shared/provenance/ids.ts';

let folder = '';
let core: Core;
let client: Client<Contract>;
/** Numbers that no other test has used: what one leaves behind is the past of the next. */
let fresh = 1000;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stemma-cache-'));
  core = await openCore({
    profileDirectory: join(folder, 'profile'),
    shell: 'none',
    plugins: [new URL('../engine/test-workflows.ts', import.meta.url).href],
  });
  const [near, far] = memoryPair();
  core.serve(far);
  client = connectClient<Contract>(near);
});
afterAll(async () => {
  client.close();
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const settings = (caching: Partial<CachingSettings>): Promise<unknown> =>
  client.call('app.setSettings', {
    caching: { enabled: false, enabledFor: [], disabledFor: [], ...caching },
  });
beforeEach(async () => {
  fresh += 10;
  await settings({});
});

const int = (value: number): InputValue => ({ kind: 'value', type: 'int', value });
const request = (x: number, y: number, more: Partial<LaunchRequestInput> = {}): LaunchRequestInput => ({
  plugin: 'core.arithmetic.multiply',
  inputs: { x: int(x), y: int(y) },
  ...more,
});
async function run(wanted: LaunchRequestInput): Promise<string> {
  const { uuid } = await client.call('launch.submit', wanted);
  await core.engine.ended(parseUuid(uuid));
  return uuid;
}
const report = (uuid: string): Promise<CacheReport> => client.call('processes.cache', { uuid });

describe('why a calculation was not taken from the cache', () => {
  test('there was none of its type', async () => {
    const uuid = await run({ plugin: 'test.difference', inputs: { a: int(1), b: int(2) } });
    expect(await report(uuid)).toMatchObject({
      kind: 'ran',
      headline: 'There was no earlier calculation of this type.',
      detail: 'Now caching is off in the settings.',
      nearest: null,
    });
  });

  test('the nearest differs in an input, whose values stand beside each other', async () => {
    const near = await run(request(fresh, 2));
    await run(request(fresh + 1, 3));
    const here = await report(await run(request(fresh, 4, { caching: 'yes' })));
    expect(here.headline).toBe('No earlier calculation was equal. The nearest differs in “y”.');
    expect(here.nearest).toMatchObject({
      node: { uuid: near },
      equalInputs: 1,
      inputs: 2,
      differences: [
        { kind: 'input', name: 'y', here: { words: 'Int 4' }, there: { words: 'Int 2' }, inside: [] },
      ],
    });
  });

  test('an equal one was there, but the cache was off, or the launch said to run', async () => {
    const first = await run(request(fresh, 2));
    const second = await report(await run(request(fresh, 2)));
    expect(second).toMatchObject({
      headline: 'An equal calculation was there, but caching was off when this one was launched.',
      detail: 'Now caching is off in the settings.',
      nearest: { node: { uuid: expect.any(String) }, differences: [] },
    });
    await settings({ enabledFor: ['aiida.calculations:core.*'] });
    const third = await report(await run(request(fresh, 2, { caching: 'no' })));
    expect(third.headline).toBe('An equal calculation was there; the launch said to run anyway.');
    expect((await report(first)).nearest?.differences.length).not.toBe(0);
  });

  test('an equal one was there, but it failed, or was taken out', async () => {
    const failing = (caching: 'yes' | 'no'): LaunchRequestInput => ({
      plugin: 'test.failing',
      inputs: { status: int(300) },
      caching,
    });
    const failed = await run(failing('no'));
    expect((await report(await run(failing('yes')))).headline).toBe(
      'An equal calculation was there, but it failed with exit status 300, and failures run again.',
    );
    expect((await report(failed)).asSource).toMatchObject({ usable: false, can: 'nothing' });

    const first = await run(request(fresh, 2));
    await client.call('processes.setCacheSource', { uuid: first, usable: false });
    const second = await run(request(fresh, 2, { caching: 'yes' }));
    expect((await report(second)).headline).toBe(
      'An equal calculation was there, but a person took it out of the cache.',
    );
    expect((await report(first)).asSource).toMatchObject({ usable: false, can: 'put-back' });
    await client.call('processes.setCacheSource', { uuid: second, usable: false });
    await client.call('processes.setCacheSource', { uuid: first, usable: true });
    expect((await report(await run(request(fresh, 2, { caching: 'yes' })))).source?.uuid).toBe(first);
  });

  test('dictionaries are compared place by place', async () => {
    const dictionary = (text: string): LaunchRequestInput => ({
      plugin: 'test.keys',
      inputs: { dictionary: { kind: 'json', text } },
    });
    await run(dictionary('{"ecut": 30.0, "grid": [4, 4, 4], "same": 1}'));
    const { nearest } = await report(await run(dictionary('{"ecut": 40.0, "grid": [4, 4, 2], "same": 1}')));
    expect(nearest?.differences[0]?.inside).toEqual([
      { path: 'ecut', here: '40.0', there: '30.0' },
      { path: 'grid[2]', here: '2', there: '4' },
    ]);
  });

  test('a workflow always runs', async () => {
    const uuid = await run({ plugin: 'test.choosing', inputs: { number: int(fresh) } });
    expect(await report(uuid)).toMatchObject({ kind: 'always-runs', asSource: { can: 'nothing' } });
  });
});

describe('a copy', () => {
  test('says whose it is and what was saved, and is marked in the table; its source counts it', async () => {
    const first = await run(request(fresh, 2));
    const copy = await run(request(fresh, 2, { caching: 'yes' }));
    const here = await report(copy);
    expect(here).toMatchObject({
      kind: 'copy',
      headline: 'Taken from the cache: nothing ran.',
      source: { uuid: first },
      savedMs: expect.any(Number),
    });
    expect((await report(first)).asSource).toMatchObject({ usable: true, copies: 1, can: 'take-out' });
    for await (const item of client.listen('processes.table', { limit: 2 })) {
      expect(item.rows.map(({ uuid, cached }) => [uuid, cached])).toEqual([
        [copy, true],
        [first, undefined],
      ]);
      break;
    }
  });
});

describe('the preview of a launch', () => {
  const preview = async (wanted: LaunchRequestInput) => (await client.call('launch.preview', wanted)).cache;

  test('says whether an equal calculation is there, and whether it is taken', async () => {
    expect(await preview(request(fresh, 2))).toEqual({
      words: 'No equal calculation is in the cache.',
      taken: false,
      equal: null,
    });
    const uuid = await run(request(fresh, 2, { label: 'the first' }));
    expect(await preview(request(fresh, 2))).toEqual({
      words: 'An equal calculation is there. This one runs anyway, because caching is off in the settings.',
      taken: false,
      equal: { uuid, name: 'the first', ctime: expect.any(Number) },
    });
    expect(await preview(request(fresh, 2, { caching: 'yes' }))).toMatchObject({
      words: 'An equal calculation is there: its outputs are copied, and nothing runs.',
      taken: true,
    });
    expect(await preview({ plugin: 'test.choosing', inputs: { number: int(1) } })).toBeUndefined();
  });

  test('knows files by their content', async () => {
    const wanted = (text: string): LaunchRequestInput => ({
      plugin: 'test.size',
      inputs: { file: { kind: 'file', name: 'a.txt', content: Buffer.from(text) } },
    });
    const uuid = await run(wanted(`one ${fresh}`));
    expect((await preview(wanted(`one ${fresh}`)))?.equal?.uuid).toBe(uuid);
    expect((await preview(wanted(`two ${fresh}`)))?.equal).toBeNull();
  });
});

test('what came with an archive may be made a source', async () => {
  const uuid = await run(request(fresh, 2));
  // as an import leaves it
  core.store.write((tx) =>
    tx.patchExtras(core.store.nodeId(parseUuid(uuid)) as NodeId, { [cacheExtras.hash]: undefined }, 1),
  );
  expect(await report(uuid)).toMatchObject({
    headline: 'It was not launched here.',
    asSource: { usable: false, can: 'put-back' },
  });
  expect((await report(await run(request(fresh, 2, { caching: 'yes' })))).kind).toBe('ran');
  await client.call('processes.setCacheSource', { uuid, usable: true });
  expect((await report(await run(request(fresh, 2, { caching: 'yes' })))).source?.uuid).toBe(uuid);
});

test('only a calculation that has ended can be taken out', async () => {
  const uuid = await run({ plugin: 'test.choosing', inputs: { number: int(fresh) } });
  await expect(client.call('processes.setCacheSource', { uuid, usable: false })).rejects.toMatchObject({
    code: 'not-a-cache-source',
  });
});
