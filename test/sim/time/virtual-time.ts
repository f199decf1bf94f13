import type { Clock } from '#shared/base/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

/** Where every run begins: 2026-03-02 08:00 UTC. */
export const beginning = Date.UTC(2026, 2, 2, 8);

/**
 * The time of the whole world. It jumps from one timer to the next; between two of them every promise that waits for
 * nothing else has run. Timers of the same millisecond run in the order in which they were set, so a run depends on its
 * seed alone.
 */
export class VirtualTime implements Clock {
  #now = beginning;
  #order = 0;
  #live = 0;
  readonly #heap: Timer[] = [];
  /** How many timers have run. */
  events = 0;

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - beginning;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, Math.ceil(delayMs)), order: this.#order++, run };
    this.#push(timer);
    this.#live++;
    return () => {
      if (timer.run === null) return;
      timer.run = null;
      this.#live--;
    };
  }

  /** Timers that are set and not cancelled. */
  get pending(): number {
    return this.#live;
  }

  /**
   * Lets everything happen until a time, or until `stop` says so; `after` is called after each timer, when nothing moves.
   */
  async run(until: number, afterEach: () => void, stop: () => boolean): Promise<void> {
    await turn();
    while (!stop()) {
      const next = this.#next(until);
      if (next === null) break;
      this.#now = Math.max(this.#now, next.at);
      this.events++;
      const { run } = next;
      next.run = null;
      this.#live--;
      run?.();
      await turn();
      afterEach();
    }
    if (!stop()) this.#now = Math.max(this.#now, until);
  }

  #next(until: number): Timer | null {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined) return null;
      if (first.run !== null && first.at > until) return null;
      this.#pop();
      if (first.run !== null) return first;
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as Timer;
      if (!isBefore(timer, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Timer;
    const size = heap.length;
    if (size === 0) return;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= size) break;
      if (below + 1 < size && isBefore(heap[below + 1] as Timer, heap[below] as Timer)) below++;
      const child = heap[below] as Timer;
      if (!isBefore(child, last)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
  }
}

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** One turn of the loop: Node empties the queues of ticks and promises before the next callback. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
