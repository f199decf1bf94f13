const chunkBytes = 1 << 16;
/** Of a record before its name; where the lengths of name, extra field and comment stand in it (PKWARE APPNOTE 4.3.12). */
const [fixedBytes, lengthsAt] = [46, 28];

/**
 * The directory of a zip while it grows, as the bytes that it will be: some hundred for an entry, outside of the heap,
 * where an object for each would be several times as much.
 */
export class DirectoryRecords {
  readonly #chunks: Buffer[] = [];
  #last = Buffer.alloc(0);
  #used = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(record: Buffer): void {
    if (record.length > this.#last.length - this.#used) {
      this.#close();
      this.#last = Buffer.allocUnsafeSlow(Math.max(chunkBytes, record.length));
    }
    this.#used += record.copy(this.#last, this.#used);
    this.#count++;
  }

  /** All of them, those with these names at the head, in their order. */
  *inOrder(first: readonly string[]): Generator<Buffer> {
    this.#close();
    const ahead = new Map<string, Buffer>();
    for (const { name, record } of this.#records()) if (first.includes(name())) ahead.set(name(), record);
    for (const name of first) {
      const record = ahead.get(name);
      if (record !== undefined) yield record;
    }
    for (const { name, record } of this.#records()) if (!ahead.has(name())) yield record;
  }

  *#records(): Generator<{ readonly name: () => string; readonly record: Buffer }> {
    for (const chunk of this.#chunks) {
      for (let at = 0; at < chunk.length;) {
        const nameEnd = at + fixedBytes + chunk.readUInt16LE(at + lengthsAt);
        const end = nameEnd + chunk.readUInt16LE(at + lengthsAt + 2) + chunk.readUInt16LE(at + lengthsAt + 4);
        const start = at + fixedBytes;
        yield { name: () => chunk.toString('utf8', start, nameEnd), record: chunk.subarray(at, end) };
        at = end;
      }
    }
  }

  #close(): void {
    if (this.#used > 0) this.#chunks.push(this.#last.subarray(0, this.#used));
    this.#used = 0;
    this.#last = Buffer.alloc(0);
  }
}
