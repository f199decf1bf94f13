import type { JobFacts } from '../../../engine/ports.ts';
import { cannotStartExitCode } from '../../job-script/sentinels.ts';
import { commandFailed } from '../../shell/remote-errors.ts';
import { shellQuote } from '../../shell/quote.ts';
import { transportError } from '../../transport-error.ts';
import type { ExecAnswer } from '../../transport.ts';
import { readSections } from '../read-lines.ts';
import { keyOf } from '../same-job.ts';
import { nothingRemembers, type Accounted, type Scheduler } from '../scheduler.ts';
import { directCancel, directList, directSubmit } from './commands.ts';

/** Takes away everything that a login or Stemma itself has set. */
const clearEnvironment = [
  "for name in $(env | sed -n 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p'); do",
  '  case $name in HOME|USER|LOGNAME|SHELL|PATH) ;; *) unset "$name";; esac',
  'done',
  'PATH=/usr/local/bin:/usr/bin:/bin',
];

/** A profile that was read before may have gone elsewhere. The files for output, opened next, are in the work directory. */
const goToScript = `case $0 in */*) cd "\${0%/*}" || exit ${cannotStartExitCode};; esac`;

const facts = (state: JobFacts['state'], word: string, reason = ''): JobFacts => ({
  state,
  schedulerState: word,
  reason,
});

/** `pid|state`; null for a process that is no more. */
function listLine(line: string): readonly [jobId: string, facts: JobFacts | null] {
  const fields = /^(\d+)\|(running|suspended|elsewhere|strayed|unseen|gone)$/.exec(line);
  if (fields === null) {
    throw transportError('garbled-answer', {
      message: 'A line of the list of processes cannot be read.',
      details: line.slice(0, 200),
    });
  }
  const [, jobId = '', word] = fields;
  switch (word) {
    case 'running':
      return [jobId, facts('running', word)];
    case 'suspended':
      return [jobId, facts('suspended', word)];
    case 'elsewhere':
      return [jobId, facts('undetermined', word, 'it was started on another machine of this name')];
    case 'strayed':
      return [
        jobId,
        facts('undetermined', word, 'it began when this machine had another name, and is not found'),
      ];
    case 'unseen':
      return [jobId, facts('undetermined', word, 'its work directory cannot be read')];
    default:
      return [jobId, null];
  }
}

const failed = (answer: ExecAnswer): Error =>
  commandFailed('Looking at the processes', answer.exitCode, answer.stderr);

/** @param here the computer is this machine itself */
const directOn = (here: boolean): Scheduler => ({
  type: 'core.direct',
  name: 'direct',
  directives({ options, resources, stdout, stderr }) {
    const lines = options.import_sys_environment ? [goToScript] : [goToScript, ...clearEnvironment];
    // appended to: a job that the fence ends must not wipe out the output of the one that runs
    lines.push(`exec >> ${shellQuote(stdout)}`, `exec 2>> ${shellQuote(stderr)}`);
    if (resources.coresPerMpiproc !== null) lines.push(`export OMP_NUM_THREADS=${resources.coresPerMpiproc}`);
    const custom = options.custom_scheduler_commands;
    return custom.trim() === '' ? lines : [...lines, custom];
  },
  identify: ['stemma_job=$$'],

  submitCommand: directSubmit,
  readSubmission({ exitCode, stdout, stderr }) {
    const pid = stdout.trim();
    if (exitCode === 0 && /^\d{1,10}$/.test(pid)) return { kind: 'accepted', jobId: pid };
    return { kind: 'ambiguous', message: stderr.trim().slice(0, 500) || `exit code ${exitCode}` };
  },

  list: (jobs) => directList(jobs, here),
  readListing(answer) {
    if (answer.exitCode !== 0) throw failed(answer);
    const jobs = new Map<string, JobFacts>();
    const strayed = new Set<string>();
    for (const line of readSections(answer, ['queue']).get('queue') ?? []) {
      const [jobId, found] = listLine(line);
      if (found !== null) jobs.set(jobId, found);
      if (found?.schedulerState === 'strayed') strayed.add(jobId);
    }
    return { jobs, strayed };
  },

  keepsAccounts: false,
  account: () => ({ script: ':' }),
  readAccounting: (_answer, jobs) =>
    new Map(jobs.map((job): [string, Accounted] => [keyOf(job), { kind: 'absent' }])),

  // a process has no name to be found by: whether it ran is told by the fence
  findByToken: () => ({ script: ':' }),
  readFound: () => ({ jobs: [], forgets: nothingRemembers }),

  cancel: (job) => directCancel(job, here),
  readCancel(answer, { jobId }) {
    if (answer.exitCode === 0) return;
    const [, there, at] = /^elsewhere (\S+) (\S+)$/m.exec(answer.stderr) ?? [];
    if (there !== undefined && at !== undefined) {
      throw transportError('other-login-node', {
        message: `Process ${jobId} runs on ${there}, and this connection leads to ${at}.`,
        hint: `Log in to ${there} and end it with “kill -- -${jobId}”; or kill it here once more, which no longer waits for it.`,
      });
    }
    const [, here] = /^wiped (\S+)$/m.exec(answer.stderr) ?? [];
    if (here !== undefined) {
      throw transportError('other-login-node', {
        message: `Process ${jobId} is not found on ${here}, and its work directory, which told where it runs, is gone.`,
        hint: 'It may have ended, or run on another login node. Kill it here once more, which no longer waits for it.',
      });
    }
    throw transportError('command-failed', {
      message: 'The process could not be ended.',
      details: answer.stderr.trim().slice(0, 500),
    });
  },

  probe: { script: 'command -v ps sleep uname >/dev/null || exit 127\nuname -sr' },
});

/** No scheduler: a job is a process in the background. */
export const direct = directOn(false);
/** The same on this machine itself. */
export const directHere = directOn(true);
