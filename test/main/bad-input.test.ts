/**
 * What a person reads when something is wrong, and that nothing is lost: through the whole core and its contract, as a
 * window sees it. What needs a real SSH server is in test/peers/cluster/bad-input.test.ts.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { ComputerConfigInput } from '#shared/contract/areas/computers.ts';
import type { InputValue } from '#shared/contract/areas/launch.ts';
import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { openCore, type Core } from '#main/core.ts';
import type { PluginLimits } from '#main/plugins/limits.ts';

let core: Core;
let client: Client<Contract>;
let folder: string;
let localhost = '';

async function open(pluginLimits: Partial<PluginLimits>): Promise<void> {
  core = await openCore({
    profileDirectory: join(folder, 'profile'),
    shell: 'none',
    plugins: [new URL('./plugins/misbehaving.ts', import.meta.url).href],
    pluginLimits,
  });
  const [here, there] = memoryPair();
  core.serve(there);
  client = connectClient<Contract>(here);
}

async function close(): Promise<void> {
  client.close();
  await core.close();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stemma-bad-input-'));
  await open({ functionMs: 1500, workflowMs: 1500 });
  for await (const [computer] of client.listen('computers.list', {})) {
    localhost = computer?.uuid ?? '';
    break;
  }
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const int = (value: number): InputValue => ({ kind: 'value', type: 'int', value });
const nodes = async (): Promise<number> => (await client.call('app.info', {})).profile.nodes;

/** The page of a process once it has ended. */
async function ended(uuid: string): Promise<ProcessDetail> {
  for await (const page of client.listen('processes.watch', { uuid })) {
    if (['finished', 'failed', 'excepted', 'killed'].includes(page.row.state)) return page;
  }
  throw new Error('the page closed before the process had ended');
}

async function profileIsSound(): Promise<void> {
  expect((await client.call('app.check', { readObjects: true })).problems).toEqual([]);
  const { uuid } = await client.call('launch.submit', {
    plugin: 'core.arithmetic.multiply',
    inputs: { x: int(6), y: int(7) },
  });
  expect((await ended(uuid)).row.state).toBe('finished');
}

describe('nonsense in a form', () => {
  const good: ComputerConfigInput = {
    label: 'cluster',
    transport: { type: 'core.ssh', host: 'cluster.example.org', user: 'me', auth: { kind: 'agent' } },
    scheduler: 'core.slurm',
    workDirectory: '/scratch/{username}',
  };
  const ssh = good.transport as Extract<ComputerConfigInput['transport'], { type: 'core.ssh' }>;

  test.each<readonly [string, object, RegExp, string]>([
    ['no label', { label: '' }, /Must not be empty\./, 'label'],
    ['a label with a blank', { label: 'my cluster' }, /Must have no blanks/, 'label'],
    ['a port beyond all', { transport: { ...ssh, port: 99_999 } }, /65535/, 'transport.port'],
    ['a host that is an option', { transport: { ...ssh, host: '-oProxyCommand=x' } }, /./, 'transport.host'],
    ['a user with a command', { transport: { ...ssh, user: '$(id)' } }, /letters, digits/, 'transport.user'],
    ['a relative work directory', { workDirectory: 'scratch' }, /Must be an absolute path/, 'workDirectory'],
    ['a way out of it', { workDirectory: '/scratch/../etc' }, /without “..”/, 'workDirectory'],
    ['an unknown placeholder', { workDirectory: '/s/{group}' }, /Only \{username\}/, 'workDirectory'],
    ['a shebang without one', { shebang: 'bash' }, /Must begin with #!/, 'shebang'],
    ['an unknown scheduler', { scheduler: 'core.cron' }, /core\.slurm/, 'scheduler'],
    ['no processes', { defaultMpiprocsPerMachine: 0 }, />0/, 'defaultMpiprocsPerMachine'],
    ['a poll every nanosecond', { minimumPollInterval: 1e-9 }, />=0\.1/, 'minimumPollInterval'],
  ])('(%s) is refused with its field named, and nothing is added', async (_, change, words, field) => {
    const nonsense = { ...good, ...change } as ComputerConfigInput;
    await expect(client.call('computers.create', nonsense)).rejects.toMatchObject({
      family: 'user',
      code: 'bad-input',
      details: expect.stringMatching(words),
    });
    await expect(client.call('computers.create', nonsense)).rejects.toMatchObject({
      details: expect.stringContaining(`→ at ${field}`),
    });
    for await (const rows of client.listen('computers.list', {})) {
      expect(rows.map(({ label }) => label)).toEqual(['localhost']);
      break;
    }
  });

  test('of a code is refused likewise', async () => {
    const code = { label: 'a@b', computer: localhost, executable: 'bash' };
    await expect(client.call('codes.create', code)).rejects.toMatchObject({
      code: 'bad-input',
      details: expect.stringMatching(/no “@”[^]*→ at label[^]*an absolute path[^]*→ at executable/),
    });
    const nowhere = {
      label: 'x',
      computer: '00000000-0000-4000-8000-000000000000',
      executable: '/bin/sh',
    };
    await expect(client.call('codes.create', nowhere)).rejects.toMatchObject({
      message: 'There is no such computer.',
    });
  });

  test('of a launch is told field by field, and nothing is stored', async () => {
    const before = await nodes();
    const wrong = client.call('launch.submit', {
      plugin: 'core.arithmetic.multiply',
      inputs: { x: { kind: 'value', type: 'str', value: 'three' }, z: int(1) },
    });
    await expect(wrong).rejects.toMatchObject({
      family: 'user',
      code: 'bad-input',
      details: expect.stringMatching(/x: [^]*z: [^]*has no input[^]*y: Required/),
    });
    expect(await nodes()).toBe(before);
  });
});

describe('an archive that is none', () => {
  const zipHeader = Buffer.from('PK\x03\x04 and then nothing of a zip', 'latin1');
  test.each<readonly [string, Buffer | null]>([
    ['an empty file', Buffer.alloc(0)],
    ['a text', Buffer.from('# my notes\n')],
    ['a beginning of a zip', zipHeader],
    ['noise', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))],
    ['a folder', null],
  ])(
    '(%s) is refused in words by preview, import and opening, and the profile is as it was',
    async (name, content) => {
      const before = await nodes();
      const path = join(folder, `${name.replaceAll(' ', '-')}.aiida`);
      if (content === null) mkdirSync(path);
      else writeFileSync(path, content);
      const offered = core.files.offer(path);
      if (content === null) {
        await expect(offered).rejects.toMatchObject({ family: 'user' });
        return;
      }
      const { handle } = await offered;
      const hearing = async (name: 'archives.import' | 'archives.previewImport'): Promise<void> => {
        for await (const item of client.listen(name, { file: handle })) {
          expect(item.kind).toBe('progress');
        }
      };
      for (const attempt of [
        () => hearing('archives.previewImport'),
        () => client.call('archives.open', { file: handle }),
        () => hearing('archives.import'),
      ]) {
        await expect(attempt()).rejects.toMatchObject({
          family: 'user',
          message: expect.stringMatching(/is (no|not an?) .*(zip|archive)|cut off|not complete/i),
          subject: basename(path),
        });
      }
      expect(await nodes()).toBe(before);
      await profileIsSound();
    },
  );
});

describe('a plugin that', () => {
  test.each([
    ['throws', 'test.throws', /TypeError: the plugin has a defect/],
    ['never returns', 'test.never-returns', /more than 1\.5 s/],
    ['never resolves', 'test.never-resolves', /more than 1\.5 s/],
    ['returns nonsense', 'test.returns-nonsense', /out/],
    ['is a workflow that never gives back', 'test.spins', /more than 1\.5 s/],
  ])('%s ends its process with an exception that says so; everything else goes on', (_, plugin, words) =>
    endsInWords(plugin, words),
  );

  test('eats memory ends its process with an exception that says so; everything else goes on', async () => {
    await close();
    // as much time as it needs
    await open({ memoryMb: 64 });
    await endsInWords('test.eats-memory', /64 MB/);
  });

  async function endsInWords(plugin: string, words: RegExp): Promise<void> {
    const bystander = client.call('launch.submit', {
      plugin: 'core.arithmetic.multiply',
      inputs: { x: int(2), y: int(3) },
    });
    const { uuid } = await client.call('launch.submit', { plugin, inputs: {} });
    const page = await ended(uuid);
    expect(page.row.state).toBe('excepted');
    expect(page.exception).toMatch(words);
    expect(page.explanation).toMatchObject({
      headline: page.exception,
      advice: [expect.stringMatching(/plugin/)],
    });
    expect(page.log.some(({ level }) => level === 'ERROR')).toBe(true);
    expect((await ended((await bystander).uuid)).row.state).toBe('finished');
    await profileIsSound();
  }
});

describe('an executable that is not there', () => {
  test('is told when the code is tested, and by the job that wanted it', async () => {
    const executable = '/nowhere/pw.x';
    expect(await client.call('codes.test', { computer: localhost, executable })).toMatchObject({
      ok: false,
      words: 'There is no /nowhere/pw.x on localhost.',
    });
    const code = await client.call('codes.create', { label: 'pw', computer: localhost, executable });
    for (const [plugin, inputs] of [
      ['core.arithmetic.add', { x: int(1), y: int(2) }],
      ['core.shell', {}],
    ] as const) {
      const { uuid } = await client.call('launch.submit', {
        plugin,
        inputs: { code: { kind: 'node', uuid: code.uuid }, ...inputs },
      });
      const page = await ended(uuid);
      expect(page.row.state).toBe('failed');
      expect(page.exitMessage).toMatch(/127/);
      const { headline = '', advice = [] } = page.explanation ?? {};
      expect([headline, ...advice].join(' ')).toMatch(/not found on the computer/);
      // what the shell said is there to be read
      expect(page.outputs.map(({ label }) => label)).toContain('retrieved');
      expect(page.inputs.map(({ label }) => label)).toContain('code');
    }
    await profileIsSound();
  });
});

describe('a computer that a person has paused', () => {
  test('is the reason that the page of its job gives; the job goes on when it is resumed', async () => {
    await client.call('computers.pause', { uuid: localhost });
    const code = await client.call('codes.create', {
      label: 'sh',
      computer: localhost,
      executable: '/bin/sh',
    });
    const { uuid } = await client.call('launch.submit', {
      plugin: 'core.arithmetic.add',
      inputs: { code: { kind: 'node', uuid: code.uuid }, x: int(1), y: int(2) },
    });
    for await (const { explanation, row } of client.listen('processes.watch', { uuid })) {
      expect(row.state).not.toBe('failed');
      if (explanation?.headline.startsWith('The computer localhost is paused') !== true) continue;
      expect(explanation.actions).toEqual(['resume-computer', 'open-computer', 'kill']);
      break;
    }
    await client.call('computers.resume', { uuid: localhost });
    expect((await ended(uuid)).row.state).toBe('finished');
  });
});
