/** A text as lines, without a copy of each: files of some MB are cut only where they are looked at. */
export class TextLines {
  readonly text: string;
  /** Where each line begins; one more at the end. */
  readonly #starts: Uint32Array;
  readonly length: number;
  /** Characters of the longest line. */
  readonly longest: number;

  constructor(text: string) {
    this.text = text;
    const starts: number[] = [0];
    let longest = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      longest = Math.max(longest, at - (starts.at(-1) ?? 0));
      starts.push(at + 1);
    }
    // A newline at the end ends the last line and begins none.
    const last = starts.at(-1) ?? 0;
    if (last === text.length && starts.length > 1) starts.pop();
    longest = Math.max(longest, text.length - last);
    this.length = starts.length;
    this.longest = longest;
    this.#starts = Uint32Array.from([...starts, text.length]);
  }

  /** Line `index`, from 0, without its newline. */
  line(index: number): string {
    const start = this.#starts[index];
    const next = this.#starts[index + 1];
    if (start === undefined || next === undefined) return '';
    let end = next;
    if (end > start && this.text[end - 1] === '\n') end--;
    if (end > start && this.text[end - 1] === '\r') end--;
    return this.text.slice(start, end);
  }

  startOf(index: number): number {
    return this.#starts[index] ?? this.text.length;
  }

  /** The line in which the character at `offset` stands. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.startOf(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

export interface Match {
  /** From 0. */
  readonly line: number;
  /** Of the first character, in the line. */
  readonly column: number;
  readonly length: number;
}

/** Where a word stands, from the top, not minding case; at most `limit` places. */
export function findInText(lines: TextLines, wanted: string, limit: number): readonly Match[] {
  if (wanted === '') return [];
  const text = lines.text.toLowerCase();
  // Lower case may change the length of a few letters (İ): then their offsets are those of the text as it is.
  const same = text.length === lines.text.length;
  const haystack = same ? text : lines.text;
  const needle = same ? wanted.toLowerCase() : wanted;
  const matches: Match[] = [];
  for (let at = haystack.indexOf(needle); at >= 0 && matches.length < limit;) {
    const line = lines.lineAt(at);
    matches.push({ line, column: at - lines.startOf(line), length: needle.length });
    at = haystack.indexOf(needle, at + needle.length);
  }
  return matches;
}
