import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCore, type Core } from '#main/core.ts';
import { openReader } from '#main/provenance/database.ts';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { LaunchRequestInput } from '#shared/contract/areas/launch.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { AiidaProfile, findAiida, type AiidaVenv } from '../../support/aiida.ts';
import { canonicalDump, expectSame, type CanonicalDump } from '../../support/canonical-dump.ts';
import { skipReason } from '../../support/skips.ts';

const found = await findAiida();
const noAiida = skipReason('runs of ours in AiiDA', typeof found === 'string' ? found : null);
const venv = found as AiidaVenv;

const int = (value: number) => ({ kind: 'value', type: 'int', value }) as const;
const text = (value: string) => ({ kind: 'value', type: 'str', value }) as const;
const node = (uuid: string) => ({ kind: 'node', uuid }) as const;

describe.skipIf(noAiida !== null)('runs of ours in AiiDA', () => {
  let folder = '';
  let core: Core;
  let client: Client<Contract>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stemma-own-runs-'));
    core = await openCore({ profileDirectory: join(folder, 'profile'), shell: 'none' });
    const [ours, theirs] = memoryPair();
    core.serve(theirs);
    client = connectClient<Contract>(ours);
  });
  afterAll(async () => {
    client.close();
    await core.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (request: LaunchRequestInput): Promise<string> =>
    (await client.call('launch.submit', request)).uuid;
  const run = async (request: LaunchRequestInput): Promise<string> => {
    const uuid = await start(request);
    await core.engine.ended(uuid as never);
    return uuid;
  };

  test('an archive of them imports there with every node, link, attribute and file equal', async () => {
    const [localhost] = await first(client.listen('computers.list', {}));
    const computer = localhost?.uuid ?? '';
    const code = async (label: string, executable: string): Promise<string> =>
      (await client.call('codes.create', { label, computer, executable })).uuid;
    const bash = await code('bash', '/bin/bash');
    const sort = await code('sort', '/usr/bin/sort');
    const sleep = await code('sleep', '/bin/sleep');

    const added = await run({
      plugin: 'core.arithmetic.add',
      label: 'an addition',
      description: 'Two and three, in “bash” ✓',
      inputs: { code: node(bash), x: int(2), y: int(3) },
    });
    const inputs = { code: node(bash), x: int(2), y: int(3), z: int(5) };
    const plugin = 'core.arithmetic.multiply_add';
    const workflow = await run({ plugin, label: 'a workflow', inputs });
    await run({ plugin, label: 'the short branch', inputs: { ...inputs, z: int(0) } });
    const negative = await run({ plugin, label: 'a negative result', inputs: { ...inputs, z: int(-100) } });
    const { inputs: former } = await client.call('launch.again', { uuid: negative });
    await run({ plugin, label: 'resumed', inputs: { ...former, z: int(7) }, resume: { from: negative } });
    await run({
      plugin: 'core.arithmetic.multiply',
      inputs: {
        x: { kind: 'value', type: 'float', value: 0.1 },
        y: { kind: 'value', type: 'float', value: 1e22 },
      },
    });
    await run({
      plugin: 'core.shell',
      label: 'a command',
      inputs: {
        code: node(sort),
        arguments: text('-o sorted.txt {lines}'),
        nodes__lines: { kind: 'file', name: 'lines with blanks.txt', content: Buffer.from('b\nc\na\n') },
        outputs: { kind: 'value', type: 'list', value: ['*.txt'] },
      },
    });
    await run({
      plugin: 'core.shell',
      label: 'a command that fails',
      inputs: { code: node(sort), arguments: text('no-such-file') },
    });
    const killed = await start({
      plugin: 'core.shell',
      label: 'a job that is killed',
      inputs: { code: node(sleep), arguments: text('600') },
    });
    for await (const { row } of client.listen('processes.watch', { uuid: killed })) {
      if (['queue', 'run'].includes(row.activity.step)) break;
      expect(['finished', 'failed', 'excepted']).not.toContain(row.state);
    }
    await client.call('processes.kill', { uuids: [killed] });
    await core.engine.ended(killed as never);

    await client.call('nodes.setExtra', { uuid: added, key: 'rank', value: { of: [1, 2.5, null, 'ü'] } });
    await client.call('nodes.addComment', { uuid: added, content: 'Checked by hand.' });
    const group = await client.call('groups.create', {
      label: 'paper',
      description: 'What is in the paper.',
    });
    await client.call('groups.addNodes', { uuid: group.uuid, nodes: [added, workflow] });

    const archive = join(folder, 'own.aiida');
    const { handle } = await core.files.reserve(archive);
    for await (const item of client.listen('archives.export', {
      to: handle,
      selection: { what: { kind: 'all' } },
    })) {
      if (item.kind === 'done') expect(item.info.nodes).toBeGreaterThan(50);
    }
    const dump = join(folder, 'dump.json');
    const there = join(folder, 'aiida');
    await mkdir(there);
    const aiida = await AiidaProfile.empty(venv, there);
    await aiida.script('import_archives.py', dump, archive);
    await aiida.script('check_own_runs.py');
    const database = openReader(core.profile.paths.database);
    const here = await canonicalDump({
      repository: core.repository,
      rows: <T>(sql: string, ...values: unknown[]) => database.prepare(sql).all(...values) as T[],
    });
    const stored = database
      .prepare(`SELECT uuid, json_extract(extras, '$._aiida_hash') AS hash FROM nodes WHERE hash IS NOT NULL`)
      .raw()
      .all() as [string, string][];
    database.close();
    expect(stored).toHaveLength(Object.keys(here.nodes).length - 1);
    // what caching goes by was worked out when each was stored, and is what AiiDA works out now
    expect(Object.fromEntries(stored)).toEqual(
      Object.fromEntries(stored.map(([uuid]) => [uuid, here.nodes[uuid]?.hash])),
    );
    expectSame(JSON.parse(readFileSync(dump, 'utf8')) as CanonicalDump, here);
  });
});

async function first<T>(stream: AsyncIterable<T>): Promise<T> {
  for await (const item of stream) return item;
  throw new Error('The stream ended before it began');
}
