import type { Lane } from './lane.ts';

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Only that lane, where it keeps something in memory that the others would have to build again. */
  readonly lane?: number | null | undefined;
  /** Instead of the lane's own. */
  readonly deadlineMs?: number | undefined;
}

interface Waiting extends AskOptions {
  readonly method: string;
  readonly input: unknown;
  readonly answer: PromiseWithResolvers<unknown>;
}

const cancelled = (): Error => new DOMException('The operation was cancelled.', 'AbortError');

/**
 * Several lanes and one queue in front of them. A question that is cancelled while it waits is never asked; a lane that
 * died is replaced by the next question.
 */
export class LanePool {
  readonly #start: () => Lane;
  readonly #lanes: (Lane | null)[];
  readonly #queue: Waiting[] = [];
  /** Those that were not seen to exit, also where another has taken their place. */
  readonly #alive = new Set<Lane>();
  #closed = false;

  /** @param start makes a lane; what it throws is the answer to the question that needed one */
  constructor(size: number, start: () => Lane) {
    this.#start = start;
    this.#lanes = Array.from({ length: size }, () => null);
  }

  ask(method: string, input: unknown, options: AskOptions = {}): Promise<unknown> {
    const { signal } = options;
    if (this.#closed) return Promise.reject(new Error('The readers are closed.'));
    if (signal?.aborted === true) return Promise.reject(cancelled());
    const waiting: Waiting = { ...options, method, input, answer: Promise.withResolvers() };
    const onAbort = (): void => {
      const at = this.#queue.indexOf(waiting);
      if (at !== -1) this.#queue.splice(at, 1);
      // The lane still works on one that was asked; its answer is dropped.
      waiting.answer.reject(cancelled());
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#queue.push(waiting);
    this.#serve();
    return waiting.answer.promise.finally(() => signal?.removeEventListener('abort', onAbort));
  }

  close(): void {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.answer.reject(cancelled());
    for (const lane of this.#lanes) lane?.close();
  }

  /** Settles when nothing of what was started is alive. */
  async gone(): Promise<void> {
    await Promise.all([...this.#alive].map((lane) => lane.gone));
  }

  #serve(): void {
    for (let at = 0; at < this.#queue.length;) {
      const waiting = this.#queue[at] as Waiting;
      let lane: Lane | null;
      try {
        lane = this.#freeLane(waiting.lane ?? null);
      } catch (error) {
        this.#queue.splice(at, 1);
        waiting.answer.reject(error);
        continue;
      }
      if (lane === null) {
        at++;
        continue;
      }
      this.#queue.splice(at, 1);
      void lane
        .ask(waiting.method, waiting.input, waiting.deadlineMs)
        .then(waiting.answer.resolve, waiting.answer.reject)
        .finally(() => this.#serve());
    }
  }

  #freeLane(wanted: number | null): Lane | null {
    for (let i = 0; i < this.#lanes.length; i++) {
      if (this.#closed || (wanted !== null && wanted !== i)) continue;
      const lane = this.#lanes[i] ?? null;
      if (lane === null || lane.hasEnded) {
        const fresh = this.#start();
        this.#lanes[i] = fresh;
        this.#alive.add(fresh);
        void fresh.gone.then(() => this.#alive.delete(fresh));
        return fresh;
      }
      if (!lane.isBusy) return lane;
    }
    return null;
  }
}
