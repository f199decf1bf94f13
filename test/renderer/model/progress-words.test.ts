import { expect, it } from 'vitest';
import { progressWords } from '#renderer/model/progress-words.ts';

it('says what is done and how much of it, with a unit', () => {
  expect(progressWords({ done: 120, total: 12_300, unit: 'nodes', words: 'Storing nodes' })).toBe(
    'Storing nodes · 120 of 12\u2009300 nodes',
  );
  expect(progressWords({ done: 1_500_000, total: 6_000_000, unit: 'bytes', words: '' })).toBe(
    '1.50 MB of 6.00 MB',
  );
  expect(progressWords({ done: 7, total: null, unit: 'files', words: '' })).toBe('7 files');
  expect(progressWords({ done: 0, total: null, unit: 'steps', words: 'Opening the archive' })).toBe(
    'Opening the archive',
  );
});
