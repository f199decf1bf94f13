import { expect, test } from 'vitest';
import type { Clock } from '#shared/base/clock.ts';
import { watchForWake } from '#main/computers/wake-watch.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A machine that can sleep: timers and the steady clock stand still, the clock on the wall does not. */
class SleepyClock implements Clock {
  readonly timers = new VirtualClock();
  slept = 0;
  now = (): number => this.timers.now() + this.slept;
  monotonic = (): number => this.timers.monotonic();
  after = (ms: number, run: () => void): (() => void) => this.timers.after(ms, run);
}

test('eight hours of sleep are noticed within seconds, once', async () => {
  const clock = new SleepyClock();
  const woken: number[] = [];
  const stop = watchForWake(clock, (ms) => woken.push(ms));
  await clock.timers.advance(120_000);
  expect(woken).toEqual([]);
  clock.slept += 8 * 3_600_000;
  await clock.timers.advance(60_000);
  expect(woken).toEqual([8 * 3_600_000]);
  stop();
  expect(clock.timers.due).toEqual([]);
});

test('a process that was stopped finds out by its timer, which comes too late', async () => {
  const timers = new VirtualClock();
  let late = 0;
  const woken: number[] = [];
  const clock: Clock = {
    now: () => timers.now(),
    monotonic: () => timers.monotonic(),
    after: (ms, run) => timers.after(ms + late, run),
  };
  watchForWake(clock, (ms) => woken.push(ms));
  late = 40_000;
  await timers.advance(5000);
  late = 0;
  await timers.advance(120_000);
  expect(woken).toEqual([40_000]);
});

test('a busy machine and a clock that is set back are no sleep', async () => {
  const clock = new SleepyClock();
  const woken: number[] = [];
  watchForWake(clock, (ms) => woken.push(ms));
  clock.slept += 10_000;
  await clock.timers.advance(30_000);
  clock.slept -= 3_600_000;
  await clock.timers.advance(30_000);
  expect(woken).toEqual([]);
});
