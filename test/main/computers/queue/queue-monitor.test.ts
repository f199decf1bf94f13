import { describe, expect, test } from 'vitest';
import type { JobFacts, JobObservation } from '#main/engine/ports.ts';
import { QueueMonitor } from '#main/computers/queue/queue-monitor.ts';
import { slurm } from '#main/computers/schedulers/slurm/slurm.ts';
import { slurmCause } from '#main/computers/schedulers/slurm/states.ts';
import { transportError } from '#main/computers/transport-error.ts';
import type { ExecAnswer } from '#main/computers/transport.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

/** A fake cluster: what its commands would print. */
class FakeCluster {
  queue = new Map<string, string>();
  /** What the jobs are called whose numbers belong to others. */
  names = new Map<string, string>();
  done = new Map<string, number>();
  accounting = new Map<string, string>();
  /** What the controller says of a job that is active by accounting, where it answers. */
  controller = new Map<string, string>();
  down = false;
  /** How accounting fails; null where it answers. */
  silent: 'refuses' | 'hangs' | null = null;
  /** Waits while it cannot be reached, as a connection does. */
  reachable: () => Promise<void> = async () => {};
  readonly asked: string[] = [];

  answer(what: string, script: string, input: string): ExecAnswer {
    this.asked.push(what);
    const text = (stdout: string, exitCode = 0, stderr = ''): ExecAnswer => ({
      stdout,
      bytes: Buffer.from(stdout),
      exitCode,
      stderr,
      noise: '',
      ms: 1,
    });
    if (this.down) return text('', 1, 'slurm_load_jobs error: Unable to contact slurm controller');
    if (what === 'the list of jobs') {
      const lines = [...this.queue].map(
        ([id, state]) => `${id}|${state}|1700000000|N/A|n1|None|${this.names.get(id) ?? `token${id}`}\n`,
      );
      return text(`@queue ${lines.length}\n${lines.join('')}`);
    }
    if (what === 'accounting' && this.silent === 'hangs')
      throw transportError('timeout', { message: 'The answer did not come.', hint: '' });
    if (what === 'accounting' && this.silent === 'refuses') {
      const ids = /--jobs=([\d,]+)/.exec(script)?.[1]?.split(',') ?? [];
      const lines = ids.map((id) => `JobId=${id} JobState=-\n`);
      return text(`@refusal 1\nConnection refused\n@remainder ${ids.length}\n${lines.join('')}`);
    }
    if (what === 'accounting') {
      const ids = /--jobs=([\d,]+)/.exec(script)?.[1]?.split(',') ?? [];
      const lines = ids.flatMap((id) => {
        const state = this.accounting.get(id);
        return state === undefined
          ? []
          : [`${id}|${state}|1700000000|1700000060|0:0|n1|${this.names.get(id) ?? `token${id}`}\n`];
      });
      const shown = ids.flatMap((id) => {
        const state = this.controller.get(id);
        return state === undefined
          ? []
          : [`JobId=${id} JobName=token${id} JobState=${state} StartTime=1700000000 NodeList=n1\n`];
      });
      return text(
        `@accounting ${lines.length}\n${lines.join('')}@confirmed ${shown.length}\n${shown.join('')}`,
      );
    }
    const directories = input.split('\n').slice(0, -1);
    const parts = directories.map((directory, index) => {
      const id = directory.slice(3);
      const rc = this.done.get(id);
      const note =
        rc === undefined ? '' : `done rc=${rc}\ndone job=${id}\ndone start=1\ndone end=2\ndone host=n\n`;
      return `@job ${index}\ndirectory yes\nfence ${id}\n${note}`;
    });
    return text(`${parts.join('')}@end ${directories.length}\n`);
  }
}

function setUp(interval = 10_000) {
  const clock = new VirtualClock();
  const cluster = new FakeCluster();
  const failures: unknown[] = [];
  const monitor = new QueueMonitor({
    clock,
    scheduler: slurm,
    ask: async (what, { script, input }) => {
      await cluster.reachable();
      return cluster.answer(what, script, Buffer.from(input ?? []).toString());
    },
    causeOf: (facts: JobFacts) => slurmCause(facts.schedulerState),
    intervalMs: () => interval,
    patience: { notesMs: 60_000, accountingMs: 600_000, accountingDownMs: 3_600_000 },
    onFailure: (thrown) => failures.push(thrown),
  });
  const watch = (id: string, signal = new AbortController().signal): JobObservation[] => {
    const seen: JobObservation[] = [];
    monitor.watch(
      `token${id}`,
      { jobId: id, directory: `/d/${id}`, token: `token${id}` },
      (one) => seen.push(one),
      signal,
    );
    return seen;
  };
  return { clock, cluster, monitor, watch, failures };
}

const kinds = (seen: readonly JobObservation[]): string[] =>
  seen.map((one) =>
    one.kind === 'seen' ? one.facts.schedulerState : one.kind === 'ended' ? one.cause : one.kind,
  );

describe('the watch over a queue', () => {
  test('asks once for all jobs, tells changes only, and sees the end by the note', async () => {
    const { clock, cluster, watch, monitor } = setUp();
    const ids = Array.from({ length: 50 }, (_, index) => String(index + 1));
    for (const id of ids) cluster.queue.set(id, 'PENDING');
    const seen = ids.map((id) => watch(id));
    await clock.advance(25_000);
    expect(cluster.asked).toEqual(Array.from({ length: 3 }, () => 'the list of jobs'));
    expect(seen.map(kinds)).toEqual(ids.map(() => ['PENDING']));
    cluster.queue.set('7', 'RUNNING');
    await clock.advance(10_000);
    expect(kinds(seen[6] ?? [])).toEqual(['PENDING', 'RUNNING']);
    cluster.queue.delete('7');
    cluster.done.set('7', 0);
    await clock.advance(10_000);
    expect(kinds(seen[6] ?? [])).toEqual(['PENDING', 'RUNNING', 'done']);
    expect(monitor.jobs).toHaveLength(49);
  });

  test('changes nothing while the scheduler does not answer, and asks ever more rarely', async () => {
    const { clock, cluster, watch, failures, monitor } = setUp();
    cluster.queue.set('1', 'RUNNING');
    const seen = watch('1');
    await clock.advance(1000);
    cluster.down = true;
    cluster.queue.clear();
    await clock.advance(3_600_000);
    expect(kinds(seen)).toEqual(['RUNNING']);
    expect(failures.length).toBeGreaterThan(5);
    expect(failures.length).toBeLessThan(15);
    expect(monitor.failure?.message).toBeTruthy();
    cluster.down = false;
    cluster.queue.set('1', 'RUNNING');
    monitor.pollNow();
    await clock.advance(20_000);
    expect(kinds(seen)).toEqual(['RUNNING']);
    expect(monitor.failure).toBeNull();
    cluster.queue.delete('1');
    cluster.done.set('1', 0);
    await clock.advance(10_000);
    expect(kinds(seen)).toEqual(['RUNNING', 'done']);
  });

  test('waits for accounting, which lags behind, and calls a job lost only after a long time', async () => {
    const { clock, cluster, watch } = setUp();
    cluster.queue.set('1', 'RUNNING');
    cluster.queue.set('2', 'RUNNING');
    const [one, two] = [watch('1'), watch('2')];
    await clock.advance(1000);
    cluster.queue.clear();
    await clock.advance(120_000);
    expect([kinds(one), kinds(two)]).toEqual([['RUNNING'], ['RUNNING']]);
    cluster.accounting.set('1', 'OUT_OF_MEMORY');
    await clock.advance(20_000);
    expect(kinds(one)).toEqual(['RUNNING', 'memory']);
    await clock.advance(600_000);
    expect(kinds(two)).toEqual(['RUNNING', 'lost']);
    const asked = cluster.asked.length;
    await clock.advance(3_600_000);
    expect(cluster.asked.length).toBe(asked);
  });

  test.each(['refuses', 'hangs'] as const)(
    'goes on without an accounting that %s, asks it ever more rarely, and gives nothing up for it',
    async (how) => {
      const { clock, cluster, watch, failures, monitor } = setUp();
      for (const id of ['1', '2', '3', '4']) cluster.queue.set(id, 'RUNNING');
      const [killed, well, failed, runs] = [watch('1'), watch('2'), watch('3'), watch('4')];
      await clock.advance(1000);
      for (const id of ['1', '2', '3']) cluster.queue.delete(id);
      cluster.done.set('2', 0).set('3', 143);
      cluster.silent = how;
      const down = clock.now();
      await clock.advance(120_000);
      expect(kinds(well)).toEqual(['RUNNING', 'unaccounted', 'done']);
      await clock.advance(12 * 3_600_000);
      expect(kinds(killed)).toEqual(['RUNNING', 'unaccounted']);
      expect(killed[1]).toMatchObject({ silence: { noted: false, since: down + 9000 } });
      expect(kinds(failed)).toEqual(['RUNNING', 'unaccounted', 'done']);
      expect(failed[2]).toMatchObject({ silentSince: down + 9000, facts: { exitStatus: 143 } });
      const asked = cluster.asked.filter((what) => what === 'accounting').length;
      expect(asked).toBeGreaterThan(60);
      expect(asked).toBeLessThan(90);
      // what else is in the queue is looked at as always
      expect(failures).toEqual([]);
      expect(kinds(runs)).toEqual(['RUNNING']);
      expect(cluster.asked.filter((what) => what === 'the list of jobs').length).toBeGreaterThan(4000);
      cluster.silent = null;
      cluster.accounting.set('1', 'TIMEOUT');
      monitor.pollNow();
      await clock.advance(1000);
      expect(kinds(killed)).toEqual(['RUNNING', 'unaccounted', 'walltime']);
    },
  );

  test('loses a job that is for ever active in accounting and that the controller has forgotten', async () => {
    const { clock, cluster, watch } = setUp();
    for (const id of ['1', '2', '3']) cluster.queue.set(id, 'RUNNING');
    const [runaway, unsure, known] = [watch('1'), watch('2'), watch('3')];
    await clock.advance(1000);
    cluster.queue.clear();
    for (const id of ['1', '2', '3']) cluster.accounting.set(id, 'RUNNING');
    cluster.controller.set('1', '-').set('3', 'RUNNING');
    await clock.advance(3_500_000);
    expect([runaway, unsure, known].map(kinds)).toEqual([['RUNNING'], ['RUNNING'], ['RUNNING']]);
    await clock.advance(200_000);
    expect([runaway, unsure, known].map(kinds)).toEqual([['RUNNING', 'lost'], ['RUNNING'], ['RUNNING']]);
    // counted from the first time that the controller itself said so
    cluster.controller.set('2', '-');
    await clock.advance(3_500_000);
    expect(kinds(unsure)).toEqual(['RUNNING']);
    await clock.advance(200_000);
    expect(kinds(unsure)).toEqual(['RUNNING', 'lost']);
    cluster.controller.set('3', '-');
    await clock.advance(3_500_000);
    expect(kinds(known)).toEqual(['RUNNING']);
    await clock.advance(200_000);
    expect(kinds(known)).toEqual(['RUNNING', 'lost']);
  });

  test.each([['RUNNING'], [null]])(
    'gives books that were down time to hear of what happened meanwhile (%s)',
    async (booked) => {
      const { clock, cluster, watch } = setUp();
      cluster.queue.set('1', 'RUNNING');
      const seen = watch('1');
      await clock.advance(1000);
      cluster.queue.clear();
      cluster.silent = 'refuses';
      await clock.advance(4 * 3_600_000);
      cluster.silent = null;
      if (booked !== null) cluster.accounting.set('1', booked);
      cluster.controller.set('1', '-');
      await clock.advance(booked === null ? 550_000 : 3_000_000);
      expect(kinds(seen)).toEqual(['RUNNING', 'unaccounted', 'unaccounted']);
      cluster.accounting.set('1', 'TIMEOUT');
      await clock.advance(20_000);
      expect(kinds(seen).at(-1)).toBe('walltime');
    },
  );

  test('says that accounting answers again, though what it says is not enough', async () => {
    const { clock, cluster, watch } = setUp();
    cluster.queue.set('1', 'RUNNING');
    const seen = watch('1');
    await clock.advance(1000);
    cluster.queue.clear();
    cluster.silent = 'refuses';
    await clock.advance(60_000);
    cluster.silent = null;
    await clock.advance(120_000);
    expect(kinds(seen)).toEqual(['RUNNING', 'unaccounted', 'unaccounted']);
    expect(seen[2]).toEqual({ kind: 'unaccounted', silence: null });
    await clock.advance(600_000);
    expect(kinds(seen).at(-1)).toBe('lost');
  });

  test('is not misled by one list without the job', async () => {
    const { clock, cluster, watch } = setUp();
    cluster.queue.set('1', 'RUNNING');
    const seen = watch('1');
    await clock.advance(1000);
    cluster.queue.clear();
    await clock.advance(10_000);
    cluster.queue.set('1', 'RUNNING');
    await clock.advance(10_000);
    cluster.queue.clear();
    await clock.advance(10_000);
    expect(cluster.asked).not.toContain('accounting');
    expect(kinds(seen)).toEqual(['RUNNING']);
  });

  test('takes no other job of the same number for its own: not in the queue, and not in the books', async () => {
    const { clock, cluster, watch } = setUp();
    for (const id of ['1', '2', '3']) cluster.queue.set(id, 'RUNNING');
    const [listed, booked, own] = [watch('1'), watch('2'), watch('3')];
    await clock.advance(1000);
    // the controller lost its state: its numbers begin anew, and others have them
    cluster.queue.clear();
    cluster.names.set('1', 'relax').set('2', 'relax');
    cluster.queue.set('1', 'COMPLETED');
    cluster.accounting.set('2', 'COMPLETED').set('3', 'TIMEOUT');
    await clock.advance(500_000);
    expect([listed, booked, own].map(kinds)).toEqual([['RUNNING'], ['RUNNING'], ['RUNNING', 'walltime']]);
    await clock.advance(200_000);
    expect([listed, booked].map(kinds)).toEqual([
      ['RUNNING', 'lost'],
      ['RUNNING', 'lost'],
    ]);
  });

  test('sees a job that the site has put back into the queue', async () => {
    const { clock, cluster, watch } = setUp();
    cluster.queue.set('1', 'RUNNING');
    const seen = watch('1');
    await clock.advance(1000);
    cluster.queue.set('1', 'NODE_FAIL');
    await clock.advance(10_000);
    cluster.queue.set('1', 'PENDING');
    await clock.advance(10_000);
    expect(kinds(seen)).toEqual(['RUNNING', 'PENDING']);
  });

  test('ends for a job whose signal aborts, and stops when there is none', async () => {
    const { clock, cluster, watch, monitor } = setUp();
    const abort = new AbortController();
    const seen = watch('1', abort.signal);
    await clock.advance(1000);
    abort.abort();
    await clock.advance(100_000);
    expect([seen, monitor.jobs, monitor.nextPoll]).toEqual([[], [], null]);
    expect(cluster.asked.filter((what) => what === 'the list of jobs')).toHaveLength(1);
  });

  test('begins soon for a new job, and not sooner than the interval after the last look', async () => {
    const { clock, cluster, watch } = setUp();
    watch('1');
    await clock.advance(0);
    expect(cluster.asked.length).toBeGreaterThan(0);
    const before = cluster.asked.filter((what) => what === 'the list of jobs').length;
    watch('2');
    await clock.advance(5000);
    expect(cluster.asked.filter((what) => what === 'the list of jobs')).toHaveLength(before);
    await clock.advance(6000);
    expect(cluster.asked.filter((what) => what === 'the list of jobs')).toHaveLength(before + 1);
  });

  test('waits for a computer that is away without asking it less often afterwards', async () => {
    const { clock, cluster, watch, monitor } = setUp();
    cluster.queue.set('1', 'RUNNING');
    watch('1');
    await clock.advance(5000);
    const { lastPoll } = monitor;
    cluster.reachable = () => new Promise((resolve) => clock.after(8 * 3_600_000, resolve));
    await clock.advance(7 * 3_600_000);
    // what is known keeps its age
    expect([monitor.lastPoll, monitor.failure, cluster.asked.length]).toEqual([lastPoll, null, 1]);
    cluster.reachable = async () => {};
    await clock.advance(2 * 3_600_000);
    cluster.asked.length = 0;
    await clock.advance(60_000);
    expect(cluster.asked.length).toBeGreaterThan(4);
  });

  test('looks again at once when a link was lost under it: the connection says when that can be', async () => {
    const { clock, cluster, watch, failures } = setUp(3_600_000);
    cluster.queue.set('1', 'RUNNING');
    watch('1');
    await clock.advance(1000);
    let lost = 1;
    cluster.reachable = async () => {
      if (lost-- > 0) throw transportError('connection-lost', { message: 'lost' });
    };
    await clock.advance(3_600_000);
    await clock.advance(2000);
    expect([failures.length, cluster.asked.length]).toEqual([1, 2]);
  });

  test('does not follow each new connection with a look where looks are what it is lost under', async () => {
    const { clock, cluster, watch } = setUp(60_000);
    cluster.queue.set('1', 'RUNNING');
    watch('1');
    await clock.advance(1000);
    let looks = 0;
    cluster.reachable = async () => {
      looks++;
      throw transportError('connection-lost', { message: 'lost' });
    };
    await clock.advance(60 * 60_000);
    // one at each interval, and one at once after the first of them
    expect(looks).toBe(61);
  });
});
