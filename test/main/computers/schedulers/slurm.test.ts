import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cksum } from '#main/computers/shell/cksum.ts';
import { readTextFrame } from '#main/computers/shell/frame.ts';
import { slurm } from '#main/computers/schedulers/slurm/slurm.ts';
import { slurmCause, slurmState, slurmStates, slurmWord } from '#main/computers/schedulers/slurm/states.ts';
import { customLines, slurmTime } from '#main/computers/schedulers/slurm/directives.ts';
import type { ExecAnswer } from '#main/computers/transport.ts';

const answer = (stdout: string, exitCode = 0, stderr = ''): ExecAnswer => ({
  stdout,
  bytes: Buffer.from(stdout),
  exitCode,
  stderr,
  noise: '',
  ms: 1,
});

const queue = (...lines: string[]): ExecAnswer =>
  answer(`@queue ${lines.length}\n${lines.map((line) => `${line}\n`).join('')}`);

describe('a state of Slurm', () => {
  /** squeue(1), section JOB STATE CODES, of 22.05; and words that other versions print. */
  const manual =
    `BF BOOT_FAIL, CA CANCELLED, CD COMPLETED, CF CONFIGURING, CG COMPLETING, DL DEADLINE, F FAILED,
    NF NODE_FAIL, OOM OUT_OF_MEMORY, PD PENDING, PR PREEMPTED, R RUNNING, RD RESV_DEL_HOLD, RF REQUEUE_FED,
    RH REQUEUE_HOLD, RQ REQUEUED, RS RESIZING, RV REVOKED, SI SIGNALING, SE SPECIAL_EXIT, SO STAGE_OUT, ST STOPPED,
    S SUSPENDED, TO TIMEOUT`
      .split(',')
      .map((pair) => pair.trim().split(' '));

  test.each(manual)('%s or %s is known, by either name', (code = '', word = '') => {
    expect(slurmWord(code)).toBe(word);
    expect(slurmWord(word)).toBe(word);
  });

  test.each([
    ['CANCELLED by 1000', 'CANCELLED'],
    ['CANCELLED+', 'CANCELLED'],
    ['OUT_OF_ME+', 'OUT_OF_MEMORY'],
    ['COMPLETI+', 'COMPLETING'],
    ['NODE_F+', 'NODE_FAIL'],
  ])('“%s” is %s', (printed, word) => {
    expect(slurmWord(printed)).toBe(word);
  });

  test.each(['', 'COMPLET+', 'RE+', '+', 'DONE', 'constructor', '__proto__', 'FINISHED', 'X'])(
    '“%s” is unclear, and so no state and never an end',
    (printed) => {
      expect(slurmWord(printed)).toBeNull();
      expect(slurmState(printed, '')).toBe('undetermined');
      expect(slurmCause(printed)).toBeNull();
    },
  );

  test('means the end exactly where it is final', () => {
    for (const [word, { state, cause }] of Object.entries(slurmStates)) {
      expect([word, state === 'done']).toEqual([word, cause !== null]);
    }
    expect(slurmCause('TIMEOUT')).toBe('walltime');
    expect(slurmCause('OUT_OF_MEMORY')).toBe('memory');
    expect(slurmCause('NODE_FAIL')).toBe('node-failure');
    expect(slurmCause('CANCELLED by 0')).toBe('cancelled');
    expect(slurmCause('REVOKED')).toBeNull();
    expect(slurmCause('COMPLETING')).toBeNull();
  });

  test('is held where its reason says so', () => {
    expect(slurmState('PENDING', 'JobHeldUser')).toBe('queued held');
    expect(slurmState('PENDING', 'Dependency')).toBe('queued held');
    expect(slurmState('PENDING', 'Priority')).toBe('queued');
    expect(slurmState('REQUEUE_HOLD', '')).toBe('queued held');
  });
});

describe('a list of squeue', () => {
  test('gives facts with times, nodes and the reason', () => {
    const { jobs } = slurm.readListing(
      queue(
        '11|PENDING|N/A|N/A||Priority|t',
        '12|RUNNING|1700000000|1700003600|n[001-004]|None|t',
        '13;daint|TIMEOUT|1700000000|1700000060|n1|TimeLimit|t',
        '14_[1-3%2]|PENDING|N/A|N/A||JobArrayTaskLimit|t',
        '15|PENDING|1700009999|N/A||Nodes required for job are DOWN, DRAINED or reserved | for others|t',
      ),
    );
    expect(jobs.get('11')).toMatchObject({ state: 'queued', reason: 'Priority', nodes: undefined });
    expect(jobs.get('12')).toMatchObject({
      state: 'running',
      reason: '',
      nodes: 'n[001-004]',
      started: 1_700_000_000_000,
      ended: undefined,
    });
    expect(jobs.get('13;daint')).toMatchObject({ state: 'done', ended: 1_700_000_060_000 });
    expect(jobs.get('15')).toMatchObject({ state: 'queued', started: undefined });
    expect(jobs.get('15')?.reason).toContain('| for others');
  });

  test.each([
    '11_[0-20:4]|PENDING|N/A|N/A||JobHeldUser|t',
    '11_[1,3,5,7,11,13,17,19,23,29,31,37,41,43,47,53,59,61,67,71,73,79,8...]|PENDING|N/A|N/A||Priority|t',
    '11_[1-5%2];daint|PENDING|N/A|N/A||Resources|t',
    '11+0|RUNNING|1700000000|N/A|n1|None|t',
    '11_4|RUNNING|1700000000|N/A|n[1-2]|None|t',
  ])('is read beside a job of another kind (%s), which is not ours', (line) => {
    for (const lines of [
      ['12|RUNNING|1700000000|N/A|n1|None|t', line],
      [line, '12|RUNNING|1700000000|N/A|n1|None|t'],
    ])
      expect(slurm.readListing(queue(...lines)).jobs.get('12')).toMatchObject({ state: 'running' });
  });

  test('has the names of jobs, and one of somebody’s job may be any text', () => {
    const { jobs, names } = slurm.readListing(
      queue('4|PENDING|N/A|N/A||Priority|a', 'b|c', '', '12|RUNNING|1700000000|N/A|n1|None|tabc'),
    );
    expect([...jobs.keys()]).toEqual(['4', '12']);
    expect([names?.get('4'), names?.get('12')]).toEqual(['a', 'tabc']);
    expect(() => slurm.readListing(queue('4|PENDING|N/A|N/A||Priority|a', '12|RUNNING|1'))).toThrow(
      expect.objectContaining({ code: 'garbled-answer' }),
    );
  });

  test('that is empty is a list', () => {
    expect(slurm.readListing(queue()).jobs.size).toBe(0);
  });

  test.each([
    ['nothing at all', answer('')],
    ['a list without its count', answer('11|RUNNING|1|1|n|None|t\n')],
    ['fewer lines than counted', answer('@queue 2\n11|RUNNING|1|1|n|None|t\n')],
    ['more lines than counted', answer('@queue 0\n11|RUNNING|1|1|n|None|t\n')],
    ['a line that is cut off', answer('@queue 1\n11|RUNNING|1')],
    ['a line without all fields', answer('@queue 1\n11|RUNNING|1\n')],
    ['a line without an id', answer('@queue 1\n|RUNNING|1|1|n|None|t\n')],
    ['a message instead of a line', answer('@queue 1\nslurm_load_jobs error: Socket timed out\n')],
    ['an exit code', answer('', 1, 'slurm_load_jobs error: Unable to contact slurm controller')],
    ['a missing command', answer('', 127, 'squeue: not found')],
  ])('is refused where it is %s', (_, given) => {
    expect(() => slurm.readListing(given)).toThrow(expect.objectContaining({ family: 'operational' }));
  });

  test('that was cut or changed on its way never makes a job vanish', () => {
    const lines = [
      '11|RUNNING|1700000000|N/A|n1|None|t',
      '12|PENDING|N/A|N/A||Priority|t',
      '13|RUNNING|1|N/A|n2|None|t',
    ];
    const body = `@queue 3\n${lines.join('\n')}\n`;
    const sum = (text: string): string => `${cksum(Buffer.from(text))} ${text.length}`;
    const whole = Buffer.from(`\n@@stemma n1 begin@@\n${body}\n@@stemma n1 end 0 ${sum(`${body}.0`)}@@\n`);
    const change = fc.oneof(
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat(whole.length) }),
      fc.record({
        kind: fc.constant('byte' as const),
        at: fc.nat(whole.length - 1),
        value: fc.integer({ min: 0, max: 255 }),
      }),
      fc.record({
        kind: fc.constant('drop' as const),
        at: fc.nat(whole.length - 1),
        length: fc.integer({ min: 1, max: 60 }),
      }),
      fc.record({
        kind: fc.constant('insert' as const),
        at: fc.nat(whole.length),
        text: fc.string({ maxLength: 30 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let bytes: Buffer = Buffer.from(whole);
        for (const one of changes) {
          if (one.kind === 'cut') bytes = bytes.subarray(0, one.at);
          else if (one.kind === 'byte') bytes[Math.min(one.at, bytes.length - 1)] = one.value;
          else if (one.kind === 'drop') {
            bytes = Buffer.concat([bytes.subarray(0, one.at), bytes.subarray(one.at + one.length)]);
          } else
            bytes = Buffer.concat([bytes.subarray(0, one.at), Buffer.from(one.text), bytes.subarray(one.at)]);
        }
        const read = readTextFrame(bytes, 'n1');
        if ('kind' in read) return;
        let listing;
        try {
          listing = slurm.readListing(answer(Buffer.from(read.bytes).toString(), read.exitCode));
        } catch {
          return;
        }
        for (const id of ['11', '12', '13']) {
          expect(listing.jobs.has(id)).toBe(true);
          expect(listing.jobs.get(id)?.state).not.toBe('done');
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('accounting', () => {
  const jobs = ['11', '12', '13', '14'].map((jobId) => ({ jobId, directory: '/d' }));

  test('of sacct tells ends from jobs that are active and jobs that it does not know', () => {
    const found = slurm.readAccounting(
      answer(
        '@accounting 5\n11|COMPLETED|1700000000|1700000060|0:0|n1\n11.batch|COMPLETED|1|2|0:0|n1\n' +
          '12|CANCELLED by 1000|1700000000|1700000060|0:15|n1\n13|RUNNING|1700000000|Unknown|0:0|n1\n99|FAILED|1|2|1:0|n1\n',
      ),
      jobs,
    );
    expect(found.get('11')).toMatchObject({
      kind: 'final',
      cause: 'done',
      facts: { ended: 1_700_000_060_000 },
    });
    expect(found.get('12')).toMatchObject({ kind: 'final', cause: 'cancelled' });
    expect(found.get('13')).toMatchObject({ kind: 'active', facts: { state: 'running' } });
    expect(found.get('14')).toEqual({ kind: 'absent' });
    expect(found.size).toBe(4);
  });

  test('says of a job what stands there under its number and its name', () => {
    const named = ['11', '12', '13', '14'].map((jobId) => ({ jobId, directory: '/d', token: `t${jobId}` }));
    const found = slurm.readAccounting(
      answer(
        '@accounting 4\n11|COMPLETED|1|2|0:0|n1|t11\n12|COMPLETED|1|2|0:0|n1|relax\n' +
          '13|RUNNING|1|Unknown|0:0|n1|t13\n14|RUNNING|1|Unknown|0:0|n1|relax\n' +
          '@confirmed 2\nJobId=13 JobName=relax JobState=COMPLETED\nJobId=14 JobName=relax JobState=RUNNING\n',
      ),
      named,
    );
    expect([...found].map(([key, { kind }]) => [key, kind])).toEqual([
      ['t11', 'final'],
      ['t12', 'absent'],
      ['t13', 'runaway'],
      ['t14', 'absent'],
    ]);
    const controller = '1\nJobId=11 JobName=relax JobState=COMPLETED\n';
    for (const [text, kind] of [
      [`@controller ${controller}`, 'unkept'],
      [`@refusal 1\nrefused\n@remainder ${controller}`, 'unreachable'],
    ] as const)
      expect(slurm.readAccounting(answer(text), named).get('t11')).toMatchObject({ kind });
  });

  test('of the controller, where there is no other, says the same', () => {
    const found = slurm.readAccounting(
      answer(
        '@controller 4\nJobId=11 JobName=a JobState=FAILED Reason=NonZeroExitCode ExitCode=3:0 StartTime=1700000000 EndTime=1700000060 NodeList=vm\n' +
          'JobId=12 JobState=-\nJobId=13 JobState=COMPLETING Reason=None\nJobId=14 JobState=-\n',
      ),
      jobs,
    );
    expect(found.get('11')).toMatchObject({
      kind: 'final',
      cause: 'done',
      facts: { reason: 'exit code 3:0', nodes: 'vm' },
    });
    expect(found.get('12')).toEqual({ kind: 'unkept' });
    expect(found.get('13')).toMatchObject({ kind: 'active' });
  });

  test('that cannot be reached says nothing of the jobs that the controller has forgotten', () => {
    const found = slurm.readAccounting(
      answer(
        '@refusal 2\nsacct: error: failed to open persistent connection\nsacct: error: Problem talking to the database: Connection refused\n' +
          '@remainder 4\nJobId=11 JobState=TIMEOUT ExitCode=0:15 StartTime=1700000000 EndTime=1700000060\n' +
          'JobId=12 JobState=-\nJobId=13 JobState=RUNNING Reason=None\nJobId=14 JobState=-\n',
      ),
      jobs,
    );
    expect(found.get('11')).toMatchObject({ kind: 'final', cause: 'walltime' });
    expect(found.get('12')).toEqual({
      kind: 'unreachable',
      message: 'sacct: error: Problem talking to the database: Connection refused',
    });
    expect(found.get('13')).toMatchObject({ kind: 'active' });
    expect(found.get('14')).toMatchObject({ kind: 'unreachable' });
  });

  test('that did not answer, like the controller, says nothing', () => {
    for (const given of [
      answer('', 1, 'slurm_load_jobs error: Unable to contact slurm controller'),
      answer(''),
    ]) {
      expect(() => slurm.readAccounting(given, jobs)).toThrow(
        expect.objectContaining({ code: 'scheduler-down' }),
      );
    }
  });
});

describe('a look for a name', () => {
  test('finds a job in queue or accounting, once', () => {
    const found = slurm.readFound(
      answer(
        '@queue 1\n11|RUNNING|1700000000|N/A|n1|None|t\n@accounting 2\n11|RUNNING|1|Unknown|0:0|n1|t|here\n' +
          '12|FAILED|1|2|1:0|n1|t|here\n@here 1\nClusterName             = here\n@reach 1\nback 86460\n',
      ),
    );
    expect('jobs' in found && found.jobs.map(({ jobId }) => jobId).toSorted()).toEqual(['11', '12']);
  });

  test('is no look where the scheduler did not answer', () => {
    expect(slurm.readFound(answer('', 1, 'Socket timed out'))).toEqual({ unavailable: 'Socket timed out' });
    expect(() => slurm.readFound(answer(''))).toThrow(expect.objectContaining({ code: 'garbled-answer' }));
  });
});

test('the walltime is written as Slurm reads it', () => {
  expect([59, 3600, 86_399, 86_400, 90_061].map(slurmTime)).toEqual([
    '00:00:59',
    '01:00:00',
    '23:59:59',
    '1-00:00:00',
    '1-01:01:01',
  ]);
});

test('lines of one’s own must be directives', () => {
  expect(customLines('#SBATCH --gres=gpu:1\n\n# a comment\n')).toEqual([
    '#SBATCH --gres=gpu:1',
    '# a comment',
  ]);
  expect(() => customLines('rm -rf /')).toThrow(expect.objectContaining({ code: 'bad-options' }));
  expect(() => customLines('#SBATCH -A x\r')).toThrow(expect.objectContaining({ code: 'bad-options' }));
});
