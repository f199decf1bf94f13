/**
 * The reply to a submission is lost, each time: `npm run test:cut -- --jobs 200`. Every job must run exactly once, and
 * the scheduler must have been given no more jobs than there are.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '#shared/base/random.ts';
import type { SubmitOutcome } from '#main/engine/ports.ts';
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts';
import { JobBench } from '../../support/job-bench.ts';
import { until } from '../../support/programs.ts';
import { seed } from '../../support/seed.ts';
import { skipReason } from '../../support/skips.ts';
import { startSlurm, slurmUnavailable, type Slurm } from '../../support/slurm.ts';
import { sshdUnavailable, startSshd, type Sshd } from '../../support/sshd.ts';

const missing = skipReason('Lost replies of a real sbatch', slurmUnavailable() ?? sshdUnavailable());
const jobs = Number(process.env['STEMMA_CUT_JOBS'] ?? 10);
const signal = new AbortController().signal;

/** One of these must be there before the link is cut: the wrapper has begun, sbatch runs, or it has answered already. */
const moments = [['begin'], ['out.new', 'out'], ['rc'], ['']] as const;

const isOver = (outcome: SubmitOutcome | Error): outcome is SubmitOutcome =>
  !(outcome instanceof Error) && outcome.kind !== 'unconfirmed';

describe.skipIf(missing !== null)(`${jobs} submissions whose reply is lost (STEMMA_SEED=${seed})`, () => {
  const random = seededRandom(seed);
  let slurm: Slurm;
  let sshd: Sshd;
  let proxy: FaultProxy;

  beforeAll(async () => {
    slurm = await startSlurm();
    sshd = await startSshd({ env: slurm.env });
    proxy = await startFaultProxy(sshd.port);
  });
  afterAll(async () => {
    await proxy?.close();
    await sshd?.stop();
    await slurm?.stop();
  });

  async function newBench(): Promise<JobBench> {
    const auth = { kind: 'key', path: sshd.key } as const;
    const bench = new JobBench({
      config: {
        transport: { type: 'core.ssh', host: '127.0.0.1', port: proxy.port, user: sshd.user, auth },
        scheduler: 'core.slurm',
      },
      root: join(sshd.home, 'scratch'),
      knownHosts: join(sshd.home, 'known'),
    });
    const wish = bench.runtime.use({ signal, mode: 'now' }, async () => {});
    await wish.catch(async (thrown: { verdict?: { key: Parameters<typeof bench.trust.accept>[0] } }) => {
      if (thrown.verdict === undefined) throw thrown;
      await bench.trust.accept(thrown.verdict.key);
      bench.runtime.connection.retryNow();
    });
    return bench;
  }

  /** The number of the next job: what was submitted in between shows. */
  const nextId = async (): Promise<number> =>
    Number((await slurm.command('sbatch', '--parsable', '--hold', '--wrap=true')).trim());

  test(
    'each job runs exactly once, and none is submitted twice',
    async () => {
      const before = await nextId();
      const tally: Record<string, number> = { cut: 0, unconfirmed: 0, recovered: 0, submitted: 0 };
      const count = (name: string): number => (tally[name] = (tally[name] ?? 0) + 1);
      const ids: string[] = [];
      const directories: string[] = [];
      for (let round = 0; round < jobs; round++) {
        const bench = await newBench();
        const attempt = bench.attempt();
        const directory = await bench.upload(attempt, 'echo x >> counter');
        const moment = moments[round % moments.length] ?? [''];
        // the session is open and most of the script is on its way
        proxy.holdRepliesAfter(1500);
        const wish = bench.submit(attempt, directory).catch((thrown: Error) => thrown);
        await until(
          'sbatch was read',
          () => moment.some((file) => existsSync(join(directory, '.submit', file))),
          60_000,
        );
        await new Promise((resolve) => setTimeout(resolve, random.next() * 30));
        proxy.cut();
        let outcome: SubmitOutcome | Error = await wish;
        // the reply never came back
        expect(outcome).toMatchObject({ code: 'connection-lost' });
        count('cut');
        for (let tries = 0; tries < 200 && !isOver(outcome); tries++) {
          bench.runtime.connection.retryNow();
          outcome = await bench.submit(attempt, directory).catch((thrown: Error) => thrown);
          if (!isOver(outcome)) {
            count('unconfirmed');
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        }
        if (outcome instanceof Error || outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
        count(outcome.recovered ? 'recovered' : 'submitted');
        ids.push(outcome.jobId);
        directories.push(directory);
        bench.close();
      }
      const after = await nextId();
      await until(
        'every job has ended',
        () => directories.every((directory) => existsSync(join(directory, '.done'))),
        120_000,
      );
      const ran = directories.map((directory) => readFileSync(join(directory, 'counter'), 'utf8'));
      expect(ran).toEqual(directories.map(() => 'x\n'));
      expect(directories.map((directory) => readFileSync(join(directory, '.run'), 'utf8'))).toEqual(ids);
      expect(after - before - 1).toBe(jobs);
      if (process.env['STEMMA_CUT_JOBS'] !== undefined) {
        process.stdout.write(`${ran.length} jobs ran exactly once: ${JSON.stringify(tally)}\n`);
      }
    },
    30 * 60_000,
  );
});
