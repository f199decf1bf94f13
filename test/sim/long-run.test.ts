import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Uuid } from '#shared/provenance/ids.ts';
import { noFaults, usualSite, VirtualCluster } from './cluster/virtual-cluster.ts';
import { Attempts } from './invariants/attempts.ts';
import { Executions } from './invariants/executions.ts';
import { runSeed, type SeedReport } from './run-seed.ts';
import { bigScenario } from './scenario.ts';
import { Dice } from './time/dice.ts';
import { VirtualTime } from './time/virtual-time.ts';
import { Chronicle } from './world/chronicle.ts';
import { ProfileDisk } from './world/profile.ts';
import type { World } from './world/world.ts';

const process = '00000000-0000-4000-8000-000000000001' as Uuid;
const token = 'tabcdefghijk0001';
const state = (number: number, of: string): string =>
  JSON.stringify({ kind: 'job', uuid: process, computer: process, attempt: { number, token: of } });

const execution = { token, jobId: '1', directory: '/a', began: 0, restart: 0, fenced: true } as const;
const over = { ended: 1, exitStatus: 0, cause: 'exit' } as const;

/** A cluster on which one process was executed, which was judged and forgotten. */
function judged() {
  const time = new VirtualTime();
  const chronicle = new Chronicle(time, null);
  const cluster = new VirtualCluster({
    clock: time,
    random: new Dice(1, 'cluster').random,
    name: 'far.example.org',
    site: usualSite,
    faults: noFaults,
  });
  const attempts = new Attempts();
  const world = { chronicle, clusters: [cluster] } as unknown as World;
  const executions = new Executions(world, attempts);
  const { truth } = cluster;
  expect(attempts.learn(state(1, token))).toBeNull();
  truth.noteSubmission({ token, jobId: '1', at: 0, directory: '/a' });
  truth.noteExecution({ ...execution, ...over });
  executions.look();
  executions.noteEnd(process);
  expect(chronicle.violation).toBeNull();
  cluster.forget(token);
  attempts.forget(process);
  executions.forget(process);
  expect(truth.executionsOf(token)).toEqual([]);
  return { truth, chronicle, attempts, executions };
}

describe('of what was judged and forgotten', () => {
  test('a second execution is found', () => {
    const { truth, chronicle, executions } = judged();
    truth.noteExecution({ ...execution, ...over, jobId: '2' });
    executions.look();
    expect(chronicle.violation).toMatchObject({ promise: 'P1', words: expect.stringContaining(token) });
  });

  test('a second submission is found', () => {
    const { truth, chronicle, executions } = judged();
    truth.noteSubmission({ token, jobId: '2', at: 5, directory: '/a' });
    executions.look();
    expect(chronicle.violation).toMatchObject({
      promise: 'P1',
      words: expect.stringContaining('again as job 2'),
    });
  });

  test('a process that goes on with another attempt is found', () => {
    const { attempts } = judged();
    expect(attempts.learn(state(2, 'tabcdefghijk0002'))).toBe(process);
  });
});

describe('many jobs over days', () => {
  let disk: ProfileDisk;
  let report: SeedReport;
  beforeAll(async () => {
    disk = new ProfileDisk();
    report = await runSeed(1, disk, null, bigScenario(150, 3));
  });
  afterAll(() => disk.dispose());

  test('all are launched, and no promise is broken', () => {
    expect(report.violation).toBeNull();
    expect(report.counts.get('launched: job')).toBe(150);
  });

  test('nearly all are judged and forgotten on the way', () => {
    expect(report.counts.get('judged and forgotten')).toBeGreaterThan(75);
  });
});
