import { expect, test } from 'vitest';
import { Emitter } from '#shared/base/emitter.ts';
import { live } from '#main/handlers/live.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

test('a live value is given at once, and again when it differs: many changes are one', async () => {
  const clock = new VirtualClock();
  const changes = new Emitter<void>();
  const abort = new AbortController();
  let value = 1;
  const got: number[] = [];
  const done = (async () => {
    for await (const item of live(clock, abort.signal, [changes], () => value, { coalesceMs: 50 }))
      got.push(item);
  })();
  await clock.advance(0);
  for (const next of [2, 3, 4]) {
    value = next;
    changes.emit();
  }
  await clock.advance(50);
  expect(got).toEqual([1, 4]);
  changes.emit();
  await clock.advance(1000);
  expect(got).toEqual([1, 4]);
  // after a quiet time nobody waits
  value = 5;
  changes.emit();
  await clock.advance(0);
  expect(got).toEqual([1, 4, 5]);
  abort.abort();
  await clock.advance(0);
  await done;
  expect(changes.size).toBe(0);
});

test('a live value with a time in it is looked at again by itself', async () => {
  const clock = new VirtualClock();
  const abort = new AbortController();
  const got: number[] = [];
  void (async () => {
    const pace = { coalesceMs: 50, refreshMs: 5000 };
    for await (const item of live(clock, abort.signal, [], () => clock.monotonic(), pace)) got.push(item);
  })();
  await clock.advance(11_000);
  abort.abort();
  expect(got).toEqual([0, 5000, 10_000]);
});
