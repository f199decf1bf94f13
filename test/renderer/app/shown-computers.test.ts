import { expect, it } from 'vitest';
import { shownComputers } from '#renderer/app/frame/shown-computers.ts';

const computer = (uuid: string, connection: 'idle' | 'connected' | 'needs-you', jobs = 0) => ({
  uuid,
  label: uuid,
  connection,
  message: '',
  jobs,
  waiting: 0,
  unreachableSince: null,
  nextAttempt: null,
});

it('the status bar shows the computers that want a person or have jobs, and counts the rest', () => {
  const all = [
    computer('a', 'idle'),
    computer('b', 'connected', 2),
    computer('c', 'connected', 9),
    computer('d', 'needs-you'),
  ];
  expect(shownComputers(all, 4)).toEqual({ shown: all, more: 0 });
  const { shown, more } = shownComputers(all, 3);
  expect([shown.map(({ uuid }) => uuid), more]).toEqual([['c', 'd'], 2]);
});
