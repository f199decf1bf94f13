import {
  charactersOf,
  charactersPerTurn,
  longestLine,
  type LinePattern,
} from '#shared/pattern/line-pattern.ts';

/** A number that was found in a text. */
export interface Found {
  /** Line, from 1. */
  readonly line: number;
  readonly value: number;
  /** What the pattern gives for the other axis; null where it gives nothing. */
  readonly x: number | null;
  /** When the line was read here, in ms; null where it was there before we looked. */
  readonly time: number | null;
}

/** `reading` counts what was found, `pattern` is the pattern's own group `x`. */
export type XAxis = 'reading' | 'line' | 'time' | 'pattern';

/** A file of a long run has no more numbers that a person wants to see at once; the first are forgotten. */
const mostFound = 100_000;

/** The numbers that a pattern finds in a text which comes piece by piece. */
export class NumberSeries {
  readonly #pattern: LinePattern;
  #rest = '';
  #line: number;
  #found: Found[] = [];

  /** @param firstLine number of the line with which the text begins */
  constructor(pattern: LinePattern, firstLine: number) {
    this.#pattern = pattern;
    this.#line = firstLine;
  }

  get found(): readonly Found[] {
    return this.#found;
  }

  /** @param turn lets others have their turn, where much has come at once; @returns false where it gave up */
  async take(text: string, time: number | null, turn: () => Promise<boolean>): Promise<boolean> {
    const lines = `${this.#rest}${text}`.split('\n');
    // no more of a line is looked at, and a file of one endless line must not fill the memory
    this.#rest = (lines.pop() ?? '').slice(0, longestLine);
    let left = charactersPerTurn(this.#pattern);
    for (const line of lines) {
      if (left < 0) {
        if (!(await turn())) return false;
        left = charactersPerTurn(this.#pattern);
      }
      left -= charactersOf(line);
      const reading = this.#pattern.read(line);
      if (reading !== null) this.#found.push({ line: this.#line, value: reading.value, x: reading.x, time });
      this.#line++;
    }
    if (this.#found.length > mostFound) this.#found = this.#found.slice(-mostFound);
    return true;
  }
}

/** What is drawn, left to right as it was found. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Numbers that are none, or that have no place on the axis. */
  readonly left: number;
}

/** `reading` counts from 1. What has no place on the axis is counted in `left`. */
export function pointsOf(found: readonly Found[], axis: XAxis): Points {
  const x: number[] = [];
  const y: number[] = [];
  let left = 0;
  for (const [i, one] of found.entries()) {
    const at = axis === 'reading' ? i + 1 : axis === 'line' ? one.line : axis === 'time' ? one.time : one.x;
    if (at === null || !Number.isFinite(at) || !Number.isFinite(one.value)) left++;
    else {
      x.push(at);
      y.push(one.value);
    }
  }
  return { x, y, left };
}
