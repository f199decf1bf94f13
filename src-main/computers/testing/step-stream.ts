import { deferred, type Deferred } from '#shared/base/deferred.ts';

/** Items pushed at one end and iterated at the other, in order; bounded by what is pushed: a handful of steps. */
export class StepStream<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #ended = false;
  #failure: { readonly thrown: unknown } | null = null;
  #wake: Deferred<void> | null = null;

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.resolve();
  }

  /** The iteration throws, after what was pushed before. */
  fail(thrown: unknown): void {
    this.#failure = { thrown };
    this.end();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) yield item;
      else if (this.#failure !== null) throw this.#failure.thrown;
      else if (this.#ended) return;
      else {
        this.#wake = deferred<void>();
        await this.#wake.promise;
      }
    }
  }
}
