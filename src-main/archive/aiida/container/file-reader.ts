import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A file that is read at any place, synchronously: archives are read in a thread of their own. */
export class FileReader {
  readonly size: number;
  readonly #fd: number;
  #open = true;

  /** @param file its path, or a descriptor of it that is ours from now on */
  constructor(file: string | number) {
    this.#fd = typeof file === 'number' ? file : openSync(file, 'r');
    this.size = fstatSync(this.#fd).size;
  }

  /** `length` bytes from `position`, fewer at the end of the file. */
  at(position: number, length: number): Buffer {
    if (position >= this.size) return Buffer.alloc(0);
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, length, position));
  }

  closeFile(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#fd);
  }
}
