import type { Clock } from '#shared/base/clock.ts';
import { Emitter } from '#shared/base/emitter.ts';
import { errorInfo, type ErrorInfo } from '#shared/base/errors.ts';
import type { AccountingSilence, JobFacts, JobObservation } from '../../engine/ports.ts';
import type { EndCause, Scheduler, WatchedJob } from '../schedulers/scheduler.ts';
import { isSameJob, keyOf } from '../schedulers/same-job.ts';
import { hasCause } from '../transport-error.ts';
import type { ExecAnswer } from '../transport.ts';
import { askEndNotes, readEndNotes } from './end-notes.ts';
import { Accounting } from './accounting.ts';
import { judgeEnd, type EndEvidence, type EndPatience } from './judge-end.ts';
import { comeBack, newlyWatched, notFinal, timed, type Watched } from './watched.ts';

export interface MonitorDeps {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Asks the computer; waits while it cannot be reached. */
  readonly ask: (
    what: string,
    question: { readonly script: string; readonly input?: Uint8Array },
    signal: AbortSignal,
  ) => Promise<ExecAnswer>;
  /** What a final state of the queue means; null for a state that is not final. */
  readonly causeOf: (facts: JobFacts) => EndCause | null;
  readonly intervalMs: () => number;
  readonly patience: EndPatience;
  /** A question that failed: nothing is known, and it is asked again. */
  readonly onFailure: (thrown: unknown) => void;
}

/** A job that is watched, as the queue page shows it. */
export interface QueueEntry {
  readonly key: string;
  readonly jobId: string;
  readonly facts: JobFacts | null;
  /** When its state changed last, as far as it was seen; ms since 1970. */
  readonly since: number;
}

/** Between two looks no more than a fifth of the time is spent on asking. */
const costFactor = 5;
/** A look that takes longer is told to who shows how old the states are. */
const overdueMs = 60_000;
const lostMs = 1000;
const failureStartMs = 30_000;
const failureLimitMs = 600_000;

/**
 * Looks at all jobs of one computer with one question. A look that fails changes nothing: the last state stands, with
 * its age. A job ends only as {@link judgeEnd} says.
 */
export class QueueMonitor {
  readonly #deps: MonitorDeps;
  readonly #jobs = new Map<string, Watched>();
  #timer: (() => void) | null = null;
  #polling: AbortController | null = null;
  readonly #accounting: Accounting;
  #failures = 0;
  /** The last look ended because the connection was lost. */
  #wasCut = false;
  #lastMs = 0;
  #askedMs = 0;
  /** Milliseconds since 1970. */
  lastPoll: number | null = null;
  /** When a look last told everything: what is known of the jobs is as old as that. */
  lastLook: number | null = null;
  nextPoll: number | null = null;
  /** What the last look failed with; null where it did not. */
  failure: ErrorInfo | null = null;
  readonly changes = new Emitter<void>();

  constructor(deps: MonitorDeps) {
    this.#deps = deps;
    this.#accounting = new Accounting({
      clock: deps.clock,
      scheduler: () => deps.scheduler,
      ask: (question, signal) => this.#ask('accounting', question, signal),
    });
  }

  get jobs(): readonly QueueEntry[] {
    return [...this.#jobs].map(([key, { jobId, lastSeen, since }]) => ({
      key,
      jobId,
      facts: lastSeen,
      since,
    }));
  }

  /** What the queue showed of a job last; null before the first look at it. */
  facts(key: string): JobFacts | null {
    return this.#jobs.get(key)?.lastSeen ?? null;
  }

  /** Monotonic time at which the last list was asked, where that showed the job running; else null. */
  ranAt(key: string): number | null {
    return this.#jobs.get(key)?.ranAt ?? null;
  }

  /** @param key unique for the job: the token of its attempt */
  watch(
    key: string,
    job: WatchedJob & { readonly silence?: AccountingSilence | null },
    report: (observation: JobObservation) => void,
    signal: AbortSignal,
  ): void {
    if (signal.aborted) return;
    const watched = newlyWatched(job, report, this.#deps.clock.now());
    this.#jobs.set(key, watched);
    signal.addEventListener(
      'abort',
      () => {
        if (this.#jobs.get(key) === watched) this.#remove(key);
      },
      { once: true },
    );
    this.#schedule();
    this.changes.emit();
  }

  /** Looks now, whatever the interval: a person wants to know, or the machine has woken up. */
  pollNow(): void {
    this.#failures = 0;
    this.#accounting.askAgain();
    this.#timer?.();
    this.#timer = null;
    this.#schedule(0);
  }

  close(): void {
    this.#jobs.clear();
    this.#stop();
  }

  #remove(key: string): void {
    this.#jobs.delete(key);
    if (this.#jobs.size === 0) this.#stop();
    this.changes.emit();
  }

  #stop(): void {
    this.#timer?.();
    this.#timer = null;
    this.nextPoll = null;
    this.failure = null;
    this.#accounting.forget();
    this.#polling?.abort(new Error('no job is left to look at'));
    this.#polling = null;
  }

  #interval(): number {
    const interval = Math.max(this.#deps.intervalMs(), costFactor * this.#lastMs);
    if (this.#failures === 0) return interval;
    return Math.max(interval, Math.min(failureLimitMs, failureStartMs * 2 ** (this.#failures - 1)));
  }

  #schedule(delay?: number): void {
    if (this.#timer !== null || this.#polling !== null || this.#jobs.size === 0) return;
    const { clock } = this.#deps;
    const since = this.lastPoll === null ? Infinity : clock.now() - this.lastPoll;
    // a clock that was set back must not stop the looks
    const wait = delay ?? (since < 0 ? this.#interval() : Math.max(0, this.#interval() - since));
    this.nextPoll = clock.now() + wait;
    this.#timer = clock.after(wait, () => {
      this.#timer = null;
      void this.#poll();
    });
  }

  async #poll(): Promise<void> {
    const { clock, onFailure } = this.#deps;
    const polling = new AbortController();
    this.#polling = polling;
    this.nextPoll = null;
    this.#askedMs = 0;
    let soon: number | undefined;
    const stopOverdue = clock.after(overdueMs, () => this.changes.emit());
    try {
      await this.#look([...this.#jobs], polling.signal);
      this.#failures = 0;
      this.#wasCut = false;
      this.failure = null;
      this.lastLook = clock.now();
      this.#lastMs = this.#askedMs;
    } catch (thrown) {
      if (polling.signal.aborted) {
        stopOverdue();
        return;
      }
      this.failure = errorInfo(thrown);
      const cut = hasCause(thrown, 'connection-lost');
      // the connection itself decides when it is tried again, and this look waits for it; but a look that is cut off
      // again and again must not follow each new connection
      if (cut ? !this.#wasCut : hasCause(thrown, 'unreachable', 'throttled'))
        soon = Math.min(lostMs, this.#interval());
      else if (!cut) this.#failures++;
      this.#wasCut = cut;
      onFailure(thrown);
    }
    stopOverdue();
    this.lastPoll = clock.now();
    this.#polling = null;
    this.#schedule(soon);
    this.changes.emit();
  }

  /** Adds up what the computer took: how long we waited for a connection says nothing about its load. */
  async #ask(...question: Parameters<MonitorDeps['ask']>): Promise<ExecAnswer> {
    const answer = await this.#deps.ask(...question);
    this.#askedMs += answer.ms;
    return answer;
  }

  async #look(jobs: readonly (readonly [string, Watched])[], signal: AbortSignal): Promise<void> {
    const { scheduler, causeOf, clock } = this.#deps;
    const asked = clock.monotonic();
    const listing = scheduler.readListing(
      await this.#ask('the list of jobs', scheduler.list(jobs.map(([, job]) => job)), signal),
    );
    const gone: { key: string; job: Watched; listed: EndEvidence['listed'] }[] = [];
    for (const [key, job] of jobs) {
      const isThere = isSameJob(job, listing.names?.get(job.jobId));
      const facts = isThere ? listing.jobs.get(job.jobId) : undefined;
      const cause = facts === undefined ? null : causeOf(facts);
      job.ranAt = facts?.state === 'running' ? asked : null;
      if (facts !== undefined && cause === null) {
        this.#seen(job, facts);
        job.strayed = listing.strayed?.has(job.jobId) === true;
        if (!job.strayed) {
          comeBack(job);
          continue;
        }
      }
      const listed = facts === undefined || cause === null ? null : { facts, cause };
      job.absences = listed === null ? job.absences + 1 : 0;
      job.lastFinal = listed ?? job.lastFinal;
      job.goneSince ??= clock.monotonic();
      if (listed !== null) job.finalSince ??= clock.monotonic();
      gone.push({ key, job, listed });
    }
    if (gone.length > 0) await this.#judge(gone, signal);
  }

  async #judge(
    gone: readonly { readonly key: string; readonly job: Watched; readonly listed: EndEvidence['listed'] }[],
    signal: AbortSignal,
  ): Promise<void> {
    const { scheduler, patience, clock } = this.#deps;
    const jobs = gone.map(({ job }) => job);
    const notes = readEndNotes(
      (await this.#ask('the notes on the end of jobs', askEndNotes(jobs), signal)).stdout,
      jobs.length,
    );
    const evidence = gone.map(({ job, listed }, index): EndEvidence => ({
      jobId: job.jobId,
      lastSeen: job.lastSeen,
      listed,
      lastFinal: job.lastFinal,
      notes: notes[index] ?? { directory: false, fence: null, done: null, cancelled: false },
      accounted: null,
      answeredForMs: 0,
      keepsAccounts: scheduler.keepsAccounts,
      strayed: job.strayed,
      goneForMs: clock.monotonic() - (job.goneSince ?? 0),
      finalForMs: this.#finalFor(job),
      absences: job.absences,
    }));
    const open = gone.filter(({ key, job }, index) => {
      const one = evidence[index];
      return one !== undefined && this.#apply(key, job, one, patience) === 'ask-accounting';
    });
    if (open.length === 0) return;
    const accounts = await this.#accounting.of(
      open.map(({ job }) => job),
      signal,
    );
    for (const { key, job } of open) {
      const one = evidence[gone.findIndex((other) => other.key === key)];
      const account = accounts.get(keyOf(job));
      if (one === undefined || account === undefined) continue;
      const accounted = timed(job, account, clock.monotonic());
      if (accounted.kind === 'final') job.finalSince ??= clock.monotonic();
      const now = clock.monotonic();
      const answeredForMs = now - (job.answeredSince ?? now);
      this.#apply(key, job, { ...one, accounted, answeredForMs, finalForMs: this.#finalFor(job) }, patience);
    }
  }

  #apply(
    key: string,
    job: Watched,
    evidence: EndEvidence,
    patience: MonitorDeps['patience'],
  ): 'ask-accounting' | 'settled' {
    const judgement = judgeEnd(evidence, patience);
    switch (judgement.kind) {
      case 'observation':
        // it may have been taken off, or watched anew, while we asked
        if (this.#jobs.get(key) === job) {
          this.#remove(key);
          job.report(judgement.observation);
        }
        return 'settled';
      case 'alive':
        // that accounting alone says so does not count against the lists, or a job that it shows for ever would never be lost
        if (judgement.confirmed) comeBack(job);
        else notFinal(job);
        this.#seen(job, judgement.facts);
        return 'settled';
      case 'wait':
        if (evidence.accounted !== null) this.#tell(job, null);
        return 'settled';
      case 'unaccounted':
        this.#tell(job, judgement.silence);
        return 'settled';
      case 'ask-accounting':
        return 'ask-accounting';
    }
  }

  #finalFor({ finalSince }: Watched): number {
    return finalSince === null ? 0 : this.#deps.clock.monotonic() - finalSince;
  }

  /** Once each time it begins, and once when it is over. */
  #tell(job: Watched, silence: AccountingSilence | null): void {
    const before = job.silence;
    const isNews =
      silence === null ? before !== null : before?.since !== silence.since || before.noted !== silence.noted;
    if (!isNews) return;
    job.silence = silence;
    job.report({ kind: 'unaccounted', silence });
  }

  #seen(job: Watched, facts: JobFacts): void {
    if (job.silence) this.#tell(job, null);
    const before = job.lastSeen;
    const same =
      before !== null &&
      before.state === facts.state &&
      before.schedulerState === facts.schedulerState &&
      before.reason === facts.reason &&
      before.nodes === facts.nodes &&
      before.started === facts.started;
    // an estimate moves with every look: it is kept for who asks, and is no news
    if (same) {
      job.lastSeen = facts;
      return;
    }
    if (before?.state !== facts.state) job.since = this.#deps.clock.now();
    job.lastSeen = facts;
    job.report({ kind: 'seen', facts });
    this.changes.emit();
  }
}
