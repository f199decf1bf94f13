import { describe, expect, it } from 'vitest';
import type { ProcessRow, ProcessTableItem } from '#shared/contract/areas/processes.ts';
import { foldWindow, windowLimit, windowOffset } from '#renderer/model/table-window.ts';

const counts = {
  created: 0,
  running: 0,
  waiting: 0,
  paused: 0,
  finished: 0,
  failed: 0,
  excepted: 0,
  killed: 0,
};

const row = (pk: number, label = ''): ProcessRow => ({
  uuid: `uuid-${pk}`,
  pk,
  kind: 'calculation-job',
  name: 'PwCalculation',
  label,
  state: 'running',
  exitStatus: null,
  activity: { step: '', words: '', reason: '', since: null, until: null },
  computer: '',
  caller: null,
  ctime: 0,
  mtime: 0,
});

const first: ProcessTableItem = {
  kind: 'window',
  total: 9,
  counts,
  needsYou: 0,
  order: [3, 2, 1],
  rows: [1, 2, 3].map((pk) => row(pk)),
};

describe('the window of the table of processes', () => {
  it('takes a whole window as it is', () => {
    const window = foldWindow(undefined, first, 40);
    expect(window).toMatchObject({ offset: 40, total: 9, order: [3, 2, 1] });
    expect([...window.rows.keys()].toSorted()).toEqual([1, 2, 3]);
  });

  it('changes only the rows that changed, and keeps the identity of the others', () => {
    const before = foldWindow(undefined, first, 0);
    const after = foldWindow(
      before,
      { kind: 'change', total: 9, counts, needsYou: 0, order: null, rows: [row(2, 'new')] },
      0,
    );
    expect(after.rows.get(2)?.label).toBe('new');
    expect(after.rows.get(3)).toBe(before.rows.get(3));
    expect(after.order).toEqual([3, 2, 1]);
  });

  it('follows a new order and forgets the rows that left', () => {
    const before = foldWindow(undefined, first, 0);
    const after = foldWindow(
      before,
      { kind: 'change', total: 10, counts, needsYou: 0, order: [4, 3, 2], rows: [row(4)] },
      0,
    );
    expect(after.order).toEqual([4, 3, 2]);
    expect([...after.rows.keys()].toSorted()).toEqual([2, 3, 4]);
    expect(after.total).toBe(10);
  });
});

describe('which window to ask for', () => {
  it('stays while the screen and a margin are inside', () => {
    expect(windowOffset(0, 0, 30)).toBe(0);
    expect(windowOffset(0, 100, 130)).toBe(0);
  });

  it('moves so that the screen is in its middle', () => {
    const offset = windowOffset(0, 500, 530);
    expect(offset).toBeLessThan(500 - 40);
    expect(offset + windowLimit).toBeGreaterThan(530 + 40);
  });

  it('never begins before the first row, and is stable where it has arrived', () => {
    expect(windowOffset(960, 3, 33)).toBe(0);
    const offset = windowOffset(0, 5000, 5040);
    expect(windowOffset(offset, 5000, 5040)).toBe(offset);
  });
});
