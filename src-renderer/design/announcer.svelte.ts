/**
 * What a screen reader should say: one polite live region for the window. Messages that come faster than they can be
 * heard are joined, and a flood is cut to its last few.
 */
export class Announcer {
  #text = $state('');
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  get text(): string {
    return this.#text;
  }

  say(message: string): void {
    if (this.#waiting.at(-1) === message) return;
    this.#waiting = [...this.#waiting, message].slice(-3);
    if (this.#timer === null) this.#timer = setTimeout(() => this.#speak(), 150);
  }

  #speak(): void {
    this.#text = this.#waiting.join('. ');
    this.#waiting = [];
    // Not again before this can have been heard, and empty afterwards, so that the same words count as new.
    this.#timer = setTimeout(() => {
      this.#text = '';
      this.#timer = null;
      if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#speak(), 50);
    }, 2500);
  }
}
