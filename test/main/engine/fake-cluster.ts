import type { Attempt, JobHost, JobObservation, UploadPlan } from '#main/engine/ports.ts';
import { operationalError } from '#shared/base/errors.ts';
import { jobFiles } from '#shared/process/job-options.ts';
import type { ObjectStore } from '#main/engine/ports.ts';

/** What survives our death: directories, and jobs by token. */
export interface ClusterState {
  readonly uploads: Map<string, UploadPlan>;
  readonly jobs: Map<string, FakeJob>;
  /** How often the job of each token ran. */
  readonly runs: Map<string, number>;
  /** How the next jobs end, in the order in which they are submitted; what comes after them ends well. */
  readonly endings: Ending[];
}

interface FakeJob {
  readonly id: string;
  readonly directory: string;
  readonly ending: Ending;
  cancelled: boolean;
}

/** What the fake lets happen to a job. */
export interface Ending {
  readonly cause: Extract<JobObservation, { kind: 'ended' }>['cause'] | 'refused' | 'account';
  /** Of the command of a shell job; none is left where the job was cut off. */
  readonly status?: number;
  /** More files in the work directory, by their names. */
  readonly files?: Readonly<Record<string, string>>;
}

export const newCluster = (): ClusterState => ({
  uploads: new Map(),
  jobs: new Map(),
  runs: new Map(),
  endings: [],
});

export interface ClusterFaults {
  /** Operations throw this code the next n times. */
  readonly failures: Map<
    'upload' | 'submit' | 'retrieve' | 'cancel',
    { readonly code: string; times: number }
  >;
  /** Jobs do not end by themselves. */
  holdJobs: boolean;
}

/** A fake cluster: the behaviour of a job host without a computer. It adds numbers instead of running bash. */
export class FakeCluster implements JobHost {
  readonly state: ClusterState;
  readonly faults: ClusterFaults = { failures: new Map(), holdJobs: false };
  readonly #objects: ObjectStore;
  readonly #watchers = new Map<string, (observation: JobObservation) => void>();

  constructor(state: ClusterState, objects: ObjectStore) {
    this.state = state;
    this.#objects = objects;
  }

  #fail(operation: 'upload' | 'submit' | 'retrieve' | 'cancel'): void {
    const failure = this.faults.failures.get(operation);
    if (failure === undefined || failure.times === 0) return;
    failure.times--;
    throw operationalError({ code: failure.code, message: `${operation} failed` });
  }

  async upload(attempt: Attempt, plan: UploadPlan) {
    this.#fail('upload');
    const directory = `/scratch/${attempt.process}/a${attempt.number}`;
    this.state.uploads.set(directory, plan);
    return { directory, waits: null };
  }

  async place(): Promise<void> {}

  async submit(attempt: Attempt, directory: string) {
    this.#fail('submit');
    const known = this.state.jobs.get(attempt.token);
    if (known !== undefined) return { kind: 'accepted', jobId: known.id, recovered: true } as const;
    const id = String(1000 + this.state.jobs.size);
    const ending = this.state.endings.shift() ?? { cause: 'done' };
    if (ending.cause === 'refused' || ending.cause === 'account') {
      const message = 'sbatch: error: Batch job submission failed';
      return { kind: 'refused', message, account: ending.cause === 'account' } as const;
    }
    this.state.jobs.set(attempt.token, { id, directory, ending, cancelled: false });
    this.state.runs.set(attempt.token, (this.state.runs.get(attempt.token) ?? 0) + 1);
    return { kind: 'accepted', jobId: id, recovered: false } as const;
  }

  watch(
    attempt: Attempt,
    _job: object,
    onObservation: (observation: JobObservation) => void,
    signal: AbortSignal,
  ): void {
    const facts = { state: 'running', schedulerState: 'RUNNING', reason: '' } as const;
    this.#watchers.set(attempt.token, onObservation);
    signal.addEventListener('abort', () => this.#watchers.delete(attempt.token), { once: true });
    setTimeout(() => {
      if (signal.aborted) return;
      onObservation({ kind: 'seen', facts });
      if (!this.faults.holdJobs) this.finish(attempt.token);
    }, 1);
  }

  /** Ends a job that is watched. */
  finish(token: string): void {
    const cause = this.state.jobs.get(token)?.ending.cause ?? 'done';
    if (cause === 'refused' || cause === 'account') throw new Error('A job that was never accepted');
    const facts = { state: 'done', schedulerState: cause.toUpperCase(), reason: '' } as const;
    this.#watchers.get(token)?.({
      kind: 'ended',
      cause,
      facts: cause === 'done' ? { ...facts, exitStatus: 0 } : facts,
    });
    this.#watchers.delete(token);
  }

  async retrieve({ token }: Attempt, directory: string, patterns: readonly string[]) {
    this.#fail('retrieve');
    const plan = this.state.uploads.get(directory);
    const input = plan?.files.find(({ path }) => path === 'aiida.in');
    const files = [];
    const ending = this.state.jobs.get(token)?.ending;
    const status = ending?.cause === 'done' ? { '_stemma-exit-status.txt': `${ending.status ?? 0}\n` } : {};
    for (const [path, text] of Object.entries({
      'stdout.txt': '',
      'stderr.txt': '',
      ...status,
      ...ending?.files,
    })) {
      if (!patterns.includes(path)) continue;
      files.push({ path, ...(await this.#objects.putBytes(new TextEncoder().encode(text))) });
    }
    if (input !== undefined && ending?.cause === 'done' && ending.files?.['aiida.out'] === undefined) {
      const text = new TextDecoder().decode(await this.#objects.bytes(input.hash));
      const [, x, y] = /\(\((-?\d+) \+ (-?\d+)\)\)/.exec(text) ?? [];
      const stored = await this.#objects.putBytes(new TextEncoder().encode(`${Number(x) + Number(y)}\n`));
      files.push({ path: 'aiida.out', ...stored });
    }
    const missing = new Set<string>([jobFiles.schedulerStdout, jobFiles.schedulerStderr]);
    return { files, unmatched: patterns.filter((pattern) => missing.has(pattern)) };
  }

  async cancel(attempt: Attempt) {
    this.#fail('cancel');
    const job = this.state.jobs.get(attempt.token);
    if (job !== undefined) job.cancelled = true;
  }
}
