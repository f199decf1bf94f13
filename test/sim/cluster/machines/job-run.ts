import type { Faults } from '../faults.ts';
import type { ClusterParts } from '../parts.ts';
import type { TrueCause, TrueExecution } from '../truth.ts';
import type { JobOfProcess, Process } from './process.ts';

type Fate = 'node-failure' | 'preempted' | 'requeued' | 'memory' | 'walltime' | 'cancelled-by-admin';

const fates: readonly (readonly [Fate, keyof Faults])[] = [
  ['node-failure', 'nodeFails'],
  ['preempted', 'preempt'],
  ['requeued', 'requeue'],
  ['memory', 'memoryKill'],
  ['walltime', 'walltimeKill'],
  ['cancelled-by-admin', 'cancelledByAdmin'],
];

/** One start of a job's script: how long its programs take, what befalls it, and what the truth keeps of it. */
export class JobRun implements JobOfProcess {
  readonly token: string;
  readonly jobId: string;
  readonly restart: number;
  readonly directory: string;
  /** Exit status of its programs where a fault wants one. */
  readonly exitStatus: number | null;
  /** Why it ends, once that is decided. */
  cause: TrueCause | null = null;
  programKilled = false;
  readonly #parts: ClusterParts;
  readonly #durationMs: number;
  #leftMs: number;
  #execution: TrueExecution | null = null;
  program: Process | null = null;

  constructor(
    parts: ClusterParts,
    of: {
      readonly token: string;
      readonly jobId: string;
      readonly restart: number;
      readonly directory: string;
    },
  ) {
    this.#parts = parts;
    this.token = of.token;
    this.jobId = of.jobId;
    this.restart = of.restart;
    this.directory = of.directory;
    this.#durationMs = Math.round(parts.between(parts.site.jobMs));
    this.#leftMs = this.#durationMs;
    this.exitStatus = parts.strikes('jobExitsNonZero') ? 1 + Math.floor(parts.random.next() * 120) : null;
  }

  /** What befalls it, and when after its start. @param limitMs its walltime */
  fate(limitMs: number): { readonly fate: Fate | null; readonly afterMs: number } {
    const { random } = this.#parts;
    for (const [fate, fault] of fates) {
      if (!this.#parts.strikes(fault)) continue;
      return { fate, afterMs: Math.min(limitMs, Math.floor(random.next() * (this.#durationMs + 1000))) };
    }
    return this.#durationMs > limitMs ? { fate: 'walltime', afterMs: limitMs } : { fate: null, afterMs: 0 };
  }

  /** Called by each program of the script: the first takes all the time. */
  begin(program: Process): number {
    this.program = program;
    if (this.#execution === null) {
      const { clock, truth } = this.#parts;
      this.#execution = {
        token: this.token,
        jobId: this.jobId,
        directory: this.directory,
        began: clock.now(),
        restart: this.restart,
        // it held the fence, and its directory is gone since
        fenced: truth.wiped.has(this.directory) || this.#parts.fenceOf(this.directory) === this.jobId,
        ended: null,
        exitStatus: null,
        cause: null,
      };
      truth.noteExecution(this.#execution);
    }
    const ms = this.#leftMs;
    this.#leftMs = 1000;
    return ms;
  }

  /** The kernel takes one process of the job, and its script goes on. */
  killProgram(process: Process): void {
    if (this.program === null || this.program.hasEnded) return;
    this.programKilled = true;
    process.machine.kill(this.program.pid, 'KILL');
  }

  /** The script has ended. @param exitStatus null where it was killed */
  end(exitStatus: number | null): void {
    const execution = this.#execution;
    if (execution === null || execution.ended !== null) return;
    execution.ended = this.#parts.clock.now();
    execution.exitStatus = exitStatus;
    execution.cause = this.cause ?? 'exit';
  }
}
