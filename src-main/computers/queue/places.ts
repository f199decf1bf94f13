import type { Clock } from '#shared/base/clock.ts';
import { deferred, type Deferred } from '#shared/base/deferred.ts';
import { Emitter } from '#shared/base/emitter.ts';
import type { Random } from '#shared/base/random.ts';
import { sleep } from '#shared/base/clock.ts';

export interface PlacesDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly label: () => string;
  /** How many jobs may be in the queue at once; null = as many as the site takes. */
  readonly limit: () => number | null;
}

/** The site has said that it takes no more jobs from us. */
interface Hold {
  message: string;
  /** How many jobs of ours were in its queue then: with fewer, one more may be tried. */
  count: number;
  /** Monotonic; from then on one is tried all the same, because the limit may be of others too. */
  probeAt: number;
  refusals: number;
}

const tickMs = 60_000;
const probeMs = 60_000;
const probeLimitMs = 600_000;

/** Longer than the longest pause between two tries to submit: whoever has not come back has gone. */
const leaseMs = 20 * 60_000;

/** A job that was given a place submits at once; one that was paused or killed meanwhile does not. */
const grantMs = 2 * 60_000;

/**
 * The places for jobs in the queue of one computer, first come, first served. A limit that the person has set is kept;
 * one of the site is learned from its refusal, and then it is asked again when a job of ours has left the queue, or now
 * and then, by one job for all.
 */
export class Places {
  readonly #deps: PlacesDeps;
  /** Attempts that are submitted or in the queue, and until when (monotonic) that is taken for granted. */
  readonly #leases = new Map<string, number>();
  /** Attempts that are watched; there may be thousands, so nothing goes through all of them. */
  readonly #watched = new Set<string>();
  /** Given a place, and nothing was done with it yet. */
  readonly #fresh = new Set<string>();
  readonly #waiting = new Map<string, Deferred<void>>();
  #hold: Hold | null = null;
  /** The one that asks the site for all. */
  #trying: string | null = null;
  #cancelTick: (() => void) | null = null;
  readonly changes = new Emitter<void>();

  constructor(deps: PlacesDeps) {
    this.#deps = deps;
  }

  /** How many wait, and for what, in words; null where none does. */
  get state(): { readonly waiting: number; readonly words: string } | null {
    return this.#waiting.size === 0 ? null : { waiting: this.#waiting.size, words: this.#words() };
  }

  /** A place for a job that is about to be submitted for the first time: null where it has one now, or why it waits. */
  claim(token: string): string | null {
    if (this.#waiting.size === 0 && this.#isFree()) {
      this.#grant(token);
      return null;
    }
    return this.#words();
  }

  /** Resolves when the job has a place. @throws the signal's reason */
  async wait(token: string, signal: AbortSignal): Promise<void> {
    // at a start, those that are in the queue are counted first
    await sleep(this.#deps.clock, 0, signal);
    const place = deferred<void>();
    this.#waiting.set(token, place);
    const onAbort = (): void => place.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#give();
    this.changes.emit();
    try {
      await place.promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (this.#waiting.get(token) === place) this.#waiting.delete(token);
      this.changes.emit();
    }
  }

  /** Begins a submission: null, or the site's words where it has said no meanwhile and this one need not ask again. */
  begin(token: string): string | null {
    const isFresh = this.#fresh.delete(token);
    if (isFresh && this.#hold !== null && this.#trying !== token) {
      this.#free(token);
      return this.#words();
    }
    this.#lease(token, leaseMs);
    return null;
  }

  /** It is in the queue, or may be. */
  keep(token: string): void {
    this.#lease(token, leaseMs);
    if (this.#trying !== token || this.#hold === null) return;
    this.#trying = null;
    this.#hold.refusals = 0;
    this.#hold.count = this.#count() + 1;
    this.#give();
  }

  /** Its submission failed and will be tried again: it keeps its place, and another may ask the site. */
  failed(token: string): void {
    if (this.#trying !== token) return;
    this.#trying = null;
    if (this.#hold !== null) this.#hold.probeAt = this.#deps.clock.monotonic() + probeMs;
    this.#tick();
  }

  /** It is watched: it stays until `release`. */
  watched(token: string): void {
    this.#leases.delete(token);
    this.#watched.add(token);
  }

  /** The site takes no more. Returns that in words. */
  refused(token: string, message: string): string {
    this.#free(token);
    const { clock, random } = this.#deps;
    const hold = (this.#hold ??= { message, count: 0, probeAt: 0, refusals: 0 });
    if (this.#trying === token) hold.refusals++;
    this.#trying = null;
    hold.message = message;
    hold.count = this.#count();
    const pause = Math.min(probeLimitMs, probeMs * 2 ** Math.min(hold.refusals, 10));
    hold.probeAt = clock.monotonic() + pause * (0.75 + random.next() / 2);
    this.#tick();
    this.changes.emit();
    return this.#words();
  }

  /** It has left the queue, or never came there. */
  release(token: string): void {
    const had = this.#free(token);
    this.#fresh.delete(token);
    if (this.#trying === token) this.#trying = null;
    if (had) this.#give();
  }

  /** A limit may have changed, or a person wants it to be tried. */
  tryNow(): void {
    if (this.#hold !== null) this.#hold.probeAt = 0;
    this.#give();
  }

  close(): void {
    this.#cancelTick?.();
    this.#cancelTick = null;
  }

  #count(): number {
    const now = this.#deps.clock.monotonic();
    for (const [token, until] of this.#leases) {
      if (until > now) continue;
      this.#leases.delete(token);
      this.#fresh.delete(token);
      if (this.#trying === token) this.#trying = null;
    }
    return this.#leases.size + this.#watched.size;
  }

  #lease(token: string, ms: number): void {
    this.#watched.delete(token);
    this.#leases.set(token, this.#deps.clock.monotonic() + ms);
  }

  /** Whether it had a place. */
  #free(token: string): boolean {
    const wasWatched = this.#watched.delete(token);
    return this.#leases.delete(token) || wasWatched;
  }

  #isFree(): boolean {
    const limit = this.#deps.limit();
    const count = this.#count();
    if (limit !== null && count >= limit) return false;
    const hold = this.#hold;
    if (hold === null) return true;
    return this.#trying === null && (count < hold.count || this.#deps.clock.monotonic() >= hold.probeAt);
  }

  #grant(token: string): void {
    this.#lease(token, grantMs);
    this.#fresh.add(token);
    if (this.#hold !== null) this.#trying = token;
  }

  #give(): void {
    while (this.#isFree()) {
      const [next] = this.#waiting;
      if (next === undefined) break;
      const [token, place] = next;
      this.#waiting.delete(token);
      this.#grant(token);
      place.resolve();
    }
    // nobody is held back any more: what comes next finds out for itself
    if (this.#waiting.size === 0 && this.#trying === null) this.#hold = null;
    this.#tick();
  }

  /** Probes come, and leases end, without anything happening. */
  #tick(): void {
    if (this.#cancelTick !== null || (this.#waiting.size === 0 && this.#hold === null)) return;
    this.#cancelTick = this.#deps.clock.after(tickMs, () => {
      this.#cancelTick = null;
      this.#give();
    });
  }

  #words(): string {
    const { label, limit } = this.#deps;
    const most = limit();
    const count = this.#count();
    if (this.#hold !== null) {
      return `${label()} takes no more jobs now (${count} of ours are in its queue): ${this.#hold.message}`;
    }
    return `${count} of ${most ?? count} jobs of ${label()} are in its queue`;
  }
}
