import { createHash } from 'node:crypto';

/** Once there are this many nodes the arrays grow by half. */
const atFirst = 1024;

/**
 * What every sealed node was like when it was first seen: eight bytes of a hash for each, by the number of its row, so
 * that a million of them need no more than a few megabytes.
 */
export class SealedNodes {
  #digests = new BigUint64Array(atFirst);
  #lastSeen = new Uint16Array(atFirst);
  #round = 0;
  #known = 0;
  #seen = 0;

  /** A new look at all of them begins. */
  begin(): void {
    this.#round++;
    this.#seen = 0;
  }

  /** @returns what became of it since it was first seen */
  see(id: number, content: string): 'new' | 'same' | 'changed' {
    this.#makeRoom(id);
    // never 0, which says that nothing is known
    const digest = createHash('sha256').update(content).digest().readBigUInt64LE() | 1n;
    const before = this.#digests[id];
    this.#digests[id] = digest;
    this.#lastSeen[id] = this.#round;
    this.#seen++;
    if (before === 0n) {
      this.#known++;
      return 'new';
    }
    return before === digest ? 'same' : 'changed';
  }

  /** Those that were there before, and were not seen in this round; each is told once. */
  *gone(): Generator<number> {
    if (this.#seen === this.#known) return;
    for (const [id, digest] of this.#digests.entries()) {
      if (digest === 0n || this.#lastSeen[id] === this.#round) continue;
      this.#digests[id] = 0n;
      this.#known--;
      yield id;
    }
  }

  #makeRoom(id: number): void {
    if (id < this.#digests.length) return;
    const size = Math.ceil(id * 1.5) + 1;
    const digests = new BigUint64Array(size);
    const lastSeen = new Uint16Array(size);
    digests.set(this.#digests);
    lastSeen.set(this.#lastSeen);
    this.#digests = digests;
    this.#lastSeen = lastSeen;
  }
}
