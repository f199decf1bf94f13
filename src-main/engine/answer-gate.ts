/**
 * Gives the answers of steps to the code of a workflow in the order in which they were given first. Without it a race
 * between two steps could have another winner when the code runs again after a restart, because then both have ended.
 *
 * One gate belongs to one run of the code. An answer with number n waits until the answers 1 … n-1 were given; an
 * answer without a number waits for nothing.
 */
export class AnswerGate {
  /** By number, of what was answered and that this run of the code may not have asked for. */
  readonly #recorded: Map<number, string>;
  readonly #asked = new Set<string>();
  readonly #held = new Map<number, () => void>();
  #next = 1;
  #given = 0;
  #rests = false;

  /** @param recorded number -> label of every step that was answered before this run of the code */
  constructor(recorded: ReadonlyMap<number, string>) {
    this.#recorded = new Map(recorded);
  }

  /** How many answers the code was given. */
  get given(): number {
    return this.#given;
  }

  /** The code has done all that it could with the last answer, and waits for the next. */
  get rests(): boolean {
    return this.#rests;
  }

  /** The code came to rest when it had been given so many answers. */
  cameToRest(given: number): void {
    this.#rests = given === this.#given;
  }

  /** The code asked for this step. */
  ask(label: string): void {
    this.#asked.add(label);
  }

  /** This step was answered while the code runs, and the code does not wait for it. */
  note(order: number, label: string): void {
    this.#recorded.set(order, label);
  }

  offer(order: number | undefined, give: () => void): void {
    if (order === undefined || order < this.#next) {
      this.#give(give);
      return;
    }
    this.#held.set(order, give);
    for (let due = this.#held.get(this.#next); due !== undefined; due = this.#held.get(this.#next)) {
      this.#held.delete(this.#next++);
      this.#give(due);
    }
  }

  /**
   * A step that was answered and that this run of the code has not asked for, where the next answer is its. When the
   * code has nothing left to do by itself, it will never ask: it is not the code that it was.
   */
  get unasked(): string | null {
    const label = this.#recorded.get(this.#next);
    return label === undefined || this.#asked.has(label) ? null : label;
  }

  #give(give: () => void): void {
    this.#given++;
    this.#rests = false;
    give();
  }
}
