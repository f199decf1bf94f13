/**
 * Gives the answers of steps to the code of a workflow in the order in which they were given first. Without it a race
 * between two steps could have another winner when the code runs again after a restart, because then both have ended.
 *
 * One gate belongs to one run of the code. An answer with number n waits until the answers 1 … n-1 were given; an
 * answer without a number waits for nothing.
 */
export class AnswerGate {
  /** By number, of what was answered before this run of the code. */
  readonly #recorded: ReadonlyMap<number, string>;
  readonly #asked = new Set<string>();
  readonly #held = new Map<number, () => void>();
  #next = 1;

  /** @param recorded number -> label of every step that has been answered */
  constructor(recorded: ReadonlyMap<number, string>) {
    this.#recorded = recorded;
  }

  /** The code asked for this step. */
  ask(label: string): void {
    this.#asked.add(label);
  }

  offer(order: number | undefined, give: () => void): void {
    if (order === undefined || order < this.#next) {
      give();
      return;
    }
    this.#held.set(order, give);
    for (let due = this.#held.get(this.#next); due !== undefined; due = this.#held.get(this.#next)) {
      this.#held.delete(this.#next++);
      due();
    }
  }

  /**
   * A step that was answered before and that this run of the code has not asked for, where the next answer is its.
   * When the code has nothing left to do by itself, it will never ask: it is not the code that it was.
   */
  get unasked(): string | null {
    const label = this.#recorded.get(this.#next);
    return label === undefined || this.#asked.has(label) ? null : label;
  }
}
