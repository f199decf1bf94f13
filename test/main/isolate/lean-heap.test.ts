import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { letGoOf } from '#main/isolate/lean-heap.ts';

const mebibyte = 1 << 20;

const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

test('buffers that were let go of are collected, though they lie outside of the heap', async () => {
  const buffer = new WeakRef(new Uint8Array(mebibyte));
  // a target of a weak reference stays for the turn that it was made in
  await nextTurn();
  for (let done = 0; done < 64; done++) letGoOf(mebibyte);
  expect(buffer.deref()).toBe(undefined);
});

test('nobody else is given the collector', () => {
  for (let done = 0; done < 8; done++) letGoOf(mebibyte);
  expect(runInNewContext('typeof gc')).toBe('undefined');
});
