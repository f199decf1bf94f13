import { expect, test } from 'vitest';
import { withHeldComputers, withLooks } from '#main/handlers/process-table.ts';
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
  const window = { total: 3, counts: {} as never, needsYou: 0, rows };
  const held = new Map([['cluster', 'cluster is paused']]);
  expect(withHeldComputers(window, held).rows.map(({ activity }) => activity.reason)).toEqual([
    'cluster is paused',
    '',
    '',
  ]);
});

test('a row says how old it is, when its job may start, and that it needs a person', () => {
  const queued = row('cluster', 'in queue');
  const rows = [
    { ...queued, activity: { ...queued.activity, step: 'queue' } },
    row('cluster', 'running'),
    row('far', 'uploading'),
    { ...row('far', 'uploading'), state: 'paused' as const },
    row('far', ''),
  ];
  const window = { total: 5, counts: {} as never, needsYou: 0, rows };
  const looks = new Map([
    [rows[0]?.uuid, { seen: 100, isOld: false, expectedStart: 900 }],
    [rows[1]?.uuid, { seen: 100, isOld: true, expectedStart: null }],
  ]);
  const need = { processes: [rows[1]?.uuid ?? ''], computers: ['far'] };
  const told = withLooks(
    window,
    (process) => looks.get(process) ?? null,
    () => null,
    need,
  ).rows.map(({ activity: { until, untilWords, seen, needsYou } }) => ({
    until,
    untilWords,
    seen,
    needsYou,
  }));
  expect(told).toEqual([
    { until: 900, untilWords: 'expected to start' },
    { until: null, seen: 100, needsYou: true },
    { until: null, needsYou: true },
    { until: null },
    { until: null },
  ]);
});

test('a row that waits for its turn says for what, unless its computer holds it back', () => {
  const rows = [row('cluster', 'uploading'), row('cluster', 'submitting'), row('far', 'uploading')];
  const held = withHeldComputers(
    { total: 3, counts: {} as never, needsYou: 0, rows },
    new Map([['far', 'far is paused']]),
  );
  const turns = new Map([
    [rows[0]?.uuid, { kind: 'transfer', others: 3, since: 70 } as const],
    [rows[1]?.uuid, { kind: 'submission', others: 1, since: 80 } as const],
    [rows[2]?.uuid, { kind: 'transfer', others: 3, since: 90 } as const],
  ]);
  const need = { processes: [], computers: [] };
  const told = withLooks(
    held,
    () => null,
    (process) => turns.get(process) ?? null,
    need,
  ).rows.map(({ activity: { words, reason, since } }) => [words, reason, since]);
  expect(told).toEqual([
    ['waits', 'for 3 other transfers', 70],
    ['waits', 'for 1 other submission', 80],
    ['uploading', 'far is paused', 5],
  ]);
});
