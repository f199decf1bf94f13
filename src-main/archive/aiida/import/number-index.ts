/**
 * Which of millions of integers came as which one, in 8 bytes each; a map takes ten times that. Those of an archive rise
 * nearly always, mostly by one: they are then found where they are expected, else by halving.
 */
export class NumberIndex {
  /** Sorted, once something was looked for. */
  #keys: Float64Array;
  /** Where the keys came in another order: at what place each of the sorted ones had come. */
  #places: Int32Array | null = null;
  #count = 0;
  #rises = true;

  constructor(capacity: number) {
    this.#keys = new Float64Array(capacity);
  }

  /** At most as often as the capacity says, and never again once something was looked for. */
  add(key: number): void {
    if (this.#count > 0 && key <= (this.#keys[this.#count - 1] ?? 0)) this.#rises = false;
    this.#keys[this.#count++] = key;
  }

  /** How many had come before it; of one that came twice the last counts. null where it never came. */
  numberOf(key: number): number | null {
    if (!this.#rises) this.#sort();
    const keys = this.#keys;
    const expected = key - (keys[0] ?? 0);
    if (expected >= 0 && expected < this.#count && keys[expected] === key && this.#places === null)
      return expected;
    let [from, to] = [0, this.#count];
    // the first place that is beyond the key
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((keys[middle] ?? 0) <= key) from = middle + 1;
      else to = middle;
    }
    const at = from - 1;
    if (at < 0 || keys[at] !== key) return null;
    return this.#places === null ? at : (this.#places[at] ?? 0);
  }

  #sort(): void {
    const unsorted = this.#keys;
    const key = (place: number): number => unsorted[place] ?? 0;
    const places = new Int32Array(this.#count);
    for (let place = 0; place < this.#count; place++) places[place] = place;
    // of equal keys the later one stands behind
    places.sort((a, b) => key(a) - key(b) || a - b);
    this.#keys = Float64Array.from(places, key);
    this.#places = places;
    this.#rises = true;
  }
}
