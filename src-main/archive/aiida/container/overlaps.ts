import { archiveUnsafe } from './archive-errors.ts';

/** Where entries lie in the file, as two numbers each: tens of millions of them must fit into memory. */
export class Extents {
  #starts = new Float64Array(1024);
  #ends = new Float64Array(1024);
  #count = 0;

  /** `end` counts the least that the entry must take: its header, its name and its bytes. */
  add(start: number, end: number): void {
    if (this.#count === this.#starts.length) {
      this.#starts = grown(this.#starts);
      this.#ends = grown(this.#ends);
    }
    this.#starts[this.#count] = start;
    this.#ends[this.#count++] = end;
  }

  /**
   * Entries that share bytes are how small files unpack to petabytes (D. Fifield, “A better zip bomb”, 2019). No entry is
   * empty, so none share bytes exactly where each ends before the next one begins, starts and ends sorted by themselves.
   * @throws StemmaError `archive-unsafe`
   */
  refuseOverlaps(archive: string, fileSize: number): void {
    const starts = this.#starts.subarray(0, this.#count).sort();
    const ends = this.#ends.subarray(0, this.#count).sort();
    const last = ends.at(-1) ?? 0;
    // written so that what is no number is refused, too
    let sound = last <= fileSize;
    for (let i = 1; i < starts.length && sound; i++) sound = (starts[i] ?? 0) >= (ends[i - 1] ?? 0);
    if (!sound) throw archiveUnsafe(archive, 'entries of the file lie on top of each other');
  }
}

function grown(old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const fresh = new Float64Array(old.length * 2);
  fresh.set(old);
  return fresh;
}
