import { SvelteSet } from 'svelte/reactivity';

/** Which rows are selected, by key, and from where a range extends. One may be shared by several views. */
export class Selection {
  readonly keys: ReadonlySet<string>;
  readonly #keys = new SvelteSet<string>();
  #anchor: string | null = null;
  /** What the last range added, so that a shorter one takes the rest back. */
  #range: readonly string[] = [];

  constructor(keys: Iterable<string> = []) {
    for (const key of keys) this.#keys.add(key);
    this.keys = this.#keys;
  }

  get size(): number {
    return this.#keys.size;
  }

  get anchor(): string | null {
    return this.#anchor;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  toggle(key: string): void {
    if (!this.#keys.delete(key)) this.#keys.add(key);
    this.#anchor = key;
    this.#range = [];
  }

  only(key: string): void {
    this.set([key]);
    this.#anchor = key;
  }

  /** Selects from the anchor; `keys` are those between it and where the range ends, both included. */
  extend(keys: readonly string[]): void {
    for (const key of this.#range) this.#keys.delete(key);
    for (const key of keys) this.#keys.add(key);
    this.#range = keys;
  }

  /** Where ranges begin from now on; without it, at the row where the keyboard is. */
  setAnchor(key: string): void {
    this.#anchor = key;
    this.#range = [];
  }

  set(keys: Iterable<string>): void {
    this.#keys.clear();
    for (const key of keys) this.#keys.add(key);
    this.#range = [];
  }

  drop(keys: Iterable<string>): void {
    for (const key of keys) this.#keys.delete(key);
    this.#range = [];
  }

  clear(): void {
    this.#keys.clear();
    this.#anchor = null;
    this.#range = [];
  }
}
