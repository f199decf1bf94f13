import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJobId, readSlurmSubmission } from '#main/computers/schedulers/slurm/submission.ts';

describe('what sbatch says', () => {
  const said = (stderr: string, exitCode = 1, stdout = '') =>
    readSlurmSubmission({ exitCode, stdout, stderr });

  test.each([
    ['123\n', '123'],
    ['123;daint\n', '123;daint'],
    ['sbatch: a note of the site on standard output\n4242\n', '4242'],
  ])('%j is a job id', (stdout, id) => {
    expect(parseJobId(stdout)).toBe(id);
    expect(said('', 0, stdout)).toEqual({ kind: 'accepted', jobId: id });
  });

  test.each(['', 'Submitted batch job 12', '12 13', '-1', '12345678901'])('%j is none', (stdout) => {
    expect(parseJobId(stdout)).toBeNull();
    expect(said('', 0, stdout).kind).toBe('ambiguous');
  });

  const failed = 'sbatch: error: Batch job submission failed: ';
  test.each([
    ['Invalid account or account/partition combination specified', true],
    ['Invalid partition name specified', false],
    ['Invalid qos specification', false],
    ['Requested node configuration is not available', false],
    ['Requested time limit is invalid (missing or exceeds some limit)', false],
    ['Memory specification can not be satisfied', false],
    ['Node count specification invalid', false],
    ['More processors requested than permitted', false],
    ['User\u2019s group not permitted to use this partition', false],
    ['Access/permission denied', false],
  ])('“%s” is a refusal', (text, account) => {
    expect(said(`${failed}${text}\n`)).toMatchObject({ kind: 'refused', account });
    expect(said(`${failed}${text}\n`)).toHaveProperty('message', expect.stringContaining(text));
  });

  test.each([
    'sbatch: error: This does not look like a batch script.  The first\nsbatch: error: line must start with #! followed by the path to an interpreter.',
    'sbatch: unrecognized option --nonsense',
    'sbatch: error: Unable to open file run.sh',
    'sbatch: error: Batch script contains DOS line breaks (\\r\\n)',
    `sbatch: error: QOSMaxWallDurationPerJobLimit\n${failed}Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)`,
  ])('%j is a refusal', (text) => {
    expect(said(text).kind).toBe('refused');
  });

  test.each([
    `sbatch: error: QOSMaxSubmitJobPerUserLimit\n${failed}Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)`,
    `sbatch: error: AssocMaxSubmitJobLimit\n${failed}Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)`,
    `${failed}Slurm temporarily unable to accept job, sleeping and retrying`,
  ])('%j is a limit that passes', (text) => {
    expect(said(text).kind).toBe('held');
  });

  test('that it did not reach the controller means that nothing was accepted', () => {
    expect(said(`${failed}Unable to contact slurm controller (connect failure)`).kind).toBe('down');
    expect(said('sh: sbatch: not found', 127).kind).toBe('missing');
    // a site's own script around sbatch that failed after the job was taken
    expect(readSlurmSubmission({ exitCode: 127, stdout: '4711\n', stderr: 'log-usage: not found' })).toEqual({
      kind: 'accepted',
      jobId: '4711',
    });
  });

  test.each([
    `${failed}Socket timed out on send/recv operation`,
    `${failed}Zero Bytes were transmitted or received`,
    `${failed}Unexpected message received`,
    `${failed}Message receive failure`,
    'Killed',
    '',
    'something that no version has ever said',
  ])('%j leaves it open whether the job was accepted', (text) => {
    expect(said(text).kind).toBe('ambiguous');
  });

  test.each([
    // a warning on the way, and the request itself may have arrived
    `sbatch: error: slurm_set_addr: Unable to resolve "ctl2"\n${failed}Socket timed out on send/recv operation`,
    `sbatch: error: Invalid account\n${failed}Zero Bytes were transmitted or received`,
    `sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying\n${failed}Unexpected message received`,
    // the first controller may have taken it before it fell silent, and the second is not there
    `sbatch: error: slurm_receive_msgs: Socket timed out on send/recv operation\n${failed}Unable to contact slurm controller (connect failure)`,
    `sbatch: error: Munge encode failed: Invalid credential\n${failed}Zero Bytes were transmitted or received`,
  ])('%j is open, whatever else was said on the way', (text) => {
    expect(said(text).kind).toBe('ambiguous');
  });

  test.each([
    // what a site prints before each job is no verdict
    [
      `sbatch: access/permission denied for /scratch2: using /scratch1\n${failed}Unspecified error`,
      'ambiguous',
    ],
    [`sbatch: Note: invalid options are ignored: invalid partition\nKilled`, 'ambiguous'],
    [`sbatch: too many jobs make the queue slow\n${failed}Invalid partition name specified`, 'refused'],
    [
      `${failed}Invalid qos specification\nSee https://hpc.example.org/jobs, or ask: too many jobs?`,
      'refused',
    ],
    [`${failed}Invalid qos specification\nsbatch: see the manual: unable to resolve it?`, 'refused'],
    [`sbatch: unrecognized option '--nonsense'\nTry "sbatch --help" for more information`, 'refused'],
    ['sbatch: error: Invalid --time specification', 'refused'],
    ['the site refuses this: invalid account\n', 'refused'],
    [
      'sbatch: error: resolve_ctls_from_dns_srv: res_nsearch error: Unknown host\nsbatch: error: fetch_config: DNS SRV lookup failed\n' +
        'sbatch: fatal: Could not establish a configuration source',
      'down',
    ],
    [
      'sbatch: error: Munge encode failed: Failed to access "/run/munge/munge.socket.2"\n' +
        'sbatch: error: slurm_send_node_msg: auth_g_create: REQUEST_SUBMIT_BATCH_JOB has authentication error\n' +
        `${failed}Protocol authentication error`,
      'down',
    ],
  ])('of %j the last word of sbatch counts: %s', (text, kind) => {
    expect(said(text).kind).toBe(kind);
  });

  test('of one that was killed nothing is known, unless it had its answer', () => {
    expect(said('sbatch: error: Invalid account', 137).kind).toBe('ambiguous');
    expect(said(`${failed}Invalid account`, 137).kind).toBe('refused');
  });

  test('whatever is said before it, a request that timed out is open', () => {
    const chatter = fc.constantFrom(
      'sbatch: error: Unable to contact slurm controller (connect failure)',
      'sbatch: error: QOSMaxSubmitJobPerUserLimit',
      'sbatch: error: Invalid account or account/partition combination specified',
      'sbatch: Access/permission denied',
      'sbatch: unrecognized option',
      'too many jobs',
      `${failed}Invalid partition name specified`,
    );
    const silence = fc.constantFrom(
      `${failed}Socket timed out on send/recv operation`,
      `${failed}Zero Bytes were transmitted or received`,
      `${failed}Message receive failure`,
    );
    fc.assert(
      fc.property(fc.array(chatter), silence, fc.array(chatter), (before, timeout, after) => {
        expect(said([...before, timeout, ...after].join('\n')).kind).toBe('ambiguous');
      }),
    );
  });
});
