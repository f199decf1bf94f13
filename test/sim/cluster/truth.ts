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

/** Grows with everything that happens, and is only to be read from outside. */
export class Truth {
  readonly submissions: TrueSubmission[] = [];
  readonly executions: TrueExecution[] = [];
  readonly dials: TrueDial[] = [];
  /** Times at which all jobs were asked for. */
  readonly listings: number[] = [];
  readonly liveWrappers = new Set<LiveWrapper>();
  /** Directories that were wiped, and when. */
  readonly wiped = new Map<string, number>();
  bytesWritten = 0;
  readonly #submissionsOf = new Map<string, TrueSubmission[]>();
  readonly #executionsOf = new Map<string, TrueExecution[]>();

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

  noteSubmission(submission: TrueSubmission): void {
    this.submissions.push(submission);
    entry(this.#submissionsOf, submission.token).push(submission);
  }

  noteExecution(execution: TrueExecution): void {
    this.executions.push(execution);
    entry(this.#executionsOf, execution.token).push(execution);
  }
}

function entry<T>(map: Map<string, T[]>, key: string): T[] {
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }
  return list;
}
