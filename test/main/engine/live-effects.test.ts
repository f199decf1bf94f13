import { expect, it } from 'vitest';
import { deferred } from '#shared/base/deferred.ts';
import type { NodeId } from '#shared/provenance/ids.ts';
import { LiveEffects } from '#main/engine/live-effects.ts';
import { settle, VirtualClock } from '../../support/virtual-clock.ts';

it('an effect that was suspended and resumed begins again only when its first run has ended', async () => {
  const process = 1 as NodeId;
  const runs: { readonly end: () => void; readonly signal: AbortSignal }[] = [];
  const effects = new LiveEffects(
    new VirtualClock(),
    () => true,
    (_, signal) => {
      const done = deferred<void>();
      runs.push({ end: () => done.resolve(), signal });
      return done.promise;
    },
  );
  effects.add(process, { kind: 'upload', number: 1 }, 0, null);
  await settle();
  effects.suspend(process);
  effects.resume(process);
  await settle();
  expect(runs).toHaveLength(1);
  expect(runs[0]?.signal.aborted).toBe(true);
  runs[0]?.end();
  await settle();
  expect(runs).toHaveLength(2);
  expect(runs[1]?.signal.aborted).toBe(false);
  runs[1]?.end();
  await effects.stop();
});

it('of thousands a few start in each turn, in their order, and none that was removed meanwhile', async () => {
  const turns: (() => void)[] = [];
  const clock = {
    now: () => 0,
    monotonic: () => 0,
    after(_: number, run: () => void) {
      turns.push(run);
      return () => {};
    },
  };
  const nextTurn = async (): Promise<void> => {
    turns.shift()?.();
    await settle();
  };
  const started: number[] = [];
  const effects = new LiveEffects(
    clock,
    () => true,
    ({ process }) => {
      started.push(process);
      return Promise.resolve();
    },
  );
  const count = 1000;
  for (let i = 1; i <= count; i++) {
    effects.add(i as NodeId, { kind: 'watch', number: 1 }, 0, null, true);
  }
  expect(effects.keysOf(count as NodeId)).toHaveLength(1);
  const [last = ''] = effects.keysOf(count as NodeId);
  await nextTurn();
  const first = started.length;
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(count / 2);
  effects.remove(last);
  while (turns.length > 0) await nextTurn();
  expect(started).toEqual(Array.from({ length: count - 1 }, (_, i) => i + 1));
  await effects.stop();
});

it('a sleep whose end came during a pause ends when it is resumed, and one whose end is to come keeps its time', async () => {
  const clock = new VirtualClock();
  const process = 1 as NodeId;
  const woken: number[] = [];
  let paused = false;
  const effects = new LiveEffects(
    clock,
    () => !paused,
    ({ effect }) => {
      woken.push(effect.number);
      return Promise.resolve();
    },
  );
  effects.add(process, { kind: 'wake', number: 1 }, clock.now() + 1000, null);
  effects.add(process, { kind: 'wake', number: 2 }, clock.now() + 9000, null);
  paused = true;
  effects.suspend(process);
  await clock.advance(5000);
  expect(woken).toEqual([]);
  paused = false;
  effects.resume(process);
  await settle();
  expect(woken).toEqual([1]);
  await clock.advance(4000);
  expect(woken).toEqual([1, 2]);
  await effects.stop();
});
