/** Uses of all permits after which one more is tried; twice as many after each refusal. */
const firstTrial = 16;
const mostTrial = 4096;

/**
 * How many commands may run at once on one connection. First come, first served. Servers allow ten by default and some
 * only one or two (MaxSessions); what they allow is learned from their refusals, and
 * tried again ever more rarely.
 */
export class Permits {
  #limit: number;
  readonly #most: number;
  #used = 0;
  /** Permits given back since the last refusal, and how many it takes until one more is tried. */
  #good = 0;
  #goodForMore = firstTrial;
  readonly #waiting: { readonly start: () => void; readonly signal: AbortSignal }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
    this.#most = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  get used(): number {
    return this.#used;
  }

  /** @throws the signal's reason */
  acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#used < this.#limit) {
      this.#used++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        const at = this.#waiting.indexOf(entry);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(signal.reason);
      };
      const entry = {
        signal,
        start: (): void => {
          signal.removeEventListener('abort', onAbort);
          this.#used++;
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(entry);
    });
  }

  release(): void {
    if (this.#used === this.#limit && this.#limit < this.#most && ++this.#good >= this.#goodForMore) {
      this.#good = 0;
      this.#limit++;
    }
    this.#used--;
    this.#start();
  }

  /** Runs `work` with a permit. @throws the signal's reason; what `work` throws */
  async with<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.acquire(signal);
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  #start(): void {
    while (this.#used < this.#limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.start();
    }
  }

  /** The server refused one more than `open`. */
  lower(open: number): void {
    this.#limit = Math.max(1, Math.min(this.#limit, open));
    this.#good = 0;
    this.#goodForMore = Math.min(mostTrial, this.#goodForMore * 2);
  }

  /** Somebody has set another limit. */
  set(limit: number): void {
    this.#limit = limit;
    this.#start();
  }
}
