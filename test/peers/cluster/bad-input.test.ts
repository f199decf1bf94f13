/**
 * A computer on which something is wrong, through the whole core: what a person reads, that a job waits instead of
 * failing, and that it finishes when the wrong has been put right. The rest is in test/main/bad-input.test.ts.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { ComputerConfigInput, TestStep } from '#shared/contract/areas/computers.ts';
import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { openCore, type Core } from '#main/core.ts';
import { writeCountingProgram } from '../../support/cluster-profile.ts';
import { skipReason } from '../../support/skips.ts';
import { sshdUnavailable, startSshd, type Sshd } from '../../support/sshd.ts';

const missing = skipReason('A computer on which something is wrong', sshdUnavailable());

describe.skipIf(missing !== null)('on a computer behind SSH', () => {
  let core: Core;
  let client: Client<Contract>;
  let folder: string;
  let program: string;
  let computers = 0;
  const started: Sshd[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stemma-bad-input-'));
    program = writeCountingProgram(folder);
    core = await openCore({ profileDirectory: join(folder, 'profile'), shell: 'none' });
    const [here, there] = memoryPair();
    core.serve(there);
    client = connectClient<Contract>(here);
  });
  afterAll(async () => {
    client?.close();
    await core?.close();
    for (const sshd of started) await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function host(options: Parameters<typeof startSshd>[0] = {}): Promise<Sshd> {
    const sshd = await startSshd(options);
    started.push(sshd);
    return sshd;
  }

  const configOf = (sshd: Pick<Sshd, 'host' | 'port' | 'user'>, key: string): ComputerConfigInput => ({
    label: `computer-${++computers}`,
    transport: {
      type: 'core.ssh',
      host: sshd.host,
      port: sshd.port,
      user: sshd.user,
      auth: { kind: 'key', path: key },
    },
    scheduler: 'core.direct',
    workDirectory: join(folder, `work-${computers}`),
    minimumPollInterval: 0.2,
  });

  /** The steps of a test by their names, each as it ended; accepts the key of a host that is not known. */
  async function tested(config: ComputerConfigInput): Promise<ReadonlyMap<string, TestStep>> {
    const steps = new Map<string, TestStep>();
    for await (const step of client.listen('computers.test', { config })) {
      steps.set(step.step, step);
      if (step.ask?.kind !== 'host-key') continue;
      await client.call('computers.acceptHostKey', step.ask.key);
      return await tested(config);
    }
    return steps;
  }

  async function launch(computer: string, name: string): Promise<string> {
    const code = await client.call('codes.create', {
      label: `counts-${name}`,
      computer,
      executable: program,
    });
    const { uuid } = await client.call('launch.submit', {
      plugin: 'core.shell',
      inputs: {
        code: { kind: 'node', uuid: code.uuid },
        arguments: { kind: 'value', type: 'str', value: `${name} 0` },
        outputs: { kind: 'value', type: 'list', value: ['result.txt'] },
      },
    });
    return uuid;
  }

  async function pageWhen(uuid: string, isSo: (page: ProcessDetail) => boolean): Promise<ProcessDetail> {
    for await (const page of client.listen('processes.watch', { uuid })) if (isSo(page)) return page;
    throw new Error('the page closed');
  }

  const isOver = (page: ProcessDetail): boolean =>
    ['finished', 'failed', 'excepted', 'killed'].includes(page.row.state);

  /** It has waited, and now it runs, once. */
  async function finishes(uuid: string, name: string): Promise<void> {
    const page = await pageWhen(uuid, isOver);
    expect([page.row.state, page.exitMessage]).toEqual(['finished', '']);
    expect(readFileSync(join(folder, `count.${name}`), 'utf8')).toBe('ran\n');
    expect((await client.call('app.check', { readObjects: true })).problems).toEqual([]);
  }

  test('a wrong key is told with what to do; the job waits, and runs once the key is right', async () => {
    const sshd = await host();
    const wrong = configOf(sshd, sshd.strangerKey);
    const steps = await tested(wrong);
    expect(steps.get('login')).toMatchObject({
      state: 'failed',
      words: expect.stringContaining(`did not accept the key ${sshd.strangerKey}`),
      hint: expect.stringContaining(`ssh-copy-id -i ${sshd.strangerKey}`),
    });
    expect(steps.get('work-directory')?.state).toBe('skipped');

    const { uuid: computer } = await client.call('computers.create', wrong);
    const job = await launch(computer, 'key');
    const page = await pageWhen(job, ({ explanation }) => /did not accept/.test(explanation?.headline ?? ''));
    expect(page.row.state).not.toBe('failed');
    expect(page.explanation).toMatchObject({
      advice: [expect.stringContaining('ssh-copy-id')],
      actions: expect.arrayContaining(['open-computer']),
    });
    await client.call('computers.update', {
      uuid: computer,
      config: { ...wrong, transport: configOf(sshd, sshd.key).transport },
    });
    await finishes(job, 'key');
  });

  test('a changed host key stops everything before the login; the job waits for a person', async () => {
    const sshd = await host();
    const config = configOf(sshd, sshd.key);
    expect((await tested(config)).get('clock')?.state).toBe('ok');
    const { uuid: computer } = await client.call('computers.create', config);
    const before = sshd.fingerprint();
    await sshd.changeHostKey();
    const heard = sshd.log().length;
    const job = await launch(computer, 'host-key');
    const page = await pageWhen(job, ({ explanation }) => /has changed/.test(explanation?.headline ?? ''));
    expect(page.explanation).toMatchObject({ actions: expect.arrayContaining(['sign-in']) });
    expect(page.explanation?.advice.join()).toMatch(/Ask the site/);
    const steps = await tested(config);
    expect(steps.get('host-key')).toMatchObject({
      // a person is asked, and shown both
      ask: {
        kind: 'host-key-changed',
        key: { fingerprint: sshd.fingerprint() },
        known: [{ fingerprint: before }],
      },
    });
    expect(steps.get('login')?.state ?? 'skipped').toBe('skipped');
    // the server has heard no user name
    expect(sshd.log().slice(heard)).not.toMatch(/userauth-request for user/);
    await client.call('computers.forgetHostKeys', { host: sshd.host, port: sshd.port });
    expect((await tested(config)).get('clock')?.state).toBe('ok');
    await client.call('computers.retryNow', { uuid: computer });
    await finishes(job, 'host-key');
  });

  test('a host that does not answer is told; the job waits by itself, and runs when the host is back', async () => {
    const sshd = await host();
    const config = configOf(sshd, sshd.key);
    expect((await tested(config)).get('clock')?.state).toBe('ok');
    const { uuid: computer } = await client.call('computers.create', config);
    // the test of the computer had a connection of its own; the job finds nobody
    const { port } = sshd;
    await sshd.stop();
    started.splice(started.indexOf(sshd), 1);
    const words = new RegExp(`refuses connections on port ${port}`);
    expect((await tested(config)).get('connect')).toMatchObject({
      state: 'failed',
      words: expect.stringMatching(words),
      hint: expect.stringMatching(/Check the port/),
    });
    const job = await launch(computer, 'absent');
    const page = await pageWhen(job, ({ explanation }) => words.test(explanation?.headline ?? ''));
    expect(page.explanation?.next?.at).toBeGreaterThan(page.explanation?.since ?? Infinity);
    const again = await host({ port });
    await client.call('computers.forgetHostKeys', { host: again.host, port });
    const transport = configOf(again, again.key).transport;
    const back = { ...config, transport };
    expect((await tested(back)).get('clock')?.state).toBe('ok');
    await client.call('computers.update', { uuid: computer, config: back });
    await finishes(job, 'absent');
  });

  test('a full work directory is told as such; the job waits, and runs when there is room', async () => {
    const small = join(folder, 'small');
    mkdirSync(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      skipReason('A full work directory', 'only root may mount a small file system');
      return;
    }
    try {
      const sshd = await host();
      const config = { ...configOf(sshd, sshd.key), workDirectory: small };
      const steps = await tested(config);
      expect(steps.get('work-directory')).toMatchObject({
        state: 'warning',
        hint: expect.stringMatching(/little/),
      });
      expect(steps.get('round-trip')).toMatchObject({
        state: 'failed',
        words: expect.stringMatching(/disk or quota is full/),
        hint: expect.stringMatching(/Free some space/),
      });
      execFileSync('sh', ['-c', 'head -c 65536 /dev/zero > "$1/full" || true', 'sh', small], {
        stdio: 'ignore',
      });
      const { uuid: computer } = await client.call('computers.create', config);
      const job = await launch(computer, 'full');
      const page = await pageWhen(job, ({ explanation }) => /is full/.test(explanation?.headline ?? ''));
      expect(page.row.state).not.toBe('failed');
      expect(page.explanation?.advice.join()).toMatch(/Free some space/);
      rmSync(join(small, 'full'));
      execFileSync('mount', ['-o', 'remount,size=8m', small]);
      await client.call('computers.retryNow', { uuid: computer });
      await finishes(job, 'full');
    } finally {
      execFileSync('umount', ['-l', small]);
    }
  });
});
