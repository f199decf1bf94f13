import type { IdentityKind } from '#shared/contract/areas/anonymous.ts';
import { behindEscape, endOfWord, isWordAt, isWordBefore, nextWord } from './words-in-text.ts';

/** A text that says who or where somebody is, and what stands in its place. */
export interface Identity {
  readonly kind: IdentityKind;
  readonly text: string;
  readonly becomes: string;
  /** Too short to be looked for everywhere: only where what stands beside it says that it is a login. */
  readonly nearby?: boolean;
}

/** Whether upper and lower case are the same: in addresses, logins and names of machines, and in names written in full. */
const isFolded = ({ kind, text }: Pick<Identity, 'kind' | 'text'>): boolean =>
  kind === 'e-mail' ||
  kind === 'host' ||
  kind === 'computer' ||
  kind === 'login' ||
  (kind === 'name' && /\s/.test(text));

/** Of the identities that have one first word: how far before it they begin, and how long they are. */
interface Shape {
  readonly offset: number;
  readonly length: number;
}

interface Found {
  readonly start: number;
  readonly end: number;
  readonly identity: Identity;
}

/** Before a login: the folder of homes, or a word that says so. */
const saysLogin =
  /(?:[/\\](?:home|homes|users|u)[/\\]{1,2}|(?<![\p{L}\p{N}])(?:user|username|user_name|userid|owner|job_owner|login|account)["'\\]*\s{0,4}[=:(]\s{0,4}["'\\]*)$/iu;
/** Characters that {@link saysLogin} looks back. */
export const contextLength = 32;

/**
 * Finds known texts where they stand as words: not inside of a longer run of letters and digits. Each word of a text is
 * looked up by the first word of what is known, so that it takes no longer with a hundred thousand folders than with one.
 */
export class KnownStrings {
  readonly #exact = new Map<string, Identity>();
  readonly #folded = new Map<string, Identity>();
  /** By their first word, in lower case; who begins first is first, then the longest. */
  readonly #shapes = new Map<string, Shape[]>();
  readonly #times = new Map<Identity, number>();
  /** Characters of the longest. */
  readonly longest: number;

  constructor(identities: Iterable<Identity>) {
    let longest = 0;
    for (const identity of identities) {
      const { text } = identity;
      const folded = isFolded(identity);
      const key = folded ? text.toLowerCase() : text;
      const map = folded ? this.#folded : this.#exact;
      const offset = nextWord(text, 0);
      if (map.has(key) || offset === text.length) continue;
      map.set(key, identity);
      longest = Math.max(longest, text.length);
      const word = text.slice(offset, endOfWord(text, offset)).toLowerCase();
      const shapes = this.#shapes.get(word) ?? [];
      if (!shapes.some((one) => one.offset === offset && one.length === text.length))
        shapes.push({ offset, length: text.length });
      this.#shapes.set(word, shapes);
    }
    for (const shapes of this.#shapes.values())
      shapes.sort((a, b) => b.offset - a.offset || b.length - a.length);
    this.longest = longest;
  }

  get identities(): readonly Identity[] {
    return [...this.#exact.values(), ...this.#folded.values()];
  }

  /** How often one of them was replaced. */
  times(identity: Identity): number {
    return this.#times.get(identity) ?? 0;
  }

  replace(text: string): string {
    let result = '';
    let copied = 0;
    for (let found = this.#next(text, 0); found !== null; found = this.#next(text, found.end)) {
      this.#times.set(found.identity, this.times(found.identity) + 1);
      result += text.slice(copied, found.start) + found.identity.becomes;
      copied = found.end;
    }
    return copied === 0 ? text : result + text.slice(copied);
  }

  /** Counts them as if they were replaced. */
  note(text: string): void {
    this.replace(text);
  }

  /**
   * How many begin in a stretch of a text.
   * @returns with where the last of them ends
   */
  countIn(text: string, from: number, to: number): { readonly count: number; readonly end: number } {
    let [count, end] = [0, from];
    for (let found = this.#next(text, from); found !== null && found.start < to;) {
      count++;
      ({ end } = found);
      found = this.#next(text, end);
    }
    return { count, end };
  }

  /** The first that begins at `from` or later. */
  #next(text: string, from: number): Found | null {
    if (this.#shapes.size === 0) return null;
    let start = nextWord(text, from);
    // the rest of a word that began before
    if (isWordBefore(text, start)) start = nextWord(text, endOfWord(text, start));
    while (start < text.length) {
      const end = endOfWord(text, start);
      const found = this.#at(text, from, start, end);
      if (found !== null) return found;
      const inside = behindEscape(text, start, end);
      if (inside !== -1) {
        const behind = this.#at(text, inside, inside, end);
        if (behind !== null) return behind;
      }
      start = nextWord(text, end);
    }
    return null;
  }

  /** One whose first word is the run from `start` to `end`, and that does not begin before `from`. */
  #at(text: string, from: number, start: number, end: number): Found | null {
    const shapes = this.#shapes.get(text.slice(start, end).toLowerCase());
    if (shapes === undefined) return null;
    for (const { offset, length } of shapes) {
      const [first, last] = [start - offset, start - offset + length];
      if (first < from || last > text.length || isWordAt(text, last)) continue;
      if (offset > 0 && isWordBefore(text, first)) continue;
      const part = text.slice(first, last);
      const identity = this.#exact.get(part) ?? this.#folded.get(part.toLowerCase());
      if (identity === undefined) continue;
      if (identity.nearby === true && !isLogin(text, first, last)) continue;
      return { start: first, end: last, identity };
    }
    return null;
  }
}

/** Whether what stands beside a short text says that it is a login. */
const isLogin = (text: string, start: number, end: number): boolean =>
  (text[end] === '@' && isWordAt(text, end + 1)) ||
  saysLogin.test(text.slice(Math.max(0, start - contextLength), start));
