import type { ReadSession } from './session.ts';
import { hashesIn } from './node-rows.ts';

const nodesAtOnce = 2000;

/** Distinct SHA-256 hashes, as 32 bytes each, ascending: a hundred thousand of them are 3 MB. */
export class HashSet {
  readonly #hashes = new Set<string>();

  add(repository: string): void {
    // latin1 keeps one byte in one character: a third of the memory of hexadecimal
    for (const hash of hashesIn(repository)) this.addHash(hash);
  }

  /** @param hash 64 hexadecimal digits */
  addHash(hash: string): void {
    this.#hashes.add(Buffer.from(hash, 'hex').toString('latin1'));
  }

  /** Takes away every hash that the text of a node's repository names. */
  remove(repository: string): void {
    for (const hash of hashesIn(repository)) this.#hashes.delete(Buffer.from(hash, 'hex').toString('latin1'));
  }

  has(hash: string): boolean {
    return this.#hashes.has(Buffer.from(hash, 'hex').toString('latin1'));
  }

  get size(): number {
    return this.#hashes.size;
  }

  pack(): Uint8Array {
    const packed = new Uint8Array(this.#hashes.size * 32);
    [...this.#hashes].sort().forEach((hash, i) => packed.set(Buffer.from(hash, 'latin1'), i * 32));
    return packed;
  }
}

/** Of every file that a node names. */
export function objectHashes(session: ReadSession): { readonly hashes: Uint8Array } {
  const hashes = new HashSet();
  for (let after = -1; ;) {
    const rows = session.raw<readonly [id: number, repository: string]>(
      `SELECT id, repository_metadata FROM nodes WHERE id > ? AND repository_metadata <> '{}' ORDER BY id LIMIT ?`,
      after,
      nodesAtOnce,
    );
    for (const [id, repository] of rows) {
      hashes.add(repository);
      after = id;
    }
    if (rows.length < nodesAtOnce) return { hashes: hashes.pack() };
  }
}
