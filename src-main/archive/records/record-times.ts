import { writePyJson, type PyJson } from '#shared/provenance/python-json.ts';
import { readTimestamp } from '#shared/provenance/timestamps.ts';

/** The end of the year 9999, in microseconds since 1970: Python's `datetime` tells none later. */
const latest = 253_402_300_800e6;
const longestShown = 40;

/**
 * Reads the times in the records of another system. AiiDA has no node without a time: one whose records say none stands at
 * 1970, and where they say one that cannot be read, that is told.
 */
export class RecordTimes {
  #unreadable = 0;
  #example = '';

  /** @returns microseconds since 1970; 0 where there is none, or none that can be read */
  ofText(value: PyJson | undefined): number {
    if (value === undefined || value === null || value === '') return 0;
    if (typeof value !== 'string') return this.#notRead(() => writePyJson(value));
    try {
      return this.#checked(readTimestamp(value), value);
    } catch {
      return this.#notRead(() => value);
    }
  }

  /** @param seconds since 1970, as `time.time()` of Python gives them; 0 where the records say none */
  ofSeconds(seconds: number): number {
    return this.#checked(Math.round(seconds * 1e6), String(seconds));
  }

  /** What could not be read, as a sentence; null where everything could. */
  note(): string | null {
    if (this.#unreadable === 0) return null;
    const times = this.#unreadable === 1 ? 'One time' : `${this.#unreadable} times`;
    return `${times} could not be read, such as “${this.#example}”: nodes without a time stand at 1970.`;
  }

  #checked(time: number, text: string): number {
    return time >= 0 && time < latest ? time : this.#notRead(() => text);
  }

  #notRead(words: () => string): number {
    if (this.#unreadable === 0) {
      const text = words();
      this.#example = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
    }
    this.#unreadable++;
    return 0;
  }
}
