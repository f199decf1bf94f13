import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient, type Client } from '#shared/channel/client.ts';
import { memoryPair } from '#shared/channel/memory-port.ts';
import type { InputValue } from '#shared/contract/areas/launch.ts';
import type { ProcessDetail } from '#shared/contract/areas/processes.ts';
import type { Contract } from '#shared/contract/contract.ts';
import { openCore, type Core } from '#main/core.ts';
import { addCluster, clusterConfig } from '../../support/cluster-profile.ts';
import { until } from '../../support/programs.ts';
import { skipReason } from '../../support/skips.ts';
import { slurmUnavailable, startSlurm, type Slurm } from '../../support/slurm.ts';
import { sshdUnavailable, startSshd, type Sshd } from '../../support/sshd.ts';

const missing = skipReason(
  'Restart workflows on a real Slurm over a real sshd',
  slurmUnavailable() ?? sshdUnavailable(),
);

const words = (value: string): InputValue => ({ kind: 'value', type: 'str', value });
const json = (value: unknown): InputValue => ({ kind: 'json', text: JSON.stringify(value) });

// This Slurm does not watch memory, so what is out of it is shown with a fake cluster in the engine's tests.
describe.skipIf(missing !== null)('a restart workflow on a cluster with Slurm', () => {
  let slurm: Slurm;
  let sshd: Sshd;
  let core: Core;
  let client: Client<Contract>;
  let code: string;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stemma-restart-'));
    slurm = await startSlurm();
    sshd = await startSshd({ env: slurm.env });
    core = await openCore({
      profileDirectory: join(folder, 'profile'),
      shell: 'none',
      // a node that failed may give its job back: for so long that is waited for
      patience: { notesMs: 5000 },
    });
    const [here, there] = memoryPair();
    core.serve(there);
    client = connectClient<Contract>(here);
    const computer = await addCluster(client, clusterConfig(sshd, join(sshd.home, 'work')));
    code = (await client.call('codes.create', { label: 'bash', computer, executable: '/bin/bash' })).uuid;
  });
  afterAll(async () => {
    client?.close();
    await core?.close();
    await sshd?.stop();
    await slurm?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function launch(script: string, inputs: Record<string, InputValue>): Promise<string> {
    const { uuid } = await client.call('launch.submit', {
      plugin: 'core.shell.restart',
      inputs: {
        shell__code: { kind: 'node', uuid: code },
        shell__arguments: words(`-c "${script}"`),
        options: json({ max_wallclock_seconds: 300 }),
        ...inputs,
      },
    });
    return uuid;
  }

  async function pageWhen(uuid: string, good: (page: ProcessDetail) => boolean): Promise<ProcessDetail> {
    for await (const page of client.listen('processes.watch', { uuid })) if (good(page)) return page;
    throw new Error('The page ended');
  }
  const isEnded = ({ row }: ProcessDetail): boolean => ['finished', 'failed', 'excepted'].includes(row.state);
  const begun = (name: string): string => join(folder, name);

  test('goes on from the work directory on the cluster after an exit code that is listed', async () => {
    const uuid = await launch(
      'if test -f checkpoint; then cat checkpoint; else echo 42 > checkpoint; exit 3; fi',
      { shell__restart_files: json(['checkpoint']), retry_exit_codes: json([400]) },
    );
    const page = await pageWhen(uuid, isEnded);
    expect(page.row.exitStatus, page.exitMessage).toBe(0);
    expect(page.iterations.map(({ action, exitStatus }) => [action, exitStatus])).toEqual([
      ['restart-from-folder', 400],
      ['done', 0],
    ]);
    const stdout = page.outputs.find(({ label }) => label === 'stdout')?.node.uuid ?? '';
    const { bytes } = await client.call('nodes.readFile', { uuid: stdout, path: 'stdout.txt' });
    expect(new TextDecoder().decode(bytes)).toBe('42\n');
  });

  test('runs again when the node under it fails', async () => {
    const mark = begun('node');
    const uuid = await launch(`if test -f ${mark}; then exit 0; fi; touch ${mark}; sleep 600`, {});
    await until('it runs', () => existsSync(mark));
    const node = (await slurm.command('sinfo', '-h', '-o', '%N')).trim();
    await slurm.command('scontrol', 'update', `NodeName=${node}`, 'State=DOWN', 'Reason=test');
    // it registers again by itself, now or later, and cannot be resumed after that
    await slurm.command('scontrol', 'update', `NodeName=${node}`, 'State=RESUME').catch(() => {});
    await until('the node is up', async () =>
      /^(idle|mix|comp)/.test(await slurm.command('sinfo', '-h', '-o', '%t')),
    );
    const page = await pageWhen(uuid, isEnded);
    expect(page.row.exitStatus, page.exitMessage).toBe(0);
    expect(page.iterations.map(({ handler, exitStatus }) => [handler, exitStatus])).toEqual([
      ['node_failure', 140],
      [null, 0],
    ]);
  });

  test('asks a person when somebody cancels its job on the cluster', async () => {
    const mark = begun('cancelled');
    const uuid = await launch(`touch ${mark}; sleep 600`, {});
    await until('it runs', () => existsSync(mark));
    await slurm.command('scancel', '--user', sshd.user);
    const { explanation } = await pageWhen(uuid, (page) => page.explanation?.question !== undefined);
    expect(explanation?.headline).toBe('Somebody cancelled the job on the cluster. Shall it run again?');
    await client.call('processes.answer', {
      uuid,
      label: explanation?.question?.label ?? '',
      choice: 'stop',
    });
    const page = await pageWhen(uuid, isEnded);
    expect(page.row.exitStatus).toBe(411);
    expect(page.iterations).toMatchObject([{ handler: 'cancelled_outside', exitStatus: 142 }]);
  });

  // both at once: a walltime in Slurm is a minute at least
  test('asks for more walltime after too little of it; a rule stops another job meanwhile', async () => {
    const mark = begun('walltime');
    const slow = await launch(`if test -f ${mark}; then exit 0; fi; touch ${mark}; sleep 600`, {
      options: json({ max_wallclock_seconds: 60 }),
      walltime_factor: { kind: 'value', type: 'float', value: 2.5 },
    });

    const { uuid: bad } = await client.call('launch.submit', {
      plugin: 'core.shell',
      inputs: { code: { kind: 'node', uuid: code }, arguments: words('-c "echo E = NaN; sleep 600"') },
      rules: [
        {
          kind: 'value',
          file: 'stdout.txt',
          pattern: { kind: 'words', text: 'E =' },
          compare: 'nan',
          every: 1,
        },
      ],
    });
    const stopped = await pageWhen(bad, isEnded);
    expect(stopped.row.exitStatus, stopped.exitMessage).toBe(150);
    expect(stopped.exitMessage).toContain('Stopped by a rule');
    expect(stopped.outputs.map(({ label }) => label)).toContain('stdout');

    const page = await pageWhen(slow, isEnded);
    expect(page.row.exitStatus, page.exitMessage).toBe(0);
    expect(page.iterations.map(({ handler, exitStatus }) => [handler, exitStatus])).toEqual([
      ['out_of_walltime', 120],
      [null, 0],
    ]);
    expect(page.iterations[0]?.changes).toMatchObject([
      { name: 'options.max_wallclock_seconds', before: '60', after: '150' },
    ]);
  });
});
