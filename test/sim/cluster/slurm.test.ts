import { describe, expect, test } from 'vitest';
import { askEndNotes, readEndNotes } from '#main/computers/queue/end-notes.ts';
import { ClusterBench, minute } from './cluster-bench.ts';
import type { SiteRules } from './virtual-cluster.ts';

const second = 1000;
const short: Partial<SiteRules> = { jobMs: [minute, minute], slots: 2 };

async function queue(bench: ClusterBench): Promise<Record<string, string>> {
  const listing = bench.scheduler.readListing(await bench.ask('the list of jobs', bench.scheduler.list([])));
  return Object.fromEntries([...listing.jobs].map(([id, facts]) => [id, facts.schedulerState]));
}

async function accounts(bench: ClusterBench, jobId: string, directory: string): Promise<string> {
  const jobs = [{ jobId, directory }];
  const answer = await bench.ask('accounting', bench.scheduler.account(jobs));
  const found = bench.scheduler.readAccounting(answer, jobs).get(jobId);
  return found?.kind === 'final'
    ? `${found.facts.schedulerState}, ${found.cause}`
    : (found?.kind ?? 'nothing');
}

async function notes(bench: ClusterBench, jobId: string, directory: string) {
  const answer = await bench.ask('the notes on the end of jobs', askEndNotes([{ jobId, directory }]));
  return readEndNotes(answer.stdout, 1)[0];
}

describe('the virtual Slurm', () => {
  test('runs as many jobs as it has slots, and the others in the order in which they came', async () => {
    const bench = new ClusterBench(short);
    for (let count = 0; count < 3; count++) await bench.accepted();
    await bench.pass(10 * second);
    expect(await queue(bench)).toEqual({ 1000: 'RUNNING', 1001: 'RUNNING', 1002: 'PENDING' });
    await bench.pass(minute);
    expect(await queue(bench)).toEqual({ 1000: 'COMPLETED', 1001: 'COMPLETED', 1002: 'RUNNING' });
    expect(bench.cluster.truth.executions.map(({ jobId, fenced }) => [jobId, fenced])).toEqual([
      ['1000', true],
      ['1001', true],
      ['1002', true],
    ]);
  });

  test('lists what else the account has in the queue, whose numbers have other forms', async () => {
    const otherJobs = ['11_[0-20:4]', '12_[1,3,5...]', '13+1'];
    const bench = new ClusterBench({ ...short, otherJobs });
    const { jobId } = await bench.accepted();
    expect(Object.keys(await queue(bench))).toEqual([jobId, ...otherJobs]);
  });

  test('takes no more than its limit, and another one when a job has ended', async () => {
    const bench = new ClusterBench({ ...short, maxQueued: 1 });
    await bench.accepted();
    const second = await bench.prepare();
    expect(await bench.submit(second)).toMatchObject({ kind: 'held' });
    expect(bench.cluster.truth.submissionsOf(second.token)).toHaveLength(0);
    await bench.pass(2 * minute);
    expect(await bench.submit(second)).toMatchObject({ kind: 'accepted' });
  });

  test('lists an ended job for a while, and accounts for it later and until it is purged', async () => {
    const bench = new ClusterBench({
      ...short,
      minJobAgeMs: 2 * minute,
      accountingLagMs: minute,
      accountingPurgeMs: 60 * minute,
    });
    const { jobId, directory } = await bench.accepted();
    expect(await accounts(bench, jobId, directory)).toBe('absent');
    await bench.pass(90 * second);
    expect(await queue(bench)).toEqual({ [jobId]: 'COMPLETED' });
    expect(await accounts(bench, jobId, directory)).toBe('active');
    await bench.pass(2 * minute);
    expect(await queue(bench)).toEqual({});
    expect(await accounts(bench, jobId, directory)).toBe('COMPLETED, done');
    await bench.pass(60 * minute);
    expect(await accounts(bench, jobId, directory)).toBe('absent');
    expect(await notes(bench, jobId, directory)).toMatchObject({
      fence: jobId,
      done: { jobId, exitStatus: 0 },
    });
  });

  test('without accounting tells of an ended job only as long as the controller knows it', async () => {
    const bench = new ClusterBench({ ...short, accounting: false, minJobAgeMs: 2 * minute });
    const { jobId, directory } = await bench.accepted();
    await bench.pass(90 * second);
    expect(await accounts(bench, jobId, directory)).toBe('COMPLETED, done');
    await bench.pass(2 * minute);
    expect(await accounts(bench, jobId, directory)).toBe('unkept');
  });

  test('puts a job back into the queue with its id, and its fence lets it pass again', async () => {
    const bench = new ClusterBench(short, { requeue: 1 });
    const { token, jobId, directory } = await bench.accepted();
    await bench.pass(70 * second);
    expect(await queue(bench)).toEqual({ [jobId]: 'PENDING' });
    bench.cluster.faults = { ...bench.cluster.faults, requeue: 0 };
    await bench.pass(5 * minute);
    expect(await queue(bench)).toEqual({ [jobId]: 'COMPLETED' });
    const runs = bench.cluster.truth.executionsOf(token);
    expect(runs.map(({ restart, cause, fenced }) => ({ restart, cause, fenced }))).toEqual([
      { restart: 0, cause: 'requeued', fenced: true },
      { restart: 1, cause: 'exit', fenced: true },
    ]);
    expect(await notes(bench, jobId, directory)).toMatchObject({ done: { jobId, exitStatus: 0 } });
  });

  test('ends a job at its walltime, whose script may still leave its note', async () => {
    const bench = new ClusterBench({ ...short, jobMs: [10 * minute, 10 * minute] });
    const { token, jobId, directory } = await bench.accepted(['#SBATCH --time=00:02:00']);
    await bench.pass(3 * minute);
    expect(await queue(bench)).toEqual({ [jobId]: 'TIMEOUT' });
    expect(await accounts(bench, jobId, directory)).toBe('TIMEOUT, walltime');
    const [run] = bench.cluster.truth.executionsOf(token);
    expect(run).toMatchObject({ cause: 'walltime' });
    const left = await notes(bench, jobId, directory);
    expect(left?.done === null || left?.done.exitStatus === 143).toBe(true);
  });

  test.each([
    ['memoryKill', 'OUT_OF_MEMORY, memory'],
    ['nodeFails', 'NODE_FAIL, node-failure'],
    ['preempt', 'PREEMPTED, cancelled'],
    ['cancelledByAdmin', 'CANCELLED by 1000, cancelled'],
    ['walltimeKill', 'TIMEOUT, walltime'],
    ['jobExitsNonZero', 'FAILED, done'],
  ] as const)('tells of %s as the real one does', async (fault, told) => {
    const bench = new ClusterBench(short, { [fault]: 1 });
    const { jobId, directory } = await bench.accepted();
    await bench.pass(5 * minute);
    expect(await accounts(bench, jobId, directory)).toBe(told);
  });

  test('begins again with its ids, and leaves out those that are in use', async () => {
    const bench = new ClusterBench({ ...short, slots: 1, minJobAgeMs: second, firstJobId: 5, idWrapAt: 7 });
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) {
      const { jobId } = await bench.accepted();
      ids.push(jobId);
      await bench.pass(count < 2 ? 0 : 5 * minute);
    }
    expect(ids).toEqual(['5', '6', '7', '5', '6']);
  });

  test('cancels what waits at once, and what runs with a moment to tidy up', async () => {
    const bench = new ClusterBench({ ...short, slots: 1 });
    const [running, waiting] = [await bench.accepted(), await bench.accepted()];
    await bench.pass(10 * second);
    for (const job of [running, waiting]) {
      const answer = await bench.ask('the cancellation of a job', bench.scheduler.cancel(job));
      bench.scheduler.readCancel(answer, job);
    }
    await bench.pass(40 * second);
    expect(await queue(bench)).toEqual({ [running.jobId]: 'CANCELLED', [waiting.jobId]: 'CANCELLED' });
    // and once more, which is no error
    const again = await bench.ask('the cancellation of a job', bench.scheduler.cancel(waiting));
    bench.scheduler.readCancel(again, waiting);
    expect(bench.cluster.truth.executionsOf(waiting.token)).toHaveLength(0);
  });

  test('keeps a job waiting for as long as the fault lasts', async () => {
    const bench = new ClusterBench(short, { jobNeverStarts: 1 });
    const { jobId } = await bench.accepted();
    await bench.pass(120 * minute);
    expect(await queue(bench)).toEqual({ [jobId]: 'PENDING' });
    bench.cluster.faults = { ...bench.cluster.faults, jobNeverStarts: 0 };
    await bench.pass(10 * second);
    expect(await queue(bench)).toEqual({ [jobId]: 'RUNNING' });
  });

  test('is down for a while, says so in its words, and nothing is accepted meanwhile', async () => {
    const bench = new ClusterBench(short, { schedulerDown: 1 });
    let down = 0;
    for (let count = 0; count < 20; count++) {
      await queue(bench).catch((thrown: { code?: string }) => {
        expect(thrown.code).toBe('scheduler-down');
        down++;
      });
      await bench.pass(minute);
    }
    expect(down).toBeGreaterThan(5);
  });

  test('ends a job whose directory is gone before its script begins', async () => {
    const bench = new ClusterBench({ ...short, slots: 1 });
    await bench.accepted();
    const { token, jobId, directory } = await bench.accepted();
    bench.cluster.wipe(directory);
    await bench.pass(3 * minute);
    expect(await accounts(bench, jobId, directory)).toBe('FAILED, done');
    expect(bench.cluster.truth.executionsOf(token)).toHaveLength(0);
  });

  test('does the same again with the same seed', async () => {
    const once = async (): Promise<string> => {
      const bench = new ClusterBench(
        { ...short, nfsDelayMs: 5000 },
        { requeue: 0.5, sbatchTimesOutButAccepts: 0.3 },
        9,
      );
      for (let count = 0; count < 5; count++) await bench.submit(await bench.prepare());
      await bench.pass(20 * minute);
      return JSON.stringify([
        bench.cluster.truth.submissions,
        bench.cluster.truth.executions,
        bench.time.events,
      ]);
    };
    expect(await once()).toBe(await once());
  });
});
