import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { slurm } from '#main/computers/schedulers/slurm/slurm.ts';
import type { ExecAnswer } from '#main/computers/transport.ts';
import { fail, pathWith, refused, runSh, wide } from './fake-slurm.ts';

const jobs = ['11', '12'].map((jobId) => ({ jobId, directory: '/d' }));

/** The real script in a real shell, with fake commands of Slurm: sacct does as told, scontrol knows job 11 only. */
function ask(sacct: string | null, controls = true, before = wide): ExecAnswer {
  const scontrol = controls
    ? 'case $4 in 11) echo "JobId=11 JobState=TIMEOUT ExitCode=0:15";; *) echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1;; esac'
    : 'echo "slurm_load_jobs error: Unable to contact slurm controller (connect failure)" >&2; exit 1';
  const path = pathWith({ sacct, scontrol });
  const given = { bytes: new Uint8Array(0), noise: '', ms: 1 };
  try {
    return {
      ...given,
      exitCode: 0,
      stdout: runSh(`${before}${slurm.account(jobs).script}`, path),
      stderr: '',
    };
  } catch (thrown) {
    const { status, stdout, stderr } = thrown as { status: number; stdout: string; stderr: string };
    return { ...given, exitCode: status, stdout, stderr };
  }
}

const read = (answer: ExecAnswer) => slurm.readAccounting(answer, jobs);

describe('the question to accounting', () => {
  test('that is answered tells what accounting knows, and only that', () => {
    const found = read(ask("echo '12|TIMEOUT|1700000000|1700000060|0:0|n1'"));
    expect(found.get('12')).toMatchObject({ kind: 'final', cause: 'walltime' });
    expect(found.get('11')).toEqual({ kind: 'absent' });
    expect(read(ask(':')).get('12')).toEqual({ kind: 'absent' });
  });

  test('asks the controller about what is active in its books, and no more', () => {
    const active = (id: string): string => `echo '${id}|RUNNING|1700000000|Unknown|0:0|n1'`;
    expect(read(ask(`${active('11')}; ${active('12')}`))).toEqual(
      new Map([
        ['11', expect.objectContaining({ kind: 'final', cause: 'walltime' })],
        ['12', expect.objectContaining({ kind: 'runaway' })],
      ]),
    );
    expect(ask("echo '11|COMPLETED|1700000000|1700000060|0:0|n1'").stdout).toContain('@confirmed 0\n');
    // a controller that does not answer says nothing against it
    expect(read(ask(active('12'), false)).get('12')).toMatchObject({ kind: 'active', confirmed: false });
  });

  test.each([
    ['says that there is none', fail('Slurm accounting storage is disabled')],
    ['is not installed', null],
  ])('that %s leaves the controller', (_, sacct) => {
    const found = read(ask(sacct));
    expect(found.get('11')).toMatchObject({ kind: 'final', cause: 'walltime' });
    expect(found.get('12')).toEqual({ kind: 'unkept' });
  });

  test.each([
    [refused, 'sacct: error: Problem talking to the database: Connection refused'],
    ['sacct: error: Unable to connect to database: Unexpected missing socket error', undefined],
    [
      'sacct: error: slurm_persist_conn_open: Something happened with the receiving/processing of the persistent connection init message',
      undefined,
    ],
    ['sacct: fatal: Could not establish a configuration source: not found', undefined],
    [
      'sacct: error while loading shared libraries: libslurmfull.so: cannot open shared object file',
      undefined,
    ],
    ['', ''],
  ])('that fails otherwise (%s) leaves unknown what the controller has forgotten', (text, last = text) => {
    const found = read(ask(fail(text)));
    expect(found.get('11')).toMatchObject({ kind: 'final', cause: 'walltime' });
    expect(found.get('12')).toEqual({ kind: 'unreachable', message: last });
  });

  test.each([['Slurm accounting storage is disabled'], [refused]])(
    'is none where the controller does not answer either (%s)',
    (text) => {
      expect(() => read(ask(fail(text), false))).toThrow(expect.objectContaining({ code: 'scheduler-down' }));
    },
  );
});

test('a sacct that is not on the usual search path is looked for on that of login shells, before there is none', () => {
  expect(ask(null, true, '').exitCode).toBe(127);
  // one that is there and fails is not missing
  expect(read(ask(fail(refused), true, '')).get('12')).toMatchObject({ kind: 'unreachable' });
});

test.each([
  ['list', slurm.list(jobs).script, ['squeue']],
  ['account', slurm.account(jobs).script, ['sacct', 'scontrol']],
  ['look', slurm.findByToken('abc', null).script, ['squeue', 'sacct', 'sacctmgr', 'scontrol']],
  ['cancellation', slurm.cancel({ jobId: '11', directory: '/d', token: 'abc' }).script, ['scancel']],
])('no variable of a profile narrows what a %s sees', (_, script, commands) => {
  const left = 'env | grep -E "^(SQUEUE|SACCT|SCONTROL|SCANCEL)_|^SLURM_CLUSTERS=" >&3; exit 1';
  const env = {
    PATH: `${pathWith(Object.fromEntries(commands.map((name) => [name, left])))}:/usr/bin:/bin`,
    SQUEUE_PARTITION: 'debug',
    SQUEUE_STATES: 'RUNNING',
    SACCT_LOCAL: '1',
    SCONTROL_LOCAL: '1',
    SCANCEL_INTERACTIVE: '1',
    SCANCEL_PARTITION: 'debug',
    SLURM_CLUSTERS: 'other',
  };
  const { output } = spawnSync('/bin/sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  expect(String(output[3])).toBe('');
});
