import { setImmediate } from 'node:timers/promises';
import { archiveDamaged, valueTooLarge } from '../container/archive-errors.ts';
import { budgets } from '../container/budgets.ts';
import { FileReader } from '../container/file-reader.ts';

const pageSize = 1 << 20;

/** Where a value stands in the file. */
export interface Slice {
  /** Bytes; the end is not included. */
  readonly start: number;
  readonly end: number;
}

export interface KeyedSlice extends Slice {
  readonly key: string;
}

/**
 * A JSON file of any size, of which only what is asked for is in memory: its structure is walked page by page, and the
 * text of a value is read when somebody wants it. AiiDA 1 had archives whose `data.json` was over a gigabyte.
 */
export class JsonFile {
  readonly size: number;
  readonly #file: FileReader;
  readonly #page = Buffer.allocUnsafe(pageSize);
  readonly #onPage: (position: number) => void;
  #start = 0;
  #length = 0;
  #walked = 0;
  #rested = 0;

  /** @param onPage is told where the walk is; what it throws ends the walk */
  constructor(file: string, onPage: (position: number) => void = () => {}) {
    this.#file = new FileReader(file);
    this.size = this.#file.size;
    this.#onPage = onPage;
  }

  close(): void {
    this.#file.closeFile();
  }

  get whole(): Slice {
    return { start: this.#space(0), end: this.size };
  }

  /** @throws StemmaError `archive-too-large` for a value that is larger than any of a real archive */
  text({ start, end }: Slice): string {
    if (end - start > budgets.cell)
      throw valueTooLarge('it has one value', end - start, budgets.cell, 'data.json');
    return this.#file.at(start, end - start).toString('utf8');
  }

  /** The members of the object that begins there. @throws StemmaError `archive-damaged` */
  async *members(object: Slice): AsyncGenerator<KeyedSlice> {
    let at = this.#open(object.start, 0x7b, 0x7d);
    while (at !== null) {
      const keyEnd = this.#string(at);
      const key = readKey(this.text({ start: at, end: keyEnd }));
      const colon = this.#space(keyEnd);
      if (this.#byte(colon) !== 0x3a) throw damaged();
      const start = this.#space(colon + 1);
      const end = this.#value(start);
      yield { key, start, end };
      await this.#rest();
      at = this.#next(end, 0x7d);
    }
  }

  /** The elements of the list that begins there. @throws StemmaError `archive-damaged` */
  async *elements(list: Slice): AsyncGenerator<Slice> {
    let start = this.#open(list.start, 0x5b, 0x5d);
    while (start !== null) {
      const end = this.#value(start);
      yield { start, end };
      await this.#rest();
      start = this.#next(end, 0x5d);
    }
  }

  /** Lets others have their turn, a signal among them. */
  async #rest(): Promise<void> {
    if (this.#walked - this.#rested < 4 * pageSize) return;
    this.#rested = this.#walked;
    await setImmediate();
  }

  /** The place of the first item; null where there is none. */
  #open(at: number, open: number, close: number): number | null {
    if (this.#byte(at) !== open) throw damaged();
    const first = this.#space(at + 1);
    return this.#byte(first) === close ? null : first;
  }

  #next(end: number, close: number): number | null {
    const at = this.#space(end);
    const byte = this.#byte(at);
    if (byte === close) return null;
    if (byte !== 0x2c) throw damaged();
    return this.#space(at + 1);
  }

  /** -1 behind the end. */
  #byte(at: number): number {
    const inside = at - this.#start;
    if (inside >= 0 && inside < this.#length) return this.#page[inside] ?? -1;
    return this.#load(at);
  }

  #load(at: number): number {
    if (at >= this.size) return -1;
    this.#onPage(at);
    const bytes = this.#file.at(at, pageSize);
    bytes.copy(this.#page);
    this.#start = at;
    this.#length = bytes.length;
    this.#walked += bytes.length;
    return this.#page[0] ?? -1;
  }

  #space(at: number): number {
    let i = at;
    for (let byte = this.#byte(i); byte !== -1 && byte <= 0x20; byte = this.#byte(++i));
    return i;
  }

  /** The place behind the string that begins there. */
  #string(at: number): number {
    if (this.#byte(at) !== 0x22) throw damaged();
    for (let i = at + 1; ; i++) {
      const byte = this.#byte(i);
      if (byte === 0x22) return i + 1;
      if (byte === 0x5c) i++;
      else if (byte === -1) throw damaged();
    }
  }

  /** The place behind the value that begins there; brackets are counted, not compared. */
  #value(at: number): number {
    let depth = 0;
    for (let i = at; ;) {
      const byte = this.#byte(i);
      if (byte === -1) throw damaged();
      if (byte === 0x22) {
        i = this.#string(i);
        if (depth === 0) return i;
        continue;
      }
      const closes = byte === 0x7d || byte === 0x5d;
      if (byte === 0x7b || byte === 0x5b) depth++;
      else if (depth === 0 && (closes || byte === 0x2c || byte === 0x3a || byte <= 0x20)) {
        if (i === at) throw damaged();
        return i;
      } else if (closes && --depth === 0) return i + 1;
      i++;
    }
  }
}

const damaged = (): Error => archiveDamaged('data.json', 'its data.json is cut off or is not JSON');

function readKey(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch (error) {
    throw archiveDamaged('data.json', 'its data.json has a key that is no text', error);
  }
}
