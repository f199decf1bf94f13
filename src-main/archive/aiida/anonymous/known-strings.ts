import type { IdentityKind } from '#shared/contract/areas/anonymous.ts';

/** A text that says who or where somebody is, and what stands in its place. */
export interface Identity {
  readonly kind: IdentityKind;
  readonly text: string;
  readonly becomes: string;
}

/** Whether upper and lower case are the same: in addresses and names of machines, and in names written in full. */
const isFolded = ({ kind, text }: Pick<Identity, 'kind' | 'text'>): boolean =>
  kind === 'e-mail' || kind === 'host' || kind === 'computer' || (kind === 'name' && /\s/.test(text));

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

/** Finds known texts where they stand as words: not inside of a longer run of letters and digits. */
export class KnownStrings {
  readonly #pattern: RegExp | null;
  readonly #exact = new Map<string, Identity>();
  readonly #folded = new Map<string, Identity>();
  readonly #times = new Map<Identity, number>();
  /** Characters of the longest. */
  readonly longest: number;

  constructor(identities: Iterable<Identity>) {
    const sorted = [...identities].toSorted((a, b) => b.text.length - a.text.length);
    const alternatives: string[] = [];
    for (const identity of sorted) {
      const folded = isFolded(identity);
      const key = folded ? identity.text.toLowerCase() : identity.text;
      const map = folded ? this.#folded : this.#exact;
      if (map.has(key)) continue;
      map.set(key, identity);
      alternatives.push(folded ? `(?i:${escaped(identity.text)})` : escaped(identity.text));
    }
    this.longest = sorted[0]?.text.length ?? 0;
    this.#pattern =
      alternatives.length === 0
        ? null
        : new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
  }

  get identities(): readonly Identity[] {
    return [...this.#exact.values(), ...this.#folded.values()];
  }

  /** How often one of them was replaced. */
  times(identity: Identity): number {
    return this.#times.get(identity) ?? 0;
  }

  replace(text: string): string {
    const pattern = this.#pattern;
    if (pattern === null) return text;
    return text.replace(pattern, (found) => {
      const identity = this.#of(found);
      if (identity === undefined) return found;
      this.#times.set(identity, this.times(identity) + 1);
      return identity.becomes;
    });
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
    const pattern = this.#pattern;
    let [count, end] = [0, from];
    if (pattern === null) return { count, end };
    pattern.lastIndex = from;
    for (let match = pattern.exec(text); match !== null && match.index < to; match = pattern.exec(text)) {
      count++;
      end = pattern.lastIndex;
    }
    pattern.lastIndex = 0;
    return { count, end };
  }

  #of(found: string): Identity | undefined {
    return this.#exact.get(found) ?? this.#folded.get(found.toLowerCase());
  }
}
