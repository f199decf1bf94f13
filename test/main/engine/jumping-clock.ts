import type { Clock } from '#shared/base/clock.ts';

/**
 * Real events, but nobody waits for time: what is due in an hour comes at once, and then it is an hour later. Timers
 * keep their order.
 */
export class JumpingClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  readonly #started = this.#now;
  #due: { readonly at: number; readonly run: () => void }[] = [];
  #waits = false;
  /** No jumps: what is due later stays so. */
  hold = false;

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#started;
  }

  after(delayMs: number, run: () => void): () => void {
    if (delayMs <= 0) {
      const immediate = setImmediate(run);
      return () => clearImmediate(immediate);
    }
    const timer = { at: this.#now + delayMs, run };
    this.#due.push(timer);
    this.#next();
    return () => {
      this.#due = this.#due.filter((other) => other !== timer);
    };
  }

  /** Time passes while nothing runs. */
  skip(ms: number): void {
    this.#now += ms;
  }

  /** What happens by itself (threads, a cluster) gets some real time before the next jump. */
  #next(): void {
    if (this.#waits) return;
    this.#waits = true;
    setTimeout(() => {
      this.#waits = false;
      const [first] = this.#due.toSorted((a, b) => a.at - b.at);
      if (first === undefined) return;
      if (this.hold) {
        this.#next();
        return;
      }
      this.#due = this.#due.filter((other) => other !== first);
      this.#now = Math.max(this.#now, first.at);
      first.run();
      this.#next();
    }, 6);
  }
}
