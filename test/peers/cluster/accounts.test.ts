import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt, JobObservation, SubmitOutcome } from '#main/engine/ports.ts';
import type { Patience } from '#main/computers/patience.ts';
import { JobBench } from '../../support/job-bench.ts';
import { until } from '../../support/programs.ts';
import { skipReason } from '../../support/skips.ts';
import { accountsUnavailable } from '../../support/slurm-accounts.ts';
import { startSlurm, slurmUnavailable, type Slurm } from '../../support/slurm.ts';
import { sshdUnavailable, startSshd, type Sshd } from '../../support/sshd.ts';

const missing = skipReason(
  'Jobs on a Slurm that keeps accounts',
  slurmUnavailable() ?? sshdUnavailable() ?? accountsUnavailable(),
);
const signal = new AbortController().signal;

const idOf = (outcome: SubmitOutcome): string => {
  if (outcome.kind === 'accepted') return outcome.jobId;
  throw new Error(JSON.stringify(outcome));
};

/** A job that Slurm's controller has forgotten, and that left no note of its end. */
interface Forgotten {
  readonly attempt: Attempt;
  readonly directory: string;
  readonly jobId: string;
}

// The controller forgets a job a few seconds after its end here, so that only accounting knows of it; the notes that a
// job leaves of itself are taken away, so that only accounting can tell.
describe.skipIf(missing !== null)('on a cluster whose Slurm keeps accounts', () => {
  let slurm: Slurm;
  let sshd: Sshd;
  let bench: JobBench;

  const benches: JobBench[] = [];

  async function newBench(patience: Partial<Patience>): Promise<JobBench> {
    const auth = { kind: 'key', path: sshd.key } as const;
    const own = new JobBench({
      config: {
        transport: { type: 'core.ssh', host: '127.0.0.1', port: sshd.port, user: sshd.user, auth },
        scheduler: 'core.slurm',
        minimumPollInterval: 0.3,
      },
      root: join(sshd.home, 'work'),
      knownHosts: join(sshd.home, 'known'),
      patience,
    });
    benches.push(own);
    const wish = own.runtime.use({ signal, mode: 'now' }, async () => {});
    await wish.catch(async (thrown: { verdict?: { key: Parameters<typeof own.trust.accept>[0] } }) => {
      if (thrown.verdict === undefined) throw thrown;
      await own.trust.accept(thrown.verdict.key);
      own.runtime.connection.retryNow();
    });
    return own;
  }

  beforeAll(async () => {
    slurm = await startSlurm({ accounts: true, config: ['MinJobAge=2'] });
    sshd = await startSshd({ env: slurm.env });
    // the controller takes its time to tell an accounting that is back what happened meanwhile
    bench = await newBench({ accountingMs: 60_000, notesMs: 1000, accountingDownMs: 600_000 });
  });
  afterAll(async () => {
    for (const one of benches) one.close();
    await sshd?.stop();
    await slurm?.stop();
  });

  const isForgotten = (jobId: string): Promise<boolean> =>
    slurm.command('scontrol', 'show', 'job', jobId).then(
      () => false,
      () => true,
    );

  async function forgotten(
    body: string,
    meanwhile: (jobId: string, directory: string) => Promise<void> = async () => {},
  ): Promise<Forgotten> {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, body);
    const jobId = idOf(await bench.submit(attempt, directory));
    await meanwhile(jobId, directory);
    await until('the controller has forgotten it', () => isForgotten(jobId));
    rmSync(join(directory, '.done'), { force: true });
    return { attempt, directory, jobId };
  }
  const lastOf = async ({ attempt, directory, jobId }: Forgotten): Promise<JobObservation | undefined> =>
    (await bench.end(attempt, jobId, directory)).at(-1);

  test('what became of a job that left no note and that the controller has forgotten is read from accounting', async () => {
    const [failed, cancelled, unreceipted] = await Promise.all([
      forgotten('echo out; exit 3'),
      forgotten('touch begun; sleep 600', async (jobId, directory) => {
        await until('it runs', () => existsSync(join(directory, 'begun')));
        await slurm.command('scancel', jobId);
      }),
      forgotten('echo x >> counter'),
    ]);
    expect(await lastOf(failed)).toMatchObject({ kind: 'ended', facts: { schedulerState: 'FAILED' } });
    expect(await lastOf(cancelled)).toMatchObject({ kind: 'ended', cause: 'cancelled' });

    // whether it was submitted at all is known by its name in accounting only
    const { attempt, directory, jobId } = unreceipted;
    for (const name of ['rc', 'out', 'err']) rmSync(join(directory, '.submit', name), { force: true });
    rmSync(join(directory, '.run'), { force: true });
    expect(await bench.submit(attempt, directory)).toEqual({ kind: 'accepted', jobId, recovered: true });
    expect(await lastOf(unreceipted)).toMatchObject({ kind: 'ended', cause: 'done' });
    expect(readFileSync(join(directory, 'counter'), 'utf8')).toBe('x\n');
  });

  test('while accounting is down nothing is concluded from its silence, and its word counts when it is back', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(
      attempt,
      'touch begun; while [ ! -e go ]; do sleep 0.1; done; exit 3',
    );
    const jobId = idOf(await bench.submit(attempt, directory));
    await until('it runs', () => existsSync(join(directory, 'begun')));
    await slurm.accounts?.stopDaemon();
    writeFileSync(join(directory, 'go'), '');
    await until('its note is there', () => existsSync(join(directory, '.done')));
    rmSync(join(directory, '.done'));
    await until('the controller has forgotten it', () => isForgotten(jobId));

    const seen: JobObservation[] = [];
    const over = new Promise<void>((resolve) => {
      const report = (one: JobObservation): void => {
        seen.push(one);
        if (one.kind === 'ended' || one.kind === 'lost') resolve();
      };
      bench.jobs.watch(attempt, { jobId, directory }, report, signal);
    });
    await until('accounting was asked in vain', () =>
      seen.some((one) => one.kind === 'unaccounted' && one.silence !== null),
    );
    await slurm.accounts?.startDaemon();
    bench.runtime.monitor.pollNow();
    await over;
    expect(seen.at(-1)).toMatchObject({ kind: 'ended', facts: { schedulerState: 'FAILED' } });
  });

  test('a job of forty days ago, whose receipt and directory are gone, is found by its name; where accounting may have forgotten it, a person decides', async () => {
    const daysAgo = (days: number): number => Date.now() - days * 86_400_000;
    // as after a restart: nothing is known but what the profile has
    const later = await newBench({ lookUpMs: 0 });
    const { attempt, directory, jobId } = await forgotten('true');
    await until('accounting knows of its end', async () =>
      (await slurm.command('sacct', '-nX', '-j', jobId, '-o', 'State')).includes('COMPLETED'),
    );
    await slurm.accounts?.age(jobId, 40);
    rmSync(directory, { recursive: true });
    const old = { ...attempt, since: daysAgo(40) };
    expect(await later.submit(old, directory)).toEqual({ kind: 'accepted', jobId, recovered: true });

    const never = async (days: number): Promise<SubmitOutcome> => {
      const wiped = bench.attempt();
      const gone = await bench.upload(wiped, 'true');
      rmSync(gone, { recursive: true });
      return later.submit({ ...wiped, since: daysAgo(days) }, gone);
    };
    // accounts are kept for ever here: it would be there
    expect(await never(400)).toMatchObject({ kind: 'void' });
    try {
      await slurm.accounts?.stopDaemon();
      await slurm.accounts?.startDaemon(['PurgeJobAfter=30days']);
      expect(await never(20)).toMatchObject({ kind: 'void' });
      expect(await never(40)).toMatchObject({
        kind: 'vanished',
        message: expect.stringContaining('accounting keeps jobs for 30 days, and this one may be older'),
      });
    } finally {
      await slurm.accounts?.stopDaemon();
      await slurm.accounts?.startDaemon();
    }
  });

  test('a job that accounting shows as running for ever, because it was never told of its end, is lost', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'touch begun; sleep 600');
    const jobId = idOf(await bench.submit(attempt, directory));
    await until('it runs', () => existsSync(join(directory, 'begun')));
    await until('accounting shows it', async () =>
      (await slurm.command('sacct', '-nX', '-j', jobId, '-o', 'State')).includes('RUNNING'),
    );
    await slurm.accounts?.stopDaemon();
    await slurm.command('scancel', jobId);
    await until('the controller has forgotten it', () => isForgotten(jobId));
    await slurm.stopController();
    slurm.loseNews();
    await slurm.accounts?.startDaemon();
    await slurm.startController();
    rmSync(join(directory, '.done'), { force: true });
    const impatient = await newBench({ accountingMs: 3000, accountingDownMs: 3000 });
    const end = (await impatient.end(attempt, jobId, directory)).at(-1);
    expect(end).toMatchObject({
      kind: 'lost',
      message: expect.stringContaining('accounting still shows it as RUNNING'),
    });
  });
});
