import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostTogether, nextBatchLimit } from '#main/engine/batch-limit.ts';

test('commits shrink to what fits into a frame, and grow again when there is more to do than they take', () => {
  expect(nextBatchLimit(100, 100, 160)).toBe(10);
  expect(nextBatchLimit(10, 10, 15)).toBe(20);
  expect(nextBatchLimit(10, 3, 1)).toBe(10);
  expect(nextBatchLimit(mostTogether, mostTogether, 0)).toBe(mostTogether);
});

test('however long a commit takes, the next one takes something and never too much', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: mostTogether }),
      fc.integer({ min: 1, max: mostTogether }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      (limit, together, tookMs) => {
        const next = nextBatchLimit(limit, Math.min(limit, together), tookMs);
        expect(Number.isInteger(next)).toBe(true);
        expect(next).toBeGreaterThanOrEqual(1);
        expect(next).toBeLessThanOrEqual(mostTogether);
      },
    ),
  );
});
