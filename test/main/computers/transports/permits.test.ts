import { expect, test } from 'vitest';
import { Permits } from '#main/computers/transports/permits.ts';

const signal = new AbortController().signal;

/** Uses all permits at once, so many times. */
async function use(permits: Permits, times: number): Promise<void> {
  for (let round = 0; round < times; round++) {
    const { limit } = permits;
    for (let one = 0; one < limit; one++) await permits.acquire(signal);
    for (let one = 0; one < limit; one++) permits.release();
  }
}

test('what a server has refused is tried again after a while, and ever more rarely where it refuses again', async () => {
  const permits = new Permits(4);
  permits.lower(2);
  expect(permits.limit).toBe(2);
  await use(permits, 31);
  expect(permits.limit).toBe(2);
  await use(permits, 1);
  expect(permits.limit).toBe(3);
  permits.lower(2);
  await use(permits, 32);
  expect(permits.limit).toBe(2);
  await use(permits, 32);
  expect(permits.limit).toBe(3);
  await use(permits, 1000);
  // never more than it began with
  expect(permits.limit).toBe(4);
});

test('a limit that was raised starts those that wait', async () => {
  const permits = new Permits(1);
  await permits.acquire(signal);
  let started = 0;
  for (let one = 0; one < 3; one++) void permits.acquire(signal).then(() => started++);
  permits.set(3);
  await Promise.resolve();
  expect([started, permits.used]).toEqual([2, 3]);
});
