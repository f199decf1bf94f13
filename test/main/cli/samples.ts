/** What commands are answered, for their tests. */
import type { ProcessRow } from '#shared/contract/areas/processes.ts';

export const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const row = (n: number, change: Partial<ProcessRow> = {}): ProcessRow => ({
  uuid: uuid(n),
  pk: n,
  kind: 'calculation-job',
  name: 'ArithmeticAddCalculation',
  label: '',
  state: 'finished',
  exitStatus: 0,
  activity: { step: '', words: '', reason: '', since: null, until: null },
  computer: 'localhost',
  caller: null,
  ctime: 0,
  mtime: 0,
  ...change,
});

export const noCounts = {
  created: 0,
  running: 0,
  waiting: 0,
  paused: 0,
  finished: 0,
  failed: 0,
  excepted: 0,
  killed: 0,
};
