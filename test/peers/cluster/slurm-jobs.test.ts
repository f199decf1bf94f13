import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt, JobObservation, SubmitOutcome } from '#main/engine/ports.ts';
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts';
import { JobBench } from '../../support/job-bench.ts';
import { until } from '../../support/programs.ts';
import { skipReason } from '../../support/skips.ts';
import { startSlurm, slurmUnavailable, type Slurm } from '../../support/slurm.ts';
import { sshdUnavailable, startSshd, type Sshd } from '../../support/sshd.ts';

const missing = skipReason('Jobs on a real Slurm over a real sshd', slurmUnavailable() ?? sshdUnavailable());
const signal = new AbortController().signal;

const stateOf = (one: JobObservation): string =>
  one.kind === 'seen' ? one.facts.schedulerState : one.kind === 'ended' ? `ended: ${one.cause}` : one.kind;

/** A line of sh that waits for a file: a job that goes on when the test has seen what it waits for. */
const untilThereIs = (file: string): string => `while [ ! -e ${file} ]; do sleep 0.1; done`;

const idOf = (outcome: SubmitOutcome): string => {
  if (outcome.kind === 'accepted') return outcome.jobId;
  throw new Error(JSON.stringify(outcome));
};

describe.skipIf(missing !== null)('on a cluster with Slurm', () => {
  let slurm: Slurm;
  let sshd: Sshd;
  let proxy: FaultProxy;
  let bench: JobBench;
  const benches: JobBench[] = [];

  async function newBench(port: number, interval = 0.3, shebang = '#!/bin/bash'): Promise<JobBench> {
    const own = new JobBench({
      config: {
        transport: {
          type: 'core.ssh',
          host: '127.0.0.1',
          port,
          user: sshd.user,
          auth: { kind: 'key', path: sshd.key },
        },
        scheduler: 'core.slurm',
        minimumPollInterval: interval,
        shebang,
      },
      root: join(sshd.home, 'scratch {username}'.replace('{username}', 'of mine')),
      knownHosts: join(sshd.home, 'known'),
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
    slurm = await startSlurm();
    sshd = await startSshd({ env: slurm.env });
    proxy = await startFaultProxy(sshd.port);
    bench = await newBench(sshd.port);
  });
  afterAll(async () => {
    for (const one of benches) one.close();
    await proxy?.close();
    await sshd?.stop();
    await slurm?.stop();
  });

  const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');
  const make = (...path: string[]): void => writeFileSync(join(...path), '');

  /** What is observed of a job, as it comes; `ended` resolves with its end. */
  function watch(attempt: Attempt, jobId: string, directory: string) {
    const seen: JobObservation[] = [];
    const ended = new Promise<void>((resolve) => {
      const report = (one: JobObservation): void => {
        seen.push(one);
        if (one.kind !== 'seen') resolve();
      };
      bench.jobs.watch(attempt, { jobId, directory }, report, signal);
    });
    return { seen, ended };
  }

  /** Asks on, as the engine does, after the first answer was lost, until it is known what came of the submission. */
  async function outcomeOf(own: JobBench, attempt: Attempt, directory: string): Promise<SubmitOutcome> {
    for (;;) {
      own.runtime.connection.retryNow();
      const outcome = await own.submit(attempt, directory).catch((thrown: Error) => thrown);
      if (!(outcome instanceof Error) && outcome.kind !== 'unconfirmed') return outcome;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  test('a job is submitted, waits, runs and ends; its facts come from the scheduler and from itself', async () => {
    const attempt = bench.attempt();
    const body = `echo $SLURM_JOB_NAME; ${untilThereIs('go')}; exit 4`;
    const directory = await bench.upload(attempt, body, {
      resources: { num_mpiprocs_per_machine: 2 },
      max_wallclock_seconds: 600,
    });
    const { seen, ended } = watch(attempt, idOf(await bench.submit(attempt, directory)), directory);
    await until('it is seen to run', () => seen.map(stateOf).includes('RUNNING'));
    make(directory, 'go');
    await ended;
    expect(seen.map(stateOf).at(-1)).toBe('ended: done');
    expect(seen.at(-1)).toMatchObject({ facts: { exitStatus: 4, nodes: expect.stringMatching(/./) } });
    const { files } = await bench.jobs.retrieve(attempt, directory, ['_scheduler-stdout.txt'], signal);
    const [out] = files;
    expect(out === undefined ? '' : bench.repository.text(out.hash)).toBe(`${attempt.token}\n`);
  });

  test('many jobs, of a shell that ends at any error, are watched with one question at a time', async () => {
    const strict = await newBench(sshd.port, 0.3, '#!/bin/bash -e');
    const runs = await Promise.all(
      Array.from({ length: 20 }, (_, index) => strict.run(`echo ${index} > out; sleep 0.${index % 10}`)),
    );
    for (const [index, { last, directory }] of runs.entries()) {
      expect(last).toMatchObject({ kind: 'ended', cause: 'done', facts: { exitStatus: 0 } });
      expect(read(directory, 'out')).toBe(`${index}\n`);
    }
  });

  test('a job that somebody cancels outside was cancelled; one that we cancel too', async () => {
    for (const outside of [true, false]) {
      const attempt = bench.attempt();
      const directory = await bench.upload(attempt, 'touch begun; sleep 600; echo never > late');
      const jobId = idOf(await bench.submit(attempt, directory));
      const ended = bench.end(attempt, jobId, directory);
      await until('it runs', () => existsSync(join(directory, 'begun')));
      if (outside) await slurm.command('scancel', jobId);
      else await bench.jobs.cancel(attempt, { jobId, directory }, signal);
      expect((await ended).map(stateOf).at(-1)).toBe('ended: cancelled');
      expect(existsSync(join(directory, 'late'))).toBe(false);
      // a second time, when it has ended
      await bench.jobs.cancel(attempt, { jobId, directory }, signal);
    }
  });

  test('a job that has the number of ours and another name is not cancelled', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'true', { custom_scheduler_commands: '#SBATCH --hold' });
    const jobId = idOf(await bench.submit(attempt, directory));
    const queue = async (): Promise<string> =>
      (await slurm.command('squeue', '-h', '-j', jobId, '-o', '%i %T')).trim();
    // as of a controller that lost its state, and gave the number of a job of ours once more
    await bench.jobs.cancel(bench.attempt(), { jobId, directory }, signal);
    expect(await queue()).toBe(`${jobId} PENDING`);
    await bench.jobs.cancel(attempt, { jobId, directory }, signal);
    expect(await queue()).not.toContain('PENDING');
  });

  test('a job that is held stays in the queue, with the reason, beside arrays of the same account', async () => {
    const script = join(sshd.home, 'array.sh');
    writeFileSync(script, '#!/bin/sh\n');
    // Slurm prints them as 11_[0-20:4] and, cut off, as 12_[1,4,9,...]
    const squares = Array.from({ length: 30 }, (_, at) => at * at).join(',');
    for (const indices of ['0-20:4', squares])
      await slurm.command('sbatch', '--hold', `--array=${indices}`, '--job-name=sweep', script);
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'true', { custom_scheduler_commands: '#SBATCH --hold' });
    const jobId = idOf(await bench.submit(attempt, directory));
    const seen: JobObservation[] = [];
    const abort = new AbortController();
    bench.jobs.watch(attempt, { jobId, directory }, (one) => seen.push(one), abort.signal);
    await until('it is seen as held', () =>
      seen.some(
        (one) =>
          one.kind === 'seen' && one.facts.state === 'queued held' && one.facts.reason === 'JobHeldUser',
      ),
    );
    abort.abort();
    await bench.jobs.cancel(attempt, { jobId, directory }, signal);
    await slurm.command('scancel', '--name=sweep');
  });

  test('a job that Slurm refuses is refused in its words', async () => {
    const cases = [
      [{ queue_name: 'no-such-partition' }, /invalid partition/i],
      [{ resources: { num_machines: 1000 } }, /node|configuration|processors/i],
      [
        { max_wallclock_seconds: 7200, queue_name: 'short', custom_scheduler_commands: '#SBATCH --nonsense' },
        /unrecognized option/i,
      ],
    ] as const;
    for (const [options, words] of cases) {
      const attempt = bench.attempt();
      const directory = await bench.upload(attempt, 'true', options);
      const outcome = await bench.submit(attempt, directory);
      expect(outcome).toMatchObject({ kind: 'refused', message: expect.stringMatching(words) });
      // told again when it is asked again
      expect(await bench.submit(attempt, directory)).toEqual(outcome);
    }
  });

  test('of two jobs of one attempt exactly one runs; the other ends at the fence and harms nothing', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'echo $SLURM_JOB_ID >> counter; echo output; sleep 2');
    const jobId = idOf(await bench.submit(attempt, directory));
    const ended = bench.end(attempt, jobId, directory);
    const script = `cd '${directory}' && sbatch --parsable --job-name=${attempt.token} _aiidasubmit.sh`;
    const second = await bench.runtime.use({ signal, mode: 'now' }, (transport) =>
      transport.exec({ what: 'a second submission', script, environment: 'user' }),
    );
    const stranger = second.stdout.trim();
    expect(stranger).toMatch(/^\d+$/);
    const onlooker = await newBench(sshd.port);
    const other = await onlooker.end(attempt, stranger, directory);
    const own = await ended;
    onlooker.close();
    const owner = read(directory, '.run');
    const [winner, loser] = owner === jobId ? [own, other] : [other, own];
    expect(winner.map(stateOf).at(-1)).toBe('ended: done');
    expect(loser.at(-1)).toEqual({ kind: 'twin', jobId: owner });
    expect(read(directory, 'counter').trim().split('\n')).toHaveLength(1);
    expect(read(directory, '_scheduler-stdout.txt')).toBe('output\n');
  });

  test('a job that Slurm puts back into its queue goes on under its id', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(
      attempt,
      'echo x >> counter; [ $(wc -l < counter) -gt 1 ] || sleep 600',
      { rerunnable: true },
    );
    const jobId = idOf(await bench.submit(attempt, directory));
    const ended = bench.end(attempt, jobId, directory);
    await until('it runs', () => existsSync(join(directory, 'counter')));
    await slurm.command('scontrol', 'requeue', jobId);
    const seen = await ended;
    expect(seen.at(-1)).toMatchObject({ kind: 'ended', cause: 'done', facts: { exitStatus: 0 } });
    expect(read(directory, 'counter')).toBe('x\nx\n');
  });

  test('a restart of the controller while a job runs changes nothing, and its end is known afterwards', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, `touch begun; ${untilThereIs('go')}; exit 2`);
    const jobId = idOf(await bench.submit(attempt, directory));
    const { seen, ended } = watch(attempt, jobId, directory);
    await until('it runs', () => existsSync(join(directory, 'begun')));
    await slurm.stopController();
    // squeue itself tries for a while
    await until(
      'a question failed',
      () => bench.log.some((line) => line.includes('could not be looked at')),
      120_000,
    );
    make(directory, 'go');
    await until('the job has ended meanwhile', () => existsSync(join(directory, '.done')));
    expect(seen.every((one) => one.kind === 'seen')).toBe(true);
    await slurm.startController();
    bench.runtime.monitor.pollNow();
    await ended;
    expect(seen.at(-1)).toMatchObject({ kind: 'ended', facts: { exitStatus: 2 } });
  });

  test('a submission while the controller is down is no submission, and is made when it is back', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'echo x >> counter');
    await slurm.stopController();
    let thrown: { code?: string } = {};
    try {
      await bench.submit(attempt, directory);
    } catch (error) {
      thrown = error as { code?: string };
    } finally {
      await slurm.startController();
    }
    expect(thrown.code).toBe('scheduler-down');
    const jobId = idOf(await bench.submit(attempt, directory));
    const seen = await bench.end(attempt, jobId, directory);
    expect(seen.map(stateOf).at(-1)).toBe('ended: done');
    expect(read(directory, 'counter')).toBe('x\n');
  });

  test('the link is cut right after the submission was read, twenty times: each job runs exactly once', async () => {
    const ends: Promise<readonly JobObservation[]>[] = [];
    const counters: string[] = [];
    for (let round = 0; round < 20; round++) {
      const cautious = await newBench(proxy.port);
      const attempt = cautious.attempt();
      const directory = await cautious.upload(attempt, 'echo x >> counter');
      // from the whole script being there to a while after sbatch has answered
      const wish = cautious.submit(attempt, directory).catch((thrown: Error) => thrown);
      await until('the submission was begun', () => existsSync(join(directory, '.submit')));
      await new Promise((resolve) => setTimeout(resolve, (round % 5) * 4));
      proxy.cut();
      await wish;
      const jobId = idOf(await outcomeOf(cautious, attempt, directory));
      ends.push(bench.end(attempt, jobId, directory));
      counters.push(join(directory, 'counter'));
      cautious.close();
    }
    const last = (await Promise.all(ends)).map((seen) => seen.map(stateOf).at(-1));
    expect(last).toEqual(Array.from({ length: 20 }, () => 'ended: done'));
    // and the scheduler knows of no more jobs than that
    await until('no job is left', async () => (await slurm.command('squeue', '-h')).trim() === '');
    expect(counters.map((counter) => read(counter))).toEqual(counters.map(() => 'x\n'));
  });

  test('the link is cut at any byte of the submission: no job runs twice, and none is lost', async () => {
    const ends: Promise<readonly JobObservation[]>[] = [];
    const counters: string[] = [];
    for (const bytes of [0, 60, 300, 900, 1500, 2200, 2600, 3000, 3400, 3800, 4400]) {
      const cautious = await newBench(proxy.port);
      const attempt = cautious.attempt();
      const directory = await cautious.upload(attempt, 'echo x >> counter');
      proxy.cutAfter(bytes, 'to-server');
      await cautious.submit(attempt, directory).catch((thrown: Error) => thrown);
      // a submission of fewer bytes was not cut, and the next connection must not be
      proxy.cutAfter(1e12, 'to-server');
      const jobId = idOf(await outcomeOf(cautious, attempt, directory));
      ends.push(bench.end(attempt, jobId, directory));
      counters.push(join(directory, 'counter'));
      cautious.close();
    }
    const last = (await Promise.all(ends)).map((seen) => seen.map(stateOf).at(-1));
    expect(last).toEqual(Array.from({ length: 11 }, () => 'ended: done'));
    await until('no job is left', async () => (await slurm.command('squeue', '-h')).trim() === '');
    expect(counters.map((counter) => read(counter))).toEqual(counters.map(() => 'x\n'));
  });

  test('a receipt that was lost is made up for by the name in the queue', async () => {
    const attempt = bench.attempt();
    const directory = await bench.upload(attempt, 'echo x >> counter', {
      custom_scheduler_commands: '#SBATCH --hold',
    });
    const jobId = idOf(await bench.submit(attempt, directory));
    await bench.runtime.use({ signal, mode: 'now' }, (transport) =>
      transport.exec({ what: 'the loss', script: `cd '${directory}/.submit' && rm -f rc out err` }),
    );
    expect(await bench.submit(attempt, directory)).toEqual({ kind: 'accepted', jobId, recovered: true });
    await slurm.command('scontrol', 'release', jobId);
    const seen = await bench.end(attempt, jobId, directory);
    expect(seen.map(stateOf).at(-1)).toBe('ended: done');
    expect(read(directory, 'counter')).toBe('x\n');
  });

  test('a job that exceeds its walltime ends because of that, however its script took it', async () => {
    const bodies = [
      'sleep 600',
      'trap "echo ignored" TERM; sleep 600; sleep 600',
      '(sleep 600); echo went on > late; true',
    ];
    const runs = await Promise.all(bodies.map((body) => bench.run(body, { max_wallclock_seconds: 5 })));
    for (const { last } of runs) expect(last).toMatchObject({ kind: 'ended', cause: 'walltime' });
  });
});
