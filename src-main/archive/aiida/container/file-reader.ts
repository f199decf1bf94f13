import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { RandomAccessReader } from 'yauzl';

const pageSize = 1 << 20;

/**
 * A file that is read at any place, synchronously: archives are read in a thread of their own. yauzl asks for two
 * small pieces for each entry; a page of the file in memory makes that 10 times faster.
 */
export class FileReader extends RandomAccessReader {
  readonly size: number;
  readonly #fd: number;
  #page: Buffer | null = null;
  #pageStart = 0;
  #pageLength = 0;
  #open = true;

  /** @param file its path, or a descriptor of it that is ours from now on */
  constructor(file: string | number) {
    super();
    this.#fd = typeof file === 'number' ? file : openSync(file, 'r');
    this.size = fstatSync(this.#fd).size;
  }

  /** `length` bytes from `position`, fewer at the end of the file. */
  at(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, length, position));
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    try {
      this.#copy(buffer, offset, length, position);
      callback(null);
    } catch (error) {
      callback(error as Error);
    }
  }

  #copy(buffer: Buffer, offset: number, length: number, position: number): void {
    const from = this.#pageWith(position, length);
    if (from.copy(buffer, offset) < length) throw new Error('the file ends too early');
  }

  #pageWith(position: number, length: number): Buffer {
    if (length > pageSize) return this.at(position, length);
    this.#page ??= Buffer.allocUnsafe(pageSize);
    const inside = position >= this.#pageStart && position + length <= this.#pageStart + this.#pageLength;
    if (!inside) {
      this.#pageStart = position;
      this.#pageLength = readSync(this.#fd, this.#page, 0, pageSize, position);
    }
    const start = position - this.#pageStart;
    return this.#page.subarray(start, Math.min(start + length, this.#pageLength));
  }

  closeFile(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#fd);
  }
}
