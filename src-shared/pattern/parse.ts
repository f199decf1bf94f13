import { err, ok, type Result } from '../base/result.ts';
import { anyButNewline, blanks, digits, wordChars, type CharSet, type Node } from './syntax.ts';

export interface Parsed {
  readonly root: Node;
  /** Of capturing groups. */
  readonly groups: number;
  /** Numbers of named groups. */
  readonly names: ReadonlyMap<string, number>;
}

/** What is wrong with a pattern, and at which character. */
export interface PatternProblem {
  readonly message: string;
  /** From 0. */
  readonly at: number;
}

class Refusal extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const longestPattern = 1000;
const mostRepeats = 200;

/** Reads a regular expression of the subset. */
export function parsePattern(text: string): Result<Parsed, PatternProblem> {
  if (text.length > longestPattern)
    return err({ message: `A pattern has at most ${longestPattern} characters.`, at: longestPattern });
  try {
    return ok(new Parser(text).whole());
  } catch (thrown) {
    if (thrown instanceof Refusal) return err({ message: thrown.message, at: thrown.at });
    throw thrown;
  }
}

const classes: Readonly<Record<string, CharSet>> = {
  d: digits,
  w: wordChars,
  s: blanks,
  D: { ...digits, negated: true },
  W: { ...wordChars, negated: true },
  S: { ...blanks, negated: true },
};
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };
const countInBraces = /^\{(\d{1,9})(,?)(\d{0,9})\}/;
const single = (code: number): CharSet => ({ ranges: [[code, code]], negated: false });

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #groups = 0;
  readonly #names = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Parsed {
    const root = this.#choice();
    if (this.#at < this.#text.length) this.#fail('This bracket closes nothing: write \\) for the character.');
    return { root, groups: this.#groups, names: this.#names };
  }

  #fail(message: string, at = this.#at): never {
    throw new Refusal(message, at);
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #take(what: string): boolean {
    if (!this.#text.startsWith(what, this.#at)) return false;
    this.#at += what.length;
    return true;
  }

  #choice(): Node {
    if (++this.#depth > 50) this.#fail('Groups are nested too deeply.');
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    this.#depth--;
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options };
  }

  #sequence(): Node {
    const items: Node[] = [];
    while (this.#at < this.#text.length && this.#peek() !== '|' && this.#peek() !== ')') {
      items.push(this.#repeated());
    }
    return { kind: 'sequence', items };
  }

  #repeated(): Node {
    const from = this.#at;
    const item = this.#atom();
    const count = this.#count();
    if (count === null) return item;
    if (item.kind === 'place') this.#fail('A place such as ^ cannot be repeated.', from);
    const lazy = this.#take('?');
    if (/[*+?]/.test(this.#peek()) || this.#count() !== null)
      this.#fail('There is nothing here that could be repeated.');
    return { kind: 'repeat', item, ...count, lazy };
  }

  #count(): { readonly least: number; readonly most: number } | null {
    if (this.#take('*')) return { least: 0, most: Infinity };
    if (this.#take('+')) return { least: 1, most: Infinity };
    if (this.#take('?')) return { least: 0, most: 1 };
    const found = countInBraces.exec(this.#text.slice(this.#at));
    if (found === null) return null;
    const [all, low = '', comma, high = ''] = found;
    const least = Number(low);
    const most = comma === '' ? least : high === '' ? Infinity : Number(high);
    if (most < least) this.#fail('The numbers in braces are in the wrong order.');
    if (least > mostRepeats || (most !== Infinity && most > mostRepeats))
      this.#fail(`Nothing can be repeated more than ${mostRepeats} times by number.`);
    this.#at += all.length;
    return { least, most };
  }

  #atom(): Node {
    const char = this.#peek();
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', set: this.#class() };
      case '.':
        this.#at++;
        return { kind: 'set', set: anyButNewline };
      case '^':
        this.#at++;
        return { kind: 'place', place: 'start' };
      case '$':
        this.#at++;
        return { kind: 'place', place: 'end' };
      case '\\':
        return this.#escape();
      case '{':
        if (countInBraces.test(this.#text.slice(this.#at)))
          this.#fail('There is nothing before these braces that could be repeated.');
        this.#at++;
        return { kind: 'set', set: single(char.charCodeAt(0)) };
      case '*':
      case '+':
      case '?':
        return this.#fail(
          `There is nothing before “${char}” that could be repeated: write \\${char} for the character.`,
        );
      default:
        this.#at++;
        return { kind: 'set', set: single(char.charCodeAt(0)) };
    }
  }

  #group(): Node {
    const from = this.#at;
    this.#at++;
    let index: number | null = null;
    if (this.#take('?')) {
      if (/^(?:=|!|<=|<!)/.test(this.#text.slice(this.#at)))
        this.#fail('Looking ahead or behind is not possible here: it can take too long.', from);
      if (this.#take('<')) {
        const name = /^([A-Za-z_]\w*)>/.exec(this.#text.slice(this.#at))?.[1];
        if (name === undefined)
          return this.#fail('A group’s name has letters, digits and _, and ends with >.');
        if (this.#names.has(name)) this.#fail(`There is a group “${name}” already.`);
        this.#at += name.length + 1;
        index = ++this.#groups;
        this.#names.set(name, index);
      } else if (!this.#take(':')) this.#fail('After (? comes : or <name>.', from);
    } else index = ++this.#groups;
    const item = this.#choice();
    if (!this.#take(')')) this.#fail('This bracket is not closed: write \\( for the character.', from);
    return { kind: 'group', index, item };
  }

  #escape(): Node {
    const from = this.#at;
    this.#at++;
    const char = this.#peek();
    this.#at++;
    if (char === 'b') return { kind: 'place', place: 'word' };
    if (char === 'B') return { kind: 'place', place: 'not-word' };
    if (/[1-9k]/.test(char))
      this.#fail('A reference to what a group found is not possible here: it can take too long.', from);
    return { kind: 'set', set: this.#escaped(char, from) };
  }

  /** After the backslash, which stands at `from`. */
  #escaped(char: string, from: number): CharSet {
    if (char === '') this.#fail('A backslash at the end means nothing.', from);
    const set = Object.hasOwn(classes, char) ? classes[char] : undefined;
    if (set !== undefined) return set;
    const control = Object.hasOwn(controls, char) ? controls[char] : undefined;
    if (control !== undefined) return single(control);
    if (/[A-Za-z0-9]/.test(char)) this.#fail(`“\\${char}” is not known here.`, from);
    return single(char.charCodeAt(0));
  }

  #class(): CharSet {
    const from = this.#at;
    this.#at++;
    const negated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.#take(']')) {
      if (this.#at >= this.#text.length)
        this.#fail('This [ is not closed: write \\[ for the character.', from);
      const first = this.#member();
      const isRange = this.#peek() === '-' && this.#text.charAt(this.#at + 1) !== ']';
      if (!isRange || this.#at + 1 >= this.#text.length) {
        ranges.push(...positive(first));
        continue;
      }
      const at = this.#at++;
      const last = this.#member();
      const [low] = first.ranges[0] ?? [0];
      const [high] = last.ranges[0] ?? [0];
      if (!isSingle(first) || !isSingle(last) || high < low)
        this.#fail('This range has no beginning or no end, or they are in the wrong order.', at);
      ranges.push([low, high]);
    }
    return { ranges, negated };
  }

  #member(): CharSet {
    const from = this.#at;
    const char = this.#peek();
    this.#at++;
    if (char !== '\\') return single(char.charCodeAt(0));
    const next = this.#peek();
    this.#at++;
    return next === 'b' ? single(8) : this.#escaped(next, from);
  }
}

const isSingle = ({ ranges, negated }: CharSet): boolean =>
  !negated && ranges.length === 1 && ranges[0]?.[0] === ranges[0]?.[1];

/** The same set as ranges that are not negated. */
function positive({ ranges, negated }: CharSet): (readonly [number, number])[] {
  if (!negated) return [...ranges];
  const out: (readonly [number, number])[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) out.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= 0xffff) out.push([next, 0xffff]);
  return out;
}
