import type { Clock } from '#shared/base/clock.ts';
import { errorInfo } from '#shared/base/errors.ts';
import type { Accounted, Question, Scheduler, WatchedJob } from '../schedulers/scheduler.ts';
import { keyOf } from '../schedulers/same-job.ts';
import { hasCause } from '../transport-error.ts';
import type { ExecAnswer } from '../transport.ts';
import type { UnreachableAccounting } from './judge-end.ts';

interface AccountingDeps {
  readonly clock: Clock;
  readonly scheduler: () => Scheduler;
  readonly ask: (question: Question, signal: AbortSignal) => Promise<ExecAnswer>;
}

interface Silence {
  readonly message: string;
  /** By our clock. */
  readonly since: number;
  readonly failures: number;
  /** Monotonic: not to be asked before. */
  readonly nextAsk: number;
}

export type Account = Exclude<Accounted, { kind: 'unreachable' }> | Omit<UnreachableAccounting, 'forMs'>;

const firstMs = 30_000;
const limitMs = 600_000;

/** The accounting of one computer: while it does not answer it is asked ever more rarely, and since when is known. */
export class Accounting {
  readonly #deps: AccountingDeps;
  #silence: Silence | null = null;

  constructor(deps: AccountingDeps) {
    this.#deps = deps;
  }

  /** By `keyOf` a job. @throws StemmaError where nothing of the scheduler could be asked */
  async of(jobs: readonly WatchedJob[], signal: AbortSignal): Promise<ReadonlyMap<string, Account>> {
    const { clock } = this.#deps;
    const silence = this.#silence;
    const isResting = silence !== null && clock.monotonic() < silence.nextAsk;
    const accounts = isResting ? allUnreachable(jobs, silence.message) : await this.#ask(jobs, signal);
    const unreachable = accounts.values().find((one) => one.kind === 'unreachable');
    if (!isResting) this.#learn(unreachable?.message ?? null);
    const since = this.#silence?.since ?? clock.now();
    return new Map(
      [...accounts].map(([id, one]) => [
        id,
        one.kind === 'unreachable' ? { ...one, since, asked: !isResting } : one,
      ]),
    );
  }

  /** The next question is asked whenever it comes: a person wants to know. */
  askAgain(): void {
    if (this.#silence !== null) this.#silence = { ...this.#silence, nextAsk: 0 };
  }

  /** Nobody has asked for so long that since when it does not answer means nothing. */
  forget(): void {
    this.#silence = null;
  }

  async #ask(jobs: readonly WatchedJob[], signal: AbortSignal): Promise<ReadonlyMap<string, Accounted>> {
    const scheduler = this.#deps.scheduler();
    try {
      return scheduler.readAccounting(await this.#deps.ask(scheduler.account(jobs), signal), jobs);
    } catch (thrown) {
      // the list of jobs came a moment ago: it is accounting that hangs
      if (signal.aborted || !hasCause(thrown, 'timeout')) throw thrown;
      return allUnreachable(jobs, errorInfo(thrown).message);
    }
  }

  #learn(message: string | null): void {
    const { clock } = this.#deps;
    const failures = (this.#silence?.failures ?? 0) + 1;
    this.#silence =
      message === null
        ? null
        : {
            message,
            since: this.#silence?.since ?? clock.now(),
            failures,
            nextAsk: clock.monotonic() + Math.min(limitMs, firstMs * 2 ** (failures - 1)),
          };
  }
}

const allUnreachable = (jobs: readonly WatchedJob[], message: string): ReadonlyMap<string, Accounted> =>
  new Map(jobs.map((job) => [keyOf(job), { kind: 'unreachable', message }]));
