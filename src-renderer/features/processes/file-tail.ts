/** A part of a file, as it was read. */
export interface ReadPart {
  /** Of the whole file when it was read, and where the part begins; bytes. */
  readonly size: number;
  readonly from: number;
  readonly bytes: Uint8Array;
}

/** What a new look at a growing file means for what was read before. */
export type TailStep =
  /** The bytes go on where the last ones ended. */
  | { readonly kind: 'more'; readonly bytes: Uint8Array }
  /** What was read before is gone or left out: the bytes are a new beginning. */
  | { readonly kind: 'begin'; readonly from: number; readonly bytes: Uint8Array }
  /** Another file stands there, and only its middle came: to be read again, from its beginning. */
  | { readonly kind: 'again' };

/**
 * Bytes that are read again each time. Neither size, nor time, nor inode shows that a shell's `>` began a file anew; that
 * two runs print the same at the same place is rare.
 */
const overlap = 256;

/** How far a file that grows was read, and whether it is still the same. */
export class FileTail {
  #known: number | null = null;
  #end: Uint8Array = new Uint8Array(0);
  #isAnother = false;

  /** From where to read; null for the end of the file, where nothing was read yet. */
  get from(): number | null {
    return this.#known === null ? null : this.#known - this.#end.length;
  }

  take({ from, bytes }: ReadPart): TailStep {
    const wished = this.from;
    const isSame = from === wished && this.#end.every((byte, at) => byte === bytes[at]);
    if (from === wished && from > 0 && !isSame) {
      this.#known = 0;
      this.#isAnother = true;
      this.#end = new Uint8Array(0);
      return { kind: 'again' };
    }
    const isBegin = !isSame || this.#isAnother;
    const fresh = isBegin ? bytes : bytes.subarray(this.#end.length);
    this.#isAnother = false;
    this.#known = from + bytes.length;
    this.#end = bytes.slice(-overlap);
    return isBegin ? { kind: 'begin', from, bytes: fresh } : { kind: 'more', bytes: fresh };
  }
}
