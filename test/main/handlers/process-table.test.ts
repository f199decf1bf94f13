import { expect, test } from 'vitest';
import { withHeldComputers } from '#main/handlers/process-table.ts';
import type { ProcessRow } from '#shared/contract/areas/processes.ts';

const row = (computer: string, words: string): ProcessRow => ({
  uuid: crypto.randomUUID(),
  pk: 1,
  kind: 'calculation-job',
  name: 'ShellJob',
  label: '',
  state: words === '' ? 'finished' : 'waiting',
  exitStatus: null,
  activity: { step: 'upload', words, reason: '', since: 5, until: null },
  computer,
  caller: null,
  ctime: 1,
  mtime: 1,
});

test('a job that waits for its computer says why, and nobody else does', () => {
  const rows = [row('cluster', 'uploading'), row('localhost', 'uploading'), row('cluster', '')];
  const window = { total: 3, counts: {} as never, rows };
  const held = new Map([['cluster', 'cluster is paused']]);
  expect(withHeldComputers(window, held).rows.map(({ activity }) => activity.reason)).toEqual([
    'cluster is paused',
    '',
    '',
  ]);
});
