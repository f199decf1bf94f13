import { archiveUnsafe } from './archive-errors.ts';

/** Where entries lie in the file, as two numbers each, in memory that does not grow with their names. */
export class Extents {
  readonly #extents: [start: number, end: number][] = [];

  /** `end` counts the least that the entry must take: its header, its name and its bytes. */
  add(start: number, end: number): void {
    this.#extents.push([start, end]);
  }

  /**
   * Entries that share bytes are how small files unpack to petabytes (D. Fifield, “A better zip bomb”, 2019).
   * @throws StemmaError `archive-unsafe`
   */
  refuseOverlaps(archive: string, fileSize: number): void {
    this.#extents.sort(([a], [b]) => a - b);
    let end = 0;
    for (const [start, next] of this.#extents) {
      if (start < end || next > fileSize) {
        throw archiveUnsafe(archive, 'entries of the file lie on top of each other');
      }
      end = next;
    }
  }
}
