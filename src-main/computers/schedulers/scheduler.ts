/**
 * What differs between schedulers, as pure functions: texts to run and how to read what they print. Nothing here talks
 * to a computer.
 */
import type { ComputerConfig } from '#shared/contract/areas/computers.ts';
import type { JobOptions } from '#shared/process/job-options.ts';
import type { JobFacts, JobObservation } from '../../engine/ports.ts';
import type { ExecAnswer } from '../transport.ts';
import type { JobResources } from './resources.ts';

export type SchedulerType = ComputerConfig['scheduler'];

/** What the head of a job script says to the scheduler; paths relative to the work directory. */
export interface DirectiveRequest {
  readonly options: JobOptions;
  readonly resources: JobResources;
  /** kB (1024 bytes). */
  readonly memoryKb: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the submit command said. */
export type Submission =
  | { readonly kind: 'accepted'; readonly jobId: string }
  /** Definite, and the same job would be refused again. */
  | { readonly kind: 'refused'; readonly message: string; readonly account: boolean }
  /** Definite for now: a limit of the site on how many jobs one may have. */
  | { readonly kind: 'held'; readonly message: string }
  /** The scheduler was not reached, so nothing was accepted. */
  | { readonly kind: 'down'; readonly message: string }
  /** The command is not there. */
  | { readonly kind: 'missing'; readonly message: string }
  /** It may have been accepted. */
  | { readonly kind: 'ambiguous'; readonly message: string };

/** A job that is or was ours, for a look at all of them. */
export interface WatchedJob {
  readonly jobId: string;
  readonly directory: string;
  /** Its name in the scheduler, for one that knows names; where it is not given the number alone counts. */
  readonly token?: string;
}

/** With the name by which alone a number is known to be ours. */
export type NamedJob = WatchedJob & { readonly token: string };

/** A listing that was proved to be complete: what is not in it is not in the queue. */
export interface QueueListing {
  readonly jobs: ReadonlyMap<string, JobFacts>;
  /** Those of them that were not found, though nobody else can be asked: they may have ended, or not. */
  readonly strayed?: ReadonlySet<string>;
  /** The names of the jobs, by number, where the scheduler knows names. */
  readonly names?: ReadonlyMap<string, string>;
}

export type EndCause = Extract<JobObservation, { kind: 'ended' }>['cause'];

/** What the scheduler remembers of a job that has left the queue. */
export type Accounted =
  | { readonly kind: 'final'; readonly facts: JobFacts; readonly cause: EndCause }
  /** It is there after all; `confirmed`: by the word of the controller itself, not of its books alone. */
  | { readonly kind: 'active'; readonly facts: JobFacts; readonly confirmed: boolean }
  /** Accounting shows it as active, and the controller, which would have to know it then, does not. */
  | { readonly kind: 'runaway'; readonly facts: JobFacts }
  /** Accounting has answered, and does not know it. */
  | { readonly kind: 'absent' }
  /** The site says that it keeps no accounts, and the controller does not know the job any more. */
  | { readonly kind: 'unkept' }
  /** Accounting could not be asked, so nothing is known; and the controller does not know the job any more. */
  | { readonly kind: 'unreachable'; readonly message: string };

/** A job that a search by its token has found. */
export interface FoundJob {
  readonly jobId: string;
  readonly facts: JobFacts;
  /** Its name in the scheduler; undefined where that was not said. */
  readonly name?: string | undefined;
}

/**
 * Jobs with a name, from queue and accounting. That there are none is known only where both could be asked; that there
 * never were any only where nothing is forgotten. `forgets`: why a job that has ended may not be among them, a clause for
 * the end of a sentence; null where it would be.
 */
export type LookUp =
  { readonly jobs: readonly FoundJob[]; readonly forgets: string | null } | { readonly unavailable: string };

/** The clause where no accounts are kept. */
export const nothingRemembers = 'nothing here remembers jobs that have ended';

/** When a submission was begun at the earliest. */
export interface LookBack {
  /** By the clock of whoever noted it; not below 0. */
  readonly agoSeconds: number;
  /** Where that was another clock than the computer's: since 1970, to be compared with the computer's own. */
  readonly epochSeconds?: number;
}

/** A command and what it reads. */
export interface Question {
  readonly script: string;
  readonly input?: Uint8Array;
}

/** What differs between schedulers: texts to run, and how to read what they print. Pure; asks nothing itself. */
export interface Scheduler {
  readonly type: SchedulerType;
  /** `Slurm` */
  readonly name: string;

  /** Lines right after the shebang. @throws StemmaError `bad-options` */
  directives(request: DirectiveRequest): readonly string[];
  /** sh for the job script: goes to the work directory, unless a directive did, and sets `stemma_job` to the job's id. */
  readonly identify: readonly string[];

  /** sh, run in the work directory with the account's own environment; prints what `readSubmission` reads. */
  submitCommand(token: string, script: string): string;
  readSubmission(answer: Pick<ExecAnswer, 'exitCode' | 'stdout' | 'stderr'>): Submission;

  /** One question for all jobs. */
  list(jobs: readonly WatchedJob[]): Question;
  /** @throws StemmaError `scheduler-down`, `scheduler-missing`, `garbled-answer`: then nothing is known */
  readListing(answer: ExecAnswer): QueueListing;

  /** Whether a scheduler of this kind can remember how a job ended. Whether this site does, `readAccounting` tells. */
  readonly keepsAccounts: boolean;
  account(jobs: readonly WatchedJob[]): Question;
  /** By `keyOf` a job. @throws as `readListing` */
  readAccounting(answer: ExecAnswer, jobs: readonly WatchedJob[]): ReadonlyMap<string, Accounted>;

  /** @param since null where it is not known: then what is not found may be there */
  findByToken(token: string, since: LookBack | null): Question;
  readFound(answer: ExecAnswer): LookUp;

  cancel(job: NamedJob): Question;
  /** @throws StemmaError where the job may not have been told */
  readCancel(answer: ExecAnswer, job: WatchedJob): void;

  /** For the test of a computer: prints a version; exit code 127 where a command is missing. */
  readonly probe: Question;
}
