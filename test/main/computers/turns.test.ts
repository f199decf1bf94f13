import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deferred } from '#shared/base/deferred.ts';
import { newUuid } from '#shared/provenance/ids.ts';
import { Turns } from '#main/computers/turns.ts';
import { JobBench } from '../../support/job-bench.ts';
import { until } from '../../support/programs.ts';
import { settle, VirtualClock } from '../../support/virtual-clock.ts';

const never = new AbortController().signal;
const far = { type: 'core.ssh', host: 'far' } as never;

/** Work that lasts until it is told to end. */
function longWork() {
  const end = deferred<string>();
  let begun = false;
  return {
    work: () => {
      begun = true;
      return end.promise;
    },
    end: () => end.resolve('done'),
    get begun() {
      return begun;
    },
  };
}

describe('what only so many jobs may do at once on a computer', () => {
  const setUp = (maxTransfers: number | null = null) => {
    const clock = new VirtualClock();
    const turns = new Turns(clock, { maxTransfers, transport: far });
    const take = (kind: 'transfer' | 'submission', signal = never) => {
      const process = newUuid();
      const long = longWork();
      const done = turns.take(kind, kind === 'transfer' ? 'upload' : 'submit', process, signal, long.work);
      return { process, long, done };
    };
    return { clock, turns, take };
  };

  test('is done by three at once, and the others wait for them, in their order, and say so', async () => {
    const { clock, turns, take } = setUp();
    const first = [take('transfer'), take('transfer'), take('transfer')];
    await clock.advance(5000);
    const [fourth, fifth] = [take('transfer'), take('transfer')];
    await settle();
    expect(turns.steps).toEqual({ upload: 3, 'waiting for other transfers': 2 });
    expect(first.map(({ process }) => turns.of(process))).toEqual([null, null, null]);
    expect(turns.of(fourth.process)).toEqual({ kind: 'transfer', others: 3, since: clock.now() });
    let changes = 0;
    turns.changes.on(() => changes++);
    first[0]?.long.end();
    await settle();
    expect(changes).toBeGreaterThan(0);
    expect([fourth.long.begun, fifth.long.begun]).toEqual([true, false]);
    expect(turns.of(fourth.process)).toBeNull();
    expect(turns.steps).toEqual({ upload: 3, 'waiting for other transfers': 1 });
    for (const { long } of [...first, fourth, fifth]) long.end();
    expect(await Promise.all([...first, fourth, fifth].map(({ done }) => done))).toEqual(
      Array.from({ length: 5 }, () => 'done'),
    );
    expect(turns.steps).toEqual({});
  });

  test('is submitting or transferring, and none of the one waits for the other', async () => {
    const { turns, take } = setUp(1);
    const [upload, submission] = [take('transfer'), take('submission')];
    await settle();
    expect([upload.long.begun, submission.long.begun]).toEqual([true, true]);
    const second = take('submission');
    await settle();
    expect(turns.of(second.process)).toMatchObject({ kind: 'submission', others: 1 });
    expect(turns.steps).toEqual({ upload: 1, submit: 1, 'waiting for other submissions': 1 });
  });

  test('is waited for by nobody who has given up, nor by more than a new limit lets wait', async () => {
    const { turns, take } = setUp(1);
    const working = take('transfer');
    const abort = new AbortController();
    const impatient = take('transfer', abort.signal);
    const patient = take('transfer');
    await settle();
    abort.abort(new Error('killed'));
    await expect(impatient.done).rejects.toThrow('killed');
    expect(turns.of(impatient.process)).toBeNull();
    turns.set({ maxTransfers: 2, transport: far });
    await settle();
    expect([impatient.long.begun, patient.long.begun]).toEqual([false, true]);
    for (const { long } of [working, patient]) long.end();
    await Promise.all([working.done, patient.done]);
    expect(turns.steps).toEqual({});
  });

  test('and that fails gives its turn to the next', async () => {
    const { turns, take } = setUp(1);
    const failing = turns.take('transfer', 'retrieve', newUuid(), never, () =>
      Promise.reject(new Error('disk full')),
    );
    const next = take('transfer');
    await expect(failing).rejects.toThrow('disk full');
    await settle();
    expect(next.long.begun).toBe(true);
  });
});

test('a job is submitted while an upload that lasts holds up the uploads of others', async () => {
  const root = mkdtempSync(join(tmpdir(), 'stemma-turns-'));
  const bench = new JobBench({
    config: { transport: { type: 'core.local' }, scheduler: 'core.direct', maxTransfers: 1 },
    root,
    knownHosts: join(root, 'known'),
  });
  onTestFinished(() => {
    bench.close();
    rmSync(root, { recursive: true, force: true });
  });
  const ready = bench.attempt();
  const directory = await bench.upload(ready, 'true');

  // a file that comes when it is let
  const file = new Readable({ read: () => {} });
  const { hash, size } = await bench.repository.putBytes(Buffer.from('large'));
  const { repository } = bench;
  const stream = repository.stream.bind(repository);
  repository.stream = (wanted, ...range) => (wanted === hash ? file : stream(wanted, ...range));
  const large = bench.attempt();
  const plan = {
    files: [{ path: 'large', hash, size, executable: false }],
    remoteCopies: [],
    remoteSymlinks: [],
    script: 'large',
  };
  const uploaded = bench.jobs.upload(large, plan, never);
  const held = bench.attempt();
  const alsoUploaded = bench.upload(held, 'true');
  await until('one uploads and one waits for it', () => bench.runtime.turns.of(held.process) !== null);
  expect(bench.runtime.queue.steps).toEqual({ upload: 1, 'waiting for other transfers': 1 });
  expect(await bench.submit(ready, directory)).toMatchObject({ kind: 'accepted' });
  expect(bench.runtime.turns.of(held.process)).toMatchObject({ kind: 'transfer', others: 1 });
  file.push('large');
  file.push(null);
  await Promise.all([uploaded, alsoUploaded]);
  expect(bench.runtime.queue.steps).toEqual({});
});
