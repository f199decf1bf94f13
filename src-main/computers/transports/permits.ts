/**
 * How many commands may run at once on one connection. First come, first served. Servers allow ten by default and some
 * only one or two (MaxSessions); what they allow is learned from their refusals.
 */
export class Permits {
  #limit: number;
  #used = 0;
  readonly #waiting: { readonly start: () => void; readonly signal: AbortSignal }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
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
    this.#used--;
    while (this.#used < this.#limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.start();
    }
  }

  /** The server refused one more than `open`. */
  lower(open: number): void {
    this.#limit = Math.max(1, Math.min(this.#limit, open));
  }
}
