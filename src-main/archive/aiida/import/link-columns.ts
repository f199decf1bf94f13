import { linkTypes, type LinkType } from '#shared/provenance/links.ts';

/** What an archive says of itself is believed up to here; beyond, columns grow as links come. */
const mostExpected = 16_000_000;

/** Millions of links in columns: 13 bytes each, labels by number. */
export class LinkColumns {
  source: Int32Array<ArrayBuffer>;
  target: Int32Array<ArrayBuffer>;
  type: Uint8Array<ArrayBuffer>;
  label: Int32Array<ArrayBuffer>;
  readonly labels: string[] = [];
  readonly #labelNumbers = new Map<string, number>();
  count = 0;

  /** @param expected how many there will be, so that columns need not be copied to grow */
  constructor(expected = 0) {
    const room = Math.max(1024, Math.min(expected, mostExpected));
    this.source = new Int32Array(room);
    this.target = new Int32Array(room);
    this.type = new Uint8Array(room);
    this.label = new Int32Array(room);
  }

  /** Source and target are the numbers of nodes in the archive. */
  add(source: number, target: number, type: LinkType, label: string): void {
    if (this.count === this.source.length) this.#grow();
    const at = this.count++;
    this.source[at] = source;
    this.target[at] = target;
    this.type[at] = linkTypes.indexOf(type);
    this.label[at] = this.#labelNumber(label);
  }

  typeOf(at: number): LinkType {
    return linkTypes[this.type[at] ?? 0] ?? 'input_calc';
  }

  labelOf(at: number): string {
    return this.labels[this.label[at] ?? 0] ?? '';
  }

  /** The same links, each once. Only for an archive that has some twice: it needs much memory. */
  withoutDuplicates(): LinkColumns {
    const unique = new LinkColumns();
    const seen = new Set<string>();
    for (let at = 0; at < this.count; at++) {
      const [source, target] = [this.source[at] ?? 0, this.target[at] ?? 0];
      const key = `${source} ${target} ${this.type[at]} ${this.label[at]}`;
      if (seen.has(key)) continue;
      seen.add(key);
      unique.add(source, target, this.typeOf(at), this.labelOf(at));
    }
    return unique;
  }

  #labelNumber(label: string): number {
    let number = this.#labelNumbers.get(label);
    if (number === undefined) {
      number = this.labels.push(label) - 1;
      this.#labelNumbers.set(label, number);
    }
    return number;
  }

  #grow(): void {
    const capacity = this.source.length * 2;
    const grown = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const fresh = new Int32Array(capacity);
      fresh.set(old);
      return fresh;
    };
    this.source = grown(this.source);
    this.target = grown(this.target);
    this.label = grown(this.label);
    const types = new Uint8Array(capacity);
    types.set(this.type);
    this.type = types;
  }
}
