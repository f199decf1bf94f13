import type { Plant } from './plant.ts';

const submission = 'src-main/computers/submission';
const queue = 'src-main/computers/queue';
const slurm = 'src-main/computers/schedulers/slurm';

/** Faults in how computers are reached, and in how jobs are submitted and watched. */
export const atTheComputer: readonly Plant[] = [
  {
    name: 'no-look-before-submitting',
    file: `${submission}/wrapper.ts`,
    find: 'if error=$(mkdir ${folder} 2>&1); then',
    replace: 'mkdir -p ${folder}\nif :; then',
    says: 'The wrapper submits whether or not a submission was begun before.',
  },
  {
    name: 'no-fence',
    file: 'src-main/computers/job-script/sentinels.ts',
    find: '`[ "$stemma_owner" = "$stemma_job" ] || exit ${fenceExitCode}`,',
    replace: '',
    says: 'A job does not ask whether another job of its attempt, or a revocation, holds the fence.',
    where: ({ faults, site }) => faults.sbatchAcceptsLate > 0.1 && site.scheduler === 'core.slurm',
    first: 'doubt',
  },
  {
    name: 'absent-means-done',
    file: `${queue}/judge-end.ts`,
    find: 'return surelyGone ? lost(evidence) : wait;',
    replace: "return ended(evidence, 'done', null);",
    says: 'A job that is nowhere to be found counts as done.',
    where: ({ faults }) => faults.emptyListing > 0.15,
  },
  {
    name: 'scheduler-down-means-empty',
    file: `${slurm}/slurm.ts`,
    find: "if (answer.exitCode !== 0) throw refuse(answer);\n    const lines = readSections(answer, ['queue'])",
    replace:
      "if (answer.exitCode !== 0) return { jobs: new Map() };\n    const lines = readSections(answer, ['queue'])",
    says: 'A controller that does not answer counts as an empty queue.',
    where: ({ faults, site }) => faults.schedulerDown > 0.02 && site.scheduler === 'core.slurm',
    first: 'late-books',
  },
  {
    name: 'unconfirmed-means-void',
    file: `${submission}/decide-recovery.ts`,
    find: `    case 'unavailable':
      return {
        kind: 'wait',
        message: \``,
    replace: `    case 'unavailable':
      return {
        kind: 'void',
        message: \``,
    says: 'A submission of which nothing is known, because the scheduler cannot be asked, counts as one that never was.',
    where: ({ faults, site }) => faults.sbatchAcceptsLate > 0.1 && site.scheduler === 'core.slurm',
    first: 'doubt',
  },
  {
    name: 'revoke-skipped',
    file: `${submission}/decide-recovery.ts`,
    find: "if (directory) return { kind: 'revoke' };",
    replace: "if (directory) return { kind: 'void', message: 'It is in no list.' };",
    says: 'Two lists without the job are enough for a new attempt: the fence of the old one stays open.',
    where: ({ faults, site }) => faults.sbatchAcceptsLate > 0.1 && site.scheduler === 'core.slurm',
    first: 'doubt',
  },
  {
    name: 'accounting-not-asked',
    file: `${queue}/judge-end.ts`,
    find: "if (accounted === null) return { kind: 'ask-accounting' };",
    replace: 'if (accounted === null) return note === null ? lost(evidence) : ended(evidence, byNote, null);',
    says: 'A job that left the queue without a note is given up without asking accounting.',
    where: ({ faults, site }) =>
      faults.walltimeKill + faults.memoryKill > 0.1 && site.scheduler === 'core.slurm' && site.accounting,
    first: 'late-books',
  },
  {
    name: 'requeued-means-ended',
    file: `${queue}/judge-end.ts`,
    find: "cause === 'node-failure' || facts.schedulerState.startsWith('PREEMPTED');",
    replace: 'cause === facts.schedulerState;',
    says: 'A job that lost its node or its place ends at once, although the scheduler puts it back into the queue.',
    where: ({ faults, site }) => faults.preempt + faults.nodeFails > 0.2 && site.scheduler === 'core.slurm',
    first: 'returns',
  },
  {
    name: 'no-patience-for-notes',
    file: 'src-main/computers/patience.ts',
    find: 'notesMs: 60_000',
    replace: 'notesMs: 0',
    says: 'A file server that lags behind makes a good job end as one without an end.',
    where: ({ site }) =>
      site.nfsDelayMs > 10_000 && site.jobMs[1] < 60_000 && site.scheduler === 'core.slurm',
  },
  {
    name: 'no-patience-for-accounting',
    file: 'src-main/computers/patience.ts',
    find: 'accountingMs: 600_000',
    replace: 'accountingMs: 0',
    says: 'A job that accounting does not know yet is lost at once.',
    where: ({ faults, site }) =>
      faults.walltimeKill + faults.memoryKill > 0.1 && site.scheduler === 'core.slurm',
  },
  {
    name: 'clock-of-the-site-believed',
    file: `${queue}/queue-monitor.ts`,
    find: 'goneForMs: clock.monotonic() - (job.goneSince ?? 0),',
    replace: 'goneForMs: clock.now() - (job.lastSeen?.started ?? clock.now()),',
    says: 'How long a job is gone is reckoned from a time by the clock of the site.',
    where: ({ site }) => site.clockSkewMs !== 0,
  },
  {
    name: 'held-means-refused',
    file: `${slurm}/submission.ts`,
    find: "if (says(holds)) return { kind: 'held', message };",
    replace: "if (says(holds)) return { kind: 'refused', message, account: false };",
    says: 'A limit on how many jobs one may have ends the process.',
    where: ({ site }) => site.maxQueued !== null && site.scheduler === 'core.slurm',
  },
  {
    name: 'timeout-means-down',
    file: `${slurm}/submission.ts`,
    find: "return { kind: 'ambiguous', message: message || `sbatch ended with exit code ${exitCode}` };",
    replace: "return { kind: 'down', message };",
    says: 'An sbatch that failed in any way counts as one that was never heard.',
    where: ({ faults, site }) => faults.sbatchTimesOutButAccepts > 0.1 && site.scheduler === 'core.slurm',
    first: 'doubt',
  },
  {
    name: 'cancel-not-heard',
    file: `${slurm}/slurm.ts`,
    find: 'if (answer.exitCode !== 0 && !over) throw refuse(answer);',
    replace: 'void over;',
    says: 'A cancellation that the scheduler did not take counts as taken.',
    where: ({ faults, site }) => faults.schedulerDown > 0.03 && site.scheduler === 'core.slurm',
    first: 'late-books',
  },
  {
    name: 'dial-storm',
    file: 'src-main/computers/connection/backoff.ts',
    find: 'Math.min(limitMs, firstMs * 2 ** Math.min(failures - 1, 10)) * spread',
    replace: '1000 * spread * Math.min(1, limitMs * firstMs * failures)',
    says: 'A computer that cannot be reached is dialled every second.',
    where: ({ faults }) => faults.dialFails > 0.5,
    first: 'away',
  },
  {
    name: 'logs-in-again-by-itself',
    file: 'src-main/computers/connection/computer-connection.ts',
    find: 'isTransportCause(error.code) &&\n      transportCauses[error.code].needsPerson',
    replace: 'isTransportCause(error.code) &&\n      transportCauses[error.code].needsPerson && this.#closed',
    says: 'A login that only a person can mend is tried again by itself.',
    where: ({ faults }) => faults.dialNeedsPerson > 0.1,
    first: 'away',
  },
  {
    name: 'no-dial-after-waiting',
    file: 'src-main/computers/connection/computer-connection.ts',
    find: "this.#cancelTimer = null;\n      this.#enter({ kind: 'idle' });\n      this.#dialIfWanted();\n    });",
    replace: 'this.#cancelTimer = null;\n    });',
    says: 'After a dial that failed there is no other.',
    where: ({ faults }) => faults.dialFails > 0.2,
    first: 'away',
  },
  {
    name: 'looks-without-rest',
    file: `${queue}/queue-monitor.ts`,
    find: 'Math.max(0, this.#interval() - since)',
    replace: 'Math.min(1000, Math.max(0, this.#interval() - since))',
    says: 'The queue is listed every second.',
  },
  {
    name: 'partial-retrieval',
    file: 'src-main/computers/files/retrieve.ts',
    find: 'if (wrong.length === 0) {',
    replace: 'if (wrong.length < manifest.files.length || wrong.length === 0) {',
    says: 'A retrieval is taken for complete although files of it did not arrive as they are.',
    where: ({ faults }) => faults.bitFlip > 0.05,
  },
  {
    name: 'same-directory-again',
    file: 'src-main/computers/work-directory.ts',
    find: '/a${attempt}`;',
    replace: '/a${Math.min(attempt, 1)}`;',
    says: 'A new attempt uses the directory of the old one.',
    where: ({ faults }) => faults.wrapperKilledMidway > 0.1,
    first: 'doubt',
  },
];
