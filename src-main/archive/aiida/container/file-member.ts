import { archiveDamaged } from './archive-errors.ts';
import type { FileReader } from './file-reader.ts';
import type { Member } from './member.ts';

const pieceSize = 1 << 20;

/** A member that lies as it is in a file: in a spool of ours, or in a file of its own. */
export class FileMember implements Member {
  readonly name: string;
  readonly size: number;
  readonly offset: number;
  readonly #open: () => FileReader;
  readonly #closes: boolean;

  /** @param closes whether the reader is only for one reading */
  constructor(
    place: { readonly name: string; readonly size: number; readonly offset: number },
    open: () => FileReader,
    closes: boolean,
  ) {
    this.name = place.name;
    this.size = place.size;
    this.offset = place.offset;
    this.#open = open;
    this.#closes = closes;
  }

  read(): Buffer {
    const file = this.#open();
    try {
      return this.#piece(file, 0, this.size);
    } finally {
      if (this.#closes) file.closeFile();
    }
  }

  // asynchronous for who reads members of every kind
  // oxlint-disable-next-line typescript/require-await
  async *stream(): AsyncGenerator<Buffer> {
    const file = this.#open();
    try {
      for (let at = 0; at < this.size; at += pieceSize) {
        yield this.#piece(file, at, Math.min(pieceSize, this.size - at));
      }
    } finally {
      if (this.#closes) file.closeFile();
    }
  }

  #piece(file: FileReader, at: number, length: number): Buffer {
    const bytes = file.at((this.#closes ? 0 : this.offset) + at, length);
    if (bytes.length < length) throw archiveDamaged(this.name, `“${this.name}” has become shorter`);
    return bytes;
  }
}
