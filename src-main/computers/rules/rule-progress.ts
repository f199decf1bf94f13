import {
  charactersOf,
  charactersPerTurn,
  readLinePattern,
  type LinePattern,
} from '#shared/pattern/line-pattern.ts';
import type { StopRule } from '#shared/process/rule-types.ts';
import { holds } from '#shared/process/rule-words.ts';

type ValueRule = Extract<StopRule, { kind: 'value' }>;

/** A number that a rule read, and the line in which it stood. */
export interface RuleReading {
  readonly value: number;
  readonly line: string;
}

/** Longer lines are cut where they are kept. */
const shownLine = 300;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * How far a rule on a value has come in its file. It takes the text piece by piece, in order; a last line without an
 * end waits for the rest of it.
 */
export class RuleProgress {
  readonly #rule: ValueRule;
  /** Null for one of an older version that is none any more: it finds nothing. */
  readonly #pattern: LinePattern | null;
  #rest = '';
  #inRow = 0;
  /** The last reading; null before the first. */
  last: RuleReading | null = null;

  constructor(rule: ValueRule) {
    this.#rule = rule;
    const pattern = readLinePattern(rule.pattern);
    this.#pattern = pattern.ok ? pattern.value : null;
  }

  /** The text before was skipped, or the file was written anew. */
  restart(): void {
    this.#rest = '';
    this.#inRow = 0;
  }

  /**
   * @param skipFirst the text begins in the middle of a line
   * @returns the reading that fulfils the rule
   */
  async take(text: string, skipFirst = false): Promise<RuleReading | null> {
    const lines = `${this.#rest}${text}`.split(/\r?\n/);
    this.#rest = (lines.pop() ?? '').slice(0, 10_000);
    const pattern = this.#pattern;
    if (pattern === null) return null;
    let left = charactersPerTurn(pattern);
    for (const [i, line] of lines.entries()) {
      if (left < 0) {
        await turn();
        left = charactersPerTurn(pattern);
      }
      left -= charactersOf(line);
      if (i === 0 && skipFirst) continue;
      const found = pattern.read(line);
      if (found === null) continue;
      this.last = { value: found.value, line: line.trim().slice(0, shownLine) };
      const { compare, limit, times } = this.#rule;
      this.#inRow = holds(compare, found.value, limit) ? this.#inRow + 1 : 0;
      if (this.#inRow >= times) return this.last;
    }
    return null;
  }
}
