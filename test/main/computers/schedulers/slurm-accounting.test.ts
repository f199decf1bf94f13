import { execFileSync, spawnSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { slurm } from '#main/computers/schedulers/slurm/slurm.ts';
import { wideMark } from '#main/computers/schedulers/session.ts';
import type { ExecAnswer } from '#main/computers/transport.ts';
import { findProgram } from '../../../support/programs.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const jobs = ['11', '12'].map((jobId) => ({ jobId, directory: '/d' }));

/** What sacct of Slurm 23.11 prints where slurmdbd is not there. */
const refused = `sacct: error: slurm_persist_conn_open_without_init: failed to open persistent connection to host:db:6819: Connection refused
sacct: error: Sending PersistInit msg: Connection refused
sacct: error: Problem talking to the database: Connection refused`;

/** A search path with what the scripts need, these commands, and no Slurm of this machine. */
function pathWith(commands: Readonly<Record<string, string | null>>): string {
  const folder = temporaryFolder();
  for (const tool of ['cat', 'grep', 'id', 'wc'])
    symlinkSync(findProgram(tool) ?? `no ${tool}`, join(folder, tool));
  for (const [name, lines] of Object.entries(commands))
    if (lines !== null) writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return folder;
}

const runSh = (script: string, path: string): string =>
  execFileSync('/bin/sh', { input: script, encoding: 'utf8', env: { PATH: path }, stdio: 'pipe' });

/** What the session puts before a script once it uses the search path of login shells. */
const wide = `${wideMark}=yes\n`;

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

const fail = (text: string, code = 1): string => `cat >&2 <<'END'\n${text}\nEND\nexit ${code}`;
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
  expect(() => runSh(slurm.findByToken('abc', 60).script, pathWith({ sacct: null, squeue: ':' }))).toThrow(
    expect.objectContaining({ status: 127 }),
  );
  // one that is there and fails is not missing
  expect(read(ask(fail(refused), true, '')).get('12')).toMatchObject({ kind: 'unreachable' });
});

test.each([
  ['list', slurm.list(jobs).script, ['squeue']],
  ['account', slurm.account(jobs).script, ['sacct', 'scontrol']],
  ['look', slurm.findByToken('abc', 60).script, ['squeue', 'sacct']],
  ['cancellation', slurm.cancel({ jobId: '11', directory: '/d' }).script, ['scancel']],
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

describe('a look for a name', () => {
  /** What comes of it where squeue prints these lines, and accounting does as told. */
  function find(sacct: string | null, queued = ':', ageSeconds: number | null = 60) {
    const stdout = runSh(
      `${wide}${slurm.findByToken('abc', ageSeconds).script}`,
      pathWith({ sacct, squeue: queued }),
    );
    return slurm.readFound({ bytes: new Uint8Array(0), noise: '', ms: 1, exitCode: 0, stdout, stderr: '' });
  }

  test.each([
    [fail('Slurm accounting storage is disabled'), false],
    [null, false],
    [':', true],
  ])(
    'is complete where accounting answers, or none is kept (%s), and only the former remembers (%s)',
    (sacct, remembers) => {
      expect(find(sacct)).toEqual({ jobs: [], remembers });
    },
  );

  test.each([
    [refused, 'sacct: error: Problem talking to the database: Connection refused'],
    ['sacct: fatal: Could not establish a configuration source: not found', undefined],
    ['Too wide of a date range in query', undefined],
  ])(
    'that accounting refuses (%s) finds a job that is in the queue, and else is none',
    (text, last = text) => {
      expect(find(fail(text))).toEqual({ unavailable: last });
      expect(find(fail(text), "echo '12|PENDING|N/A|N/A||Priority|t'")).toMatchObject({
        jobs: [{ jobId: '12', facts: { state: 'queued' } }],
      });
    },
  );

  test('goes back a day before the submission, for sites that do not let everybody look further', () => {
    const strict = `case " $* " in *" --starttime=now-86700seconds "*) ;; *) ${fail('Too wide of a date range in query').replaceAll('\n', '\n')}
;; esac`;
    expect(find(strict, ':', 300)).toEqual({ jobs: [], remembers: true });
    expect(find(strict, ':', null)).toHaveProperty('unavailable');
  });
});
