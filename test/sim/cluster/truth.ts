/** What really happened on a cluster, for invariants. All times are those of the world's clock, in milliseconds. */

export interface TrueSubmission {
  readonly token: string;
  readonly jobId: string;
  readonly at: number;
  readonly directory: string;
}

/** Why a job's script stopped. `exit` is its own doing. */
export type TrueCause =
  | 'exit'
  | 'walltime'
  | 'memory'
  | 'node-failure'
  | 'preempted'
  | 'requeued'
  | 'cancelled'
  | 'cancelled-by-admin'
  | 'reboot';

/** The calculation itself was begun: a job script got as far as its first program. */
export interface TrueExecution {
  readonly token: string;
  readonly jobId: string;
  readonly directory: string;
  readonly began: number;
  /** 0 for the first start of this job id, 1 after it was put back into the queue once, … */
  readonly restart: number;
  /** Whether the fence held this job's id at that moment. */
  readonly fenced: boolean;
  ended: number | null;
  /** Of the whole script; null while it runs and where it was killed. */
  exitStatus: number | null;
  cause: TrueCause | null;
}

export interface TrueDial {
  readonly at: number;
  readonly outcome: 'connected' | 'failed' | 'needs-person' | 'aborted';
}

export interface LiveWrapper {
  readonly token: string;
  readonly directory: string;
  readonly since: number;
}

/** So many of the work directories are candidates for whoever cleans up. */
const latest = 8;

/** Grows with everything that happens until somebody has judged it and lets it be forgotten. */
export class Truth {
  readonly dials: TrueDial[] = [];
  /** Times at which all jobs were asked for. */
  readonly listings: number[] = [];
  readonly liveWrappers = new Set<LiveWrapper>();
  /** Directories that were wiped, and when. */
  readonly wiped = new Map<string, number>();
  /** When accounting was asked about a job for the first time and did not answer, by job id. */
  readonly askedInVain = new Map<string, number>();
  /** How many jobs got an id that another job had before. */
  idsUsedAgain = 0;
  /** Work directories in which a submission was begun, the last of them. */
  directories: readonly string[] = [];
  readonly #submissionsOf = new Map<string, TrueSubmission[]>();
  readonly #executionsOf = new Map<string, TrueExecution[]>();
  /** The token of the last submission that got an id. */
  readonly #lastWith = new Map<string, string>();
  #newSubmissions: TrueSubmission[] = [];
  #newExecutions: TrueExecution[] = [];

  /** By attempt, those of the first attempt first. */
  get submissions(): readonly TrueSubmission[] {
    return [...this.#submissionsOf.values()].flat();
  }

  get executions(): readonly TrueExecution[] {
    return [...this.#executionsOf.values()].flat();
  }

  /** Those since the last call, in their order. */
  takeNew(): {
    readonly submissions: readonly TrueSubmission[];
    readonly executions: readonly TrueExecution[];
  } {
    if (this.#newSubmissions.length === 0 && this.#newExecutions.length === 0) return nothingNew;
    const taken = { submissions: this.#newSubmissions, executions: this.#newExecutions };
    this.#newSubmissions = [];
    this.#newExecutions = [];
    return taken;
  }

  submissionsOf(token: string): readonly TrueSubmission[] {
    return this.#submissionsOf.get(token) ?? [];
  }

  executionsOf(token: string): readonly TrueExecution[] {
    return this.#executionsOf.get(token) ?? [];
  }

  /** Executions whose fence did not hold their own id. */
  get beginsWithoutFence(): readonly TrueExecution[] {
    return this.executions.filter(({ fenced }) => !fenced);
  }

  /** Logins that did not succeed. */
  get failedLogins(): readonly TrueDial[] {
    return this.dials.filter(({ outcome }) => outcome !== 'connected');
  }

  noteDirectory(directory: string): void {
    this.directories = [...this.directories.filter((one) => one !== directory), directory].slice(-latest);
  }

  noteSubmission(submission: TrueSubmission): void {
    this.#newSubmissions.push(submission);
    entry(this.#submissionsOf, submission.token).push(submission);
    this.#lastWith.set(submission.jobId, submission.token);
  }

  noteExecution(execution: TrueExecution): void {
    this.#newExecutions.push(execution);
    entry(this.#executionsOf, execution.token).push(execution);
  }

  /** Whether its id was given to another job after it: the scheduler's books are open at that one's page. */
  isCovered({ token, jobId }: TrueExecution): boolean {
    const last = this.#lastWith.get(jobId);
    return last !== undefined && last !== token;
  }

  /** Nobody will ask for this attempt again. */
  forget(token: string): void {
    for (const { jobId } of this.submissionsOf(token))
      if (this.#lastWith.get(jobId) === token) this.#lastWith.delete(jobId);
    this.#submissionsOf.delete(token);
    this.#executionsOf.delete(token);
  }
}

const nothingNew = { submissions: [], executions: [] } as const;

function entry<T>(map: Map<string, T[]>, key: string): T[] {
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }
  return list;
}
