import type { ObjectHash } from '#shared/provenance/ids.ts';
import { hashOfKey } from './object-index.ts';

/** Bytes of a hash. */
const keyBytes = 32;
/** Where others have the row of their content. */
const isFile = -1;

/** An object that is here, and where. */
export interface LocatedObject {
  readonly hash: ObjectHash;
  /** Bytes. */
  readonly size: number;
  /** The row of its content; null for one that is a file. */
  readonly place: number | null;
}

/**
 * Many objects in the order in which their contents lie, by which a disk is read from one end to the other: small ones by
 * their place, then those that are files. Some fifty bytes for each.
 */
export class LocatedObjects implements Iterable<LocatedObject> {
  readonly #keys: Uint8Array;
  readonly #sizes: Float64Array;
  readonly #places: Float64Array;
  readonly #order: Uint32Array;

  /**
   * @param keys 32 bytes for each object
   * @param find null for one that is not here
   */
  constructor(
    keys: Uint8Array,
    find: (key: Uint8Array) => { readonly size: number; readonly place: number | null } | null,
  ) {
    const count = keys.length / keyBytes;
    this.#keys = keys;
    this.#sizes = new Float64Array(count);
    this.#places = new Float64Array(count);
    const here: number[] = [];
    for (let i = 0; i < count; i++) {
      const found = find(this.#key(i));
      if (found === null) continue;
      here.push(i);
      this.#sizes[i] = found.size;
      this.#places[i] = found.place ?? isFile;
    }
    const rank = (i: number): number => {
      const place = this.#places[i] as number;
      return place === isFile ? Infinity : place;
    };
    // files stay in the order of their hashes
    this.#order = Uint32Array.from(here).sort((a, b) =>
      rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : a - b,
    );
  }

  get count(): number {
    return this.#order.length;
  }

  *[Symbol.iterator](): Generator<LocatedObject> {
    for (const i of this.#order) {
      const place = this.#places[i] as number;
      yield {
        hash: hashOfKey(this.#key(i)),
        size: this.#sizes[i] as number,
        place: place === isFile ? null : place,
      };
    }
  }

  #key(i: number): Uint8Array {
    return this.#keys.subarray(i * keyBytes, (i + 1) * keyBytes);
  }
}
