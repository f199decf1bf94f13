import type { StemmaError } from '#shared/base/errors.ts';
import type { JobFacts } from '../../../engine/ports.ts';
import { transportError } from '../../transport-error.ts';
import type { ExecAnswer } from '../../transport.ts';
import { shellQuote } from '../../shell/quote.ts';
import { readSections } from '../read-lines.ts';
import { isSameJob, keyOf } from '../same-job.ts';
import type { Accounted, FoundJob, Scheduler } from '../scheduler.ts';
import { afterSacct, slurmAccount, slurmCancel, slurmList, unkept } from './commands.ts';
import { slurmDirectives } from './directives.ts';
import { foundId, slurmFind, whyForgotten } from './find-by-name.ts';
import { slurmCause, slurmState } from './states.ts';
import { readSlurmSubmission } from './submission.ts';

/** Seconds since 1970 as milliseconds; `N/A`, `Unknown` and 0 are no time. */
function time(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,11}$/.test(text) ? Number(text) * 1000 : undefined;
}

const host = (text: string | undefined): string | undefined =>
  text === undefined || text === '' || text === '(null)' || text === 'None assigned' ? undefined : text;

/**
 * `id|state|start|end|nodes|reason|name`. The list has all jobs of the account, and some have a number of another form
 * than ours: `11_[0-20:4]` and `11_[1,3,5...]` are arrays, `11+0` is a part of a job of several kinds.
 */
const queueFields = /^([^|\s][^|]*)\|([A-Z_+]+)\|([^|]*)\|([^|]*)\|([^|]*)\|(.*)\|([^|]*)$/;

/** @throws StemmaError `garbled-answer` */
function readQueue(lines: readonly string[]): FoundJob[] {
  const jobs: FoundJob[] = [];
  for (const line of lines) {
    const job = queueLine(line);
    if (job !== null) jobs.push(job);
    // the name of somebody's job may have line breaks; a line of one of ours begins with a number
    else if (jobs.length === 0 || /^\d+(;[\w.-]+)?\|/.test(line)) {
      throw transportError('garbled-answer', {
        message: 'A line of the queue cannot be read.',
        details: line.slice(0, 200),
      });
    }
  }
  return jobs;
}

function queueLine(line: string): FoundJob | null {
  const fields = queueFields.exec(line);
  if (fields === null) return null;
  const [, jobId = '', word = '', started, ended, nodes, reason = '', name] = fields;
  const state = slurmState(word, reason);
  const isQueued = state === 'queued' || state === 'queued held';
  const facts: JobFacts = {
    state,
    schedulerState: word,
    reason: reason === 'None' ? '' : reason,
    nodes: host(nodes),
    started: isQueued ? undefined : time(started),
    // for a job that waits Slurm prints when it means to start it
    expectedStart: isQueued ? time(started) : undefined,
    ended: state === 'done' ? time(ended) : undefined,
    raw: line,
  };
  return { jobId, facts, name };
}

/** `id|state|start|end|exit|nodes|name|cluster`, the last of them only in a look by name; steps and the parts of arrays are not jobs of ours. */
function accountLine(line: string): (FoundJob & { readonly cluster: string | undefined }) | null {
  const [jobId = '', word = '', started, ended, exit, nodes, name, cluster] = line.split('|');
  if (!/^\d+$/.test(jobId)) return null;
  const facts: JobFacts = {
    state: slurmState(word, ''),
    schedulerState: word,
    reason: exit === undefined || exit === '0:0' ? '' : `exit code ${exit}`,
    nodes: host(nodes),
    started: time(started),
    ended: time(ended),
    raw: line,
  };
  return { jobId, facts, name, cluster };
}

/** `JobId=1 JobName=x JobState=FAILED StartTime=… ExitCode=1:0` of scontrol; `JobState=-` where it does not know the job. */
function controllerLine(
  line: string,
): FoundJob | (Omit<FoundJob, 'facts'> & { readonly facts: null }) | null {
  const field = (name: string): string | undefined => new RegExp(`(?:^| )${name}=(\\S*)`).exec(line)?.[1];
  const jobId = field('JobId');
  const word = field('JobState');
  if (jobId === undefined || word === undefined) return null;
  if (word === '-') return { jobId, facts: null, name: undefined };
  const exit = field('ExitCode');
  const facts: JobFacts = {
    state: slurmState(word, field('Reason') ?? ''),
    schedulerState: word,
    reason: exit === undefined || exit === '0:0' ? '' : `exit code ${exit}`,
    nodes: host(field('NodeList')),
    started: time(field('StartTime')),
    ended: time(field('EndTime')),
    raw: line,
  };
  return { jobId, facts, name: field('JobName') };
}

/** What was said under a number, and what that leaves of a job of that number and another name. */
interface Told {
  readonly name: string | undefined;
  readonly said: Accounted;
  readonly otherwise: Accounted;
}

function accounted(facts: JobFacts, confirmed: boolean): Accounted {
  const cause = slurmCause(facts.schedulerState);
  return cause === null ? { kind: 'active', facts, confirmed } : { kind: 'final', facts, cause };
}

const lastOf = (lines: readonly string[]): string => lines.at(-1)?.slice(0, 300) ?? '';

/** The answer was no list: the controller is down, or the commands are missing. */
function refuse(answer: ExecAnswer): StemmaError {
  const details = (answer.stderr.trim() || answer.stdout.trim()).slice(0, 500);
  if (answer.exitCode === 127) {
    return transportError('scheduler-missing', {
      message: 'Slurm’s commands are not on the search path there.',
      hint: 'Does the site want a module loaded first? Is it the right computer, or the direct scheduler?',
      details,
    });
  }
  return transportError('scheduler-down', {
    message: 'Slurm does not answer.',
    hint: 'Jobs go on by themselves. Stemma asks again later.',
    details,
  });
}

/** Slurm, by the commands that every version since 14 has. */
export const slurm: Scheduler = {
  type: 'core.slurm',
  name: 'Slurm',
  directives: slurmDirectives,
  // not where the script lies (a spool folder of slurmd), and not where --chdir may lead
  identify: ['cd "$SLURM_SUBMIT_DIR" || exit 98', 'stemma_job=$SLURM_JOB_ID'],

  submitCommand: (token, script) =>
    `sbatch --parsable --job-name=${shellQuote(token)} --comment=${shellQuote(`stemma ${token}`)} ${shellQuote(script)}`,
  readSubmission: readSlurmSubmission,

  list: slurmList,
  readListing(answer) {
    if (answer.exitCode !== 0) throw refuse(answer);
    const lines = readSections(answer, ['queue']).get('queue') ?? [];
    const jobs = readQueue(lines);
    return {
      jobs: new Map(jobs.map(({ jobId, facts }) => [jobId, facts])),
      names: new Map(jobs.map(({ jobId, name = '' }) => [jobId, name])),
    };
  },

  keepsAccounts: true,
  account: slurmAccount,
  readAccounting(answer, jobs) {
    if (answer.exitCode !== 0) throw refuse(answer);
    const sections = readSections(answer, []);
    if (sections.size === 0) throw refuse(answer);
    const unknown = {
      accounting: { kind: 'absent' },
      controller: { kind: 'unkept' },
      remainder: { kind: 'unreachable', message: lastOf(sections.get('refusal') ?? []) },
    } as const satisfies Readonly<Record<string, Accounted>>;
    const found = new Map<string, Told>();
    for (const line of sections.get('accounting') ?? []) {
      const one = accountLine(line);
      if (one === null) continue;
      const { name, facts } = one;
      found.set(one.jobId, { name, said: accounted(facts, false), otherwise: unknown.accounting });
    }
    for (const line of sections.get('confirmed') ?? []) {
      const one = controllerLine(line);
      const booked = one === null ? undefined : found.get(one.jobId);
      if (one === null || booked?.said.kind !== 'active') continue;
      // another job that has the number now says as much as none
      const said: Accounted =
        one.facts === null || (one.name ?? booked.name) !== (booked.name ?? one.name)
          ? { kind: 'runaway', facts: booked.said.facts }
          : accounted(one.facts, true);
      found.set(one.jobId, { ...booked, said });
    }
    for (const section of ['controller', 'remainder'] as const) {
      const otherwise = unknown[section];
      for (const line of sections.get(section) ?? []) {
        const one = controllerLine(line);
        if (one === null) continue;
        const said = one.facts === null ? otherwise : accounted(one.facts, true);
        found.set(one.jobId, { name: one.name, said, otherwise });
      }
    }
    return new Map(
      jobs.map((job) => {
        const told = found.get(job.jobId.split(';')[0] ?? '');
        if (told === undefined) return [keyOf(job), unknown.accounting];
        return [keyOf(job), isSameJob(job, told.name) ? told.said : told.otherwise];
      }),
    );
  },

  findByToken: slurmFind,
  readFound(answer) {
    if (answer.exitCode !== 0) return { unavailable: refuse(answer).details ?? 'Slurm does not answer' };
    const sections = readSections(answer, ['queue']);
    const jobs = new Map<string, FoundJob>();
    for (const line of sections.get('accounting') ?? []) {
      const one = accountLine(line);
      if (one === null) continue;
      const { facts, name } = one;
      const jobId = foundId(one.jobId, one.cluster, sections.get('here')?.[0]);
      jobs.set(jobId, { jobId, facts, name });
    }
    for (const one of readQueue(sections.get('queue') ?? [])) jobs.set(one.jobId, one);
    const refusal = sections.get('refusal');
    // a job that is there is there, whoever does not answer
    return refusal !== undefined && jobs.size === 0
      ? { unavailable: lastOf(refusal) }
      : { jobs: [...jobs.values()], forgets: whyForgotten(sections) };
  },

  cancel: slurmCancel,
  readCancel(answer) {
    // a job that has ended cannot be cancelled, and need not be
    const over = /invalid job id|already complet|job\/step already/i.test(answer.stderr);
    if (answer.exitCode !== 0 && !over) throw refuse(answer);
  },

  probe: {
    script: `command -v sbatch squeue scancel scontrol >/dev/null || exit 127
sinfo --version || exit 1
if out=$(sacct --noheader --allocations --starttime=now 2>&1); then echo 'with accounting'
else ${afterSacct} ${unkept} echo 'without accounting';; (*) echo 'its accounting does not answer';; esac; fi`,
  },
};
