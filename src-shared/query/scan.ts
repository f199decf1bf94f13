import type { FilterProblem } from './problem.ts';

/** The longer ones first. */
export const operators = [':~', ':', '>=', '>', '<=', '<'] as const;
export type Operator = (typeof operators)[number];

const blank = /\s/;
const wordEnd = /[\s()":<>]/;
const valueEnd = /[\s()",]/;
const keyEnd = /[\s()":<>,.]/;

/** Thrown inside of the parser only. */
export class FilterError extends Error {
  readonly problem: FilterProblem;
  constructor(problem: FilterProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/**
 * Ends the parsing. The part of the text from `from` to `to` (0-based, the end not included) is what is wrong.
 * @throws FilterError always
 */
export function fail(
  message: string,
  from: number,
  to: number,
  expected: readonly string[] = [],
  suggestion: string | null = null,
): never {
  throw new FilterError({ message, from, to, expected, suggestion });
}

/** Cuts the text as the parser asks for it, because what is a mark elsewhere may stand in a value. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  peek(): string {
    return this.text[this.at] ?? '';
  }

  skipBlanks(): void {
    while (!this.done && blank.test(this.peek())) this.at++;
  }

  /** True where the next character begins something new. */
  get atBoundary(): boolean {
    return this.done || blank.test(this.peek()) || this.peek() === ')' || this.peek() === '(';
  }

  take(mark: string): boolean {
    if (!this.text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    return true;
  }

  operator(): Operator | null {
    return operators.find((operator) => this.take(operator)) ?? null;
  }

  /** The name of a field, or a free word; empty where none stands here. */
  word(): string {
    return this.#until(wordEnd);
  }

  /** A value without quotes; empty where none stands here. */
  value(): string {
    return this.#until(valueEnd);
  }

  /** One key of the path to an attribute. */
  key(): string {
    return this.peek() === '"' ? this.quoted() : this.#until(keyEnd);
  }

  /** A text in double quotes; `\"` and `\\` stand for a quote and a backslash. The scanner is at the first quote. */
  quoted(): string {
    const start = this.at++;
    let out = '';
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined) fail('The quoted text has no end.', start, this.text.length, ['"']);
      this.at++;
      if (c === '"') return out;
      if (c !== '\\') {
        out += c;
        continue;
      }
      const next = this.text[this.at];
      if (next !== '"' && next !== '\\') {
        fail('After a backslash in quotes comes a quote or a backslash.', this.at - 1, this.at, [
          String.raw`\"`,
          String.raw`\\`,
        ]);
      }
      out += next;
      this.at++;
    }
  }

  #until(end: RegExp): string {
    const start = this.at;
    while (!this.done && !end.test(this.peek())) this.at++;
    return this.text.slice(start, this.at);
  }
}
