import type { ObjectHash } from '#shared/provenance/ids.ts';

/** Contents by hash. What nobody will read again may lose its content; that it is there, and how large, stays known. */
export class ObjectShelf {
  /** With how often each was put: what several have put is kept for all of them. */
  readonly #contents = new Map<ObjectHash, { readonly bytes: Uint8Array; readonly puts: number }>();
  readonly #sizes = new Map<ObjectHash, number>();

  get count(): number {
    return this.#contents.size + this.#sizes.size;
  }

  has(hash: ObjectHash): boolean {
    return this.#contents.has(hash) || this.#sizes.has(hash);
  }

  sizeOf(hash: ObjectHash): number | null {
    return this.#contents.get(hash)?.bytes.length ?? this.#sizes.get(hash) ?? null;
  }

  /** Whoever asks may use what is there instead of putting it. What was let go is not there for them. */
  share(hash: ObjectHash): number | null {
    const found = this.#contents.get(hash);
    if (found === undefined) return null;
    this.#contents.set(hash, { ...found, puts: found.puts + 1 });
    return found.bytes.length;
  }

  /** @throws Error where its content was let go: the simulator was wrong to do that */
  contentOf(hash: ObjectHash): Uint8Array | null {
    const found = this.#contents.get(hash);
    if (found !== undefined) return found.bytes;
    if (this.#sizes.has(hash)) throw new Error(`The simulator let go of ${hash}, which is read again.`);
    return null;
  }

  put(hash: ObjectHash, bytes: Uint8Array): void {
    // one that was let go and is put again has two owners
    const puts = this.#contents.get(hash)?.puts ?? (this.#sizes.delete(hash) ? 1 : 0);
    this.#contents.set(hash, { bytes, puts: puts + 1 });
  }

  letGo(hash: ObjectHash): void {
    const found = this.#contents.get(hash);
    if (found === undefined || found.puts > 1) return;
    this.#contents.delete(hash);
    this.#sizes.set(hash, found.bytes.length);
  }
}
