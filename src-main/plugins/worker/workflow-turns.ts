/**
 * Takes the answers of steps to the code of a workflow one at a time: the next comes when the code has done all that it
 * can with the last, with the files that it reads meanwhile. So what the code does depends on the order of the answers
 * alone, never on how fast a disk was.
 */
export class WorkflowTurns {
  readonly #answers: (() => void)[] = [];
  readonly #onIdle: (answers: number) => void;
  #given = 0;
  #reads = 0;
  #looking = false;
  #ended = false;

  /** @param onIdle the code has had so many answers, and waits for more */
  constructor(onIdle: (answers: number) => void) {
    this.#onIdle = onIdle;
  }

  answer(give: () => void): void {
    this.#answers.push(give);
    this.look();
  }

  async read<T>(reading: Promise<T>): Promise<T> {
    this.#reads++;
    try {
      return await reading;
    } finally {
      this.#reads--;
      this.look();
    }
  }

  end(): void {
    this.#ended = true;
    this.#answers.length = 0;
  }

  /** Looks again once everything that can run now has run. */
  look(): void {
    if (this.#looking || this.#ended) return;
    this.#looking = true;
    setImmediate(() => {
      this.#looking = false;
      if (this.#reads > 0 || this.#ended) return;
      const give = this.#answers.shift();
      if (give === undefined) this.#onIdle(this.#given);
      else {
        this.#given++;
        give();
        this.look();
      }
    });
  }
}
