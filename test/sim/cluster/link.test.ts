import { describe, expect, test } from 'vitest';
import { ClusterBench, minute, never } from './cluster-bench.ts';
import type { Faults } from './virtual-cluster.ts';

const codeOf = (wanted: Promise<unknown>): Promise<unknown> =>
  wanted.then(
    () => 'no error',
    (thrown: { code?: unknown }) => thrown.code,
  );

const hello = { what: 'a greeting', script: 'echo hello', signal: never };

describe('a link to the virtual cluster', () => {
  test.each([
    ['loseRequest', 'connection-lost', true],
    ['executeThenLoseReply', 'connection-lost', true],
    ['hang', 'connection-lost', true],
    ['truncateReply', 'connection-lost', false],
    ['garbleReply', 'garbled-answer', false],
  ] as const)('with %s ends a command as the real one would', async (fault, code, dies) => {
    const bench = new ClusterBench({}, { [fault]: 1 });
    const transport = await bench.transport();
    let closed = false;
    void transport.closed.then(() => {
      closed = true;
    });
    expect(await codeOf(bench.until(transport.exec(hello)))).toBe(code);
    expect(closed).toBe(dies);
  });

  test('tells late, or too late', async () => {
    const codes = new Set<unknown>();
    for (let seed = 1; seed <= 20; seed++) {
      const bench = new ClusterBench({}, { slowReply: 1 }, seed);
      codes.add(await codeOf(bench.until((await bench.transport()).exec(hello))));
    }
    expect(codes).toEqual(new Set(['no error', 'timeout']));
  });

  test('that is cut leaves running what ignores that, and its reply is lost', async () => {
    const bench = new ClusterBench();
    const trial = await bench.prepare();
    const transport = await bench.transport();
    // as the wrapper does
    const script = `trap '' HUP PIPE\ncd '${trial.directory}' && sleep 20 && echo done > after`;
    const failed = codeOf(transport.exec({ what: 'a long command', script, signal: never }));
    await bench.pass(5_000);
    bench.cluster.cut();
    expect(await bench.until(failed)).toBe('connection-lost');
    await bench.pass(minute);
    const look = { script: `cat '${trial.directory}/after'` };
    expect((await bench.ask('a look', look)).stdout).toBe('done\n');
  });

  test('dials as often as it is told, and says what a person has to do', async () => {
    const bench = new ClusterBench({}, { dialNeedsPerson: 1 });
    expect(await codeOf(bench.until(bench.cluster.open(never)))).toMatch(/^(auth|agent|host-key)-/);
    bench.cluster.faults = { ...bench.cluster.faults, dialNeedsPerson: 0, dialFails: 1 };
    expect(await codeOf(bench.until(bench.cluster.open(never)))).toMatch(/^(unreachable|throttled)$/);
    expect(bench.cluster.truth.dials.map(({ outcome }) => outcome)).toEqual(['needs-person', 'failed']);
  });

  test('ends with the signal of who asks, and what was asked goes on or not', async () => {
    const bench = new ClusterBench();
    const transport = await bench.transport();
    const abort = new AbortController();
    const asked = transport.exec({ what: 'a wait', script: 'sleep 100', signal: abort.signal });
    const failed = asked.catch((thrown: unknown) => thrown);
    await bench.pass(1_000);
    abort.abort(new Error('not wanted any more'));
    expect(await bench.until(failed)).toMatchObject({ message: 'not wanted any more' });
  });

  test('says loudly that a script is not understood, and never as a failure of the cluster', async () => {
    const bench = new ClusterBench();
    const transport = await bench.transport();
    await expect(
      bench.until(codeOf(transport.exec({ ...hello, script: 'frobnicate --all' }))),
    ).rejects.toThrow('The simulator does not know the command: frobnicate --all');
  });
});

describe('a submission on the virtual cluster', () => {
  const storms: readonly (readonly [string, Partial<Faults>])[] = [
    ['whose wrapper is killed before any of its commands', { wrapperKilledMidway: 1 }],
    ['whose reply is lost', { executeThenLoseReply: 0.7, truncateReply: 0.3 }],
    ['that times out after it was accepted', { sbatchTimesOutButAccepts: 0.7, emptyListing: 0.4 }],
    ['whose link is cut', { cutLink: 0.8, loseRequest: 0.2 }],
  ];

  test.each(storms)('%s runs once, or is proved never to run', async (_, faults) => {
    for (let seed = 1; seed <= 25; seed++) {
      const bench = new ClusterBench({ jobMs: [minute, 5 * minute], nfsDelayMs: 2_000 }, {}, seed);
      const trial = await bench.prepare();
      bench.cluster.faults = { ...bench.cluster.faults, ...faults };
      let end = await bench.submit(trial).catch(() => null);
      for (let tries = 0; tries < 30 && (end === null || end.kind === 'unconfirmed'); tries++) {
        await bench.pass(2 * minute);
        if (tries > 5)
          bench.cluster.faults = { ...bench.cluster.faults, wrapperKilledMidway: 0, emptyListing: 0 };
        end = await bench.submit(trial).catch(() => null);
      }
      await bench.pass(10 * minute);
      const runs = bench.cluster.truth.executionsOf(trial.token);
      const told = `seed ${seed}: ${end?.kind ?? 'unknown'}`;
      if (end?.kind === 'accepted')
        expect(
          runs.map(({ jobId }) => jobId),
          told,
        ).toEqual([end.jobId]);
      else if (end?.kind === 'void') expect(runs, told).toEqual([]);
      expect(runs.length, told).toBeLessThan(2);
      expect(bench.cluster.truth.beginsWithoutFence).toEqual([]);
    }
  });
});
