import { parseUuid, type Uuid } from '#shared/provenance/ids.ts';
import { readTimestamp, writeTimestamp } from '#shared/provenance/timestamps.ts';
import { archiveDamaged } from '../container/archive-errors.ts';
import type { ObjectText } from './object-text.ts';

/** Reads the fields of a row of `data.json` as cells of a database of today; what is null gets AiiDA's defaults. */
export class Cells {
  readonly #table: string;
  readonly #id: number;
  readonly #row: ObjectText;
  readonly #now: string;

  /** @param now stands for times that are null, as in AiiDA's migration */
  constructor(table: string, id: number, row: ObjectText, now: string) {
    this.#table = table;
    this.#id = id;
    this.#row = row;
    this.#now = now;
  }

  #wrong(field: string): Error {
    const what = `row ${this.#id} of the ${this.#table} in its data.json has no usable “${field}”`;
    return archiveDamaged(`${this.#table} ${this.#id}`, what);
  }

  text(field: string, missing = ''): string {
    return this.textOrNull(field) ?? missing;
  }

  textOrNull(field: string): string | null {
    const text = this.#row.string(field);
    if (text === null && this.#row.json(field) !== null) throw this.#wrong(field);
    return text;
  }

  uuid(): Uuid {
    try {
      return parseUuid(this.text('uuid'));
    } catch {
      throw this.#wrong('uuid');
    }
  }

  time(field: string): string {
    const text = this.textOrNull(field);
    try {
      return text === null ? this.#now : writeTimestamp(readTimestamp(text));
    } catch {
      throw this.#wrong(field);
    }
  }

  key(field: string): number {
    return this.keyOrNull(field) ?? this.#fail(field);
  }

  keyOrNull(field: string): number | null {
    const json = this.#row.json(field);
    if (json === null) return null;
    return /^\d{1,10}$/.test(json) ? Number(json) : this.#fail(field);
  }

  /** The text of an object. */
  object(field: string): string {
    const json = this.#row.json(field);
    if (json !== null && !json.startsWith('{')) throw this.#wrong(field);
    return json ?? '{}';
  }

  #fail(field: string): never {
    throw this.#wrong(field);
  }
}
