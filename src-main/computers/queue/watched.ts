import type { AccountingSilence, JobFacts, JobObservation } from '../../engine/ports.ts';
import type { WatchedJob } from '../schedulers/scheduler.ts';
import type { Account } from './accounting.ts';
import type { EndEvidence, FinalState } from './judge-end.ts';

/** What is known of a job from one look to the next. */
export interface Watched extends WatchedJob {
  readonly report: (observation: JobObservation) => void;
  lastSeen: JobFacts | null;
  /** By our clock: since when its state is what it is. */
  since: number;
  /** Monotonic time at which the list was asked that showed it running; null where the last one did not. */
  ranAt: number | null;
  absences: number;
  /** The last list says that it cannot be found, and not that it is gone. */
  strayed: boolean;
  /** Monotonic time of the first look that did not find it active. */
  goneSince: number | null;
  lastFinal: FinalState | null;
  /** Monotonic time at which a final state of it was first named. */
  finalSince: number | null;
  /** What was last told of accounting's silence. */
  silence: AccountingSilence | null;
  /** Monotonic time of the first question to accounting about it that was in vain; null where the last was answered. */
  vainSince: number | null;
  /** Monotonic time since when accounting has answered about it each time; null where it did not. */
  answeredSince: number | null;
  /** Monotonic time since when accounting shows it as active and the controller does not know it; null where not so. */
  runawaySince: number | null;
}

/** @param now milliseconds since 1970, by our clock */
export const newlyWatched = (
  job: WatchedJob & { readonly silence?: AccountingSilence | null },
  report: (observation: JobObservation) => void,
  now: number,
): Watched => ({
  ...job,
  report,
  lastSeen: null,
  since: now,
  ranAt: null,
  absences: 0,
  strayed: false,
  goneSince: null,
  lastFinal: null,
  finalSince: null,
  silence: job.silence ?? null,
  vainSince: null,
  answeredSince: null,
  runawaySince: null,
});

/** It is in the queue, or was never gone. */
export function comeBack(job: Watched): void {
  job.absences = 0;
  job.goneSince = null;
  job.answeredSince = null;
  notFinal(job);
}

/** Whatever was said of its end is out of date. */
export function notFinal(job: Watched): void {
  job.runawaySince = null;
  job.lastFinal = null;
  job.finalSince = null;
  job.vainSince = null;
}

/** What accounting says, with how long it has said so about the job where that counts. @param now monotonic */
export function timed(job: Watched, account: Account, now: number): NonNullable<EndEvidence['accounted']> {
  if (account.kind !== 'runaway') job.runawaySince = null;
  if (account.kind === 'unreachable') job.answeredSince = null;
  else {
    job.vainSince = null;
    job.answeredSince ??= now;
  }
  switch (account.kind) {
    case 'runaway':
      job.runawaySince ??= now;
      return { ...account, forMs: now - job.runawaySince };
    case 'unreachable':
      if (account.asked) job.vainSince ??= now;
      return { ...account, forMs: now - (job.vainSince ?? now) };
    default:
      return account;
  }
}
