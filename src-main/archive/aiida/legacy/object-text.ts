import { writePyJson } from '#shared/provenance/python-json.ts';
import { readString, respaced, splitObject } from './json-text.ts';

/**
 * A JSON object whose members can be changed while the text of all others stays as it is. It is taken apart only when
 * somebody asks for a member.
 */
export class ObjectText {
  static readonly empty = new ObjectText('{}', null);
  readonly #text: string | null;
  #members: ReadonlyMap<string, string> | null;

  static of(text: string): ObjectText {
    return new ObjectText(text, null);
  }

  private constructor(text: string | null, members: ReadonlyMap<string, string> | null) {
    this.#text = text;
    this.#members = members;
  }

  /** @throws StemmaError `archive-damaged` where the text is no object */
  get members(): ReadonlyMap<string, string> {
    this.#members ??= splitObject(this.#text ?? '{}');
    return this.#members;
  }

  has(key: string): boolean {
    return this.members.has(key);
  }

  /** The JSON text of a member; null where there is none, and where it is null. */
  json(key: string): string | null {
    const text = this.members.get(key);
    return text === undefined || text === 'null' ? null : text;
  }

  /** The member where it is a string; null for everything else. */
  string(key: string): string | null {
    const text = this.json(key);
    return text?.startsWith('"') === true ? readString(text) : null;
  }

  /** A new member goes to the end. */
  with(key: string, json: string): ObjectText {
    return new ObjectText(null, new Map([...this.members, [key, json]]));
  }

  withString(key: string, value: string): ObjectText {
    return this.with(key, writePyJson(value));
  }

  without(...keys: readonly string[]): ObjectText {
    if (!keys.some((key) => this.has(key))) return this;
    return new ObjectText(null, new Map([...this.members].filter(([key]) => !keys.includes(key))));
  }

  /** The member under another name, at the end; one that is not there changes nothing. */
  renamed(from: string, to: string): ObjectText {
    const text = this.members.get(from);
    return text === undefined ? this : this.without(from).with(to, text);
  }

  /** With the member changed by a table; what the table does not name stays. */
  mapped(key: string, table: Readonly<Record<string, string>>): ObjectText {
    const value = this.string(key);
    const next = value !== null && Object.hasOwn(table, value) ? table[value] : undefined;
    return next === undefined ? this : this.withString(key, next);
  }

  /** As Python's `json.dumps` spaces it. */
  toString(): string {
    if (this.#text !== null) return respaced(this.#text);
    return respaced(`{${[...this.members].map(([key, json]) => `${writePyJson(key)}: ${json}`).join(', ')}}`);
  }
}
