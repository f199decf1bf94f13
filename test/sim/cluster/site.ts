/** What a site is like when nothing goes wrong. Times in milliseconds. */
export interface SiteRules {
  readonly scheduler: 'core.slurm' | 'core.direct';
  /** Jobs that run at once; without a scheduler every job runs at once. */
  readonly slots: number;
  /** Longest time for which the scheduler is down. */
  readonly outageMs: number;
  /** How many jobs of one account the scheduler takes, waiting and running; null: any number. */
  readonly maxQueued: number | null;
  /** Whether Slurm keeps accounts (`sacct`). */
  readonly accounting: boolean;
  /** So long after a change accounting still says what was before it. */
  readonly accountingLagMs: number;
  /** So long after its end a job is in the queue's list (`MinJobAge`). */
  readonly minJobAgeMs: number;
  /** So long after its end accounting forgets a job. */
  readonly accountingPurgeMs: number;
  /** At most so much later than it is made, another machine sees a file that is new or has changed. */
  readonly nfsDelayMs: number;
  /** The site's clock minus ours. */
  readonly clockSkewMs: number;
  /** The first job id, or the first process number of each machine without a scheduler. */
  readonly firstJobId: number;
  /** Numbers, as squeue prints them, of jobs of the account that others than Stemma have in the queue. */
  readonly otherJobs: readonly string[];
  /** After this number ids begin again at `firstJobId`; null: never. */
  readonly idWrapAt: number | null;
  /** Machines behind the one address; each login lands on any of them. */
  readonly loginNodes: number;
  /** Bytes of the work directories together; null: any number. */
  readonly quotaBytes: number | null;
  /** Of a question and its answer together. */
  readonly latencyMs: readonly [min: number, max: number];
  /** How long the programs of a job run. */
  readonly jobMs: readonly [min: number, max: number];
  /** For a job that does not ask for a time of its own. */
  readonly walltimeMs: number;
  /** Between two commands of a script that changes something: what happens elsewhere may come in between. */
  readonly stepMs: readonly [min: number, max: number];
  /** Commands that run at once on one connection. */
  readonly sessions: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;

export const usualSite: SiteRules = {
  scheduler: 'core.slurm',
  slots: 64,
  outageMs: 10 * minute,
  maxQueued: null,
  accounting: true,
  accountingLagMs: 5_000,
  minJobAgeMs: 5 * minute,
  accountingPurgeMs: 365 * day,
  nfsDelayMs: 0,
  clockSkewMs: 0,
  firstJobId: 1000,
  otherJobs: [],
  idWrapAt: null,
  loginNodes: 1,
  quotaBytes: null,
  latencyMs: [20, 120],
  jobMs: [minute, 60 * minute],
  walltimeMs: day,
  stepMs: [0, 20],
  sessions: 4,
};
