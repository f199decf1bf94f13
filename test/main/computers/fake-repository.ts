import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { PartialObject, Repository, StoredObject } from '#main/repository/types.ts';

const hashOf = (bytes: Uint8Array): ObjectHash =>
  createHash('sha256').update(bytes).digest('hex') as string as ObjectHash;

/** A fake of the repository: objects in memory. What is not needed here throws. */
export class FakeRepository {
  readonly objects = new Map<ObjectHash, Buffer>();
  /** What came of objects that are not whole yet, by hash and size. */
  readonly partials = new Map<string, Buffer>();
  /** How often something was stored. */
  stores = 0;

  #put(bytes: Uint8Array): StoredObject {
    const hash = hashOf(bytes);
    this.objects.set(hash, Buffer.from(bytes));
    this.stores++;
    return { hash, size: bytes.length };
  }
  async putBytes(bytes: Uint8Array): Promise<StoredObject> {
    return this.#put(bytes);
  }
  async putMany(items: readonly Uint8Array[]): Promise<readonly StoredObject[]> {
    return items.map((item) => this.#put(item));
  }
  async putStream(source: Readable): Promise<StoredObject> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source) chunks.push(chunk as Uint8Array);
    return this.#put(Buffer.concat(chunks));
  }
  async resume(expected: StoredObject): Promise<PartialObject> {
    const name = `${expected.hash}-${expected.size}`;
    const parts = [this.partials.get(name) ?? Buffer.alloc(0)];
    const all = (): Buffer => Buffer.concat(parts);
    return {
      at: all().length,
      append: async (source, signal) => {
        for await (const chunk of source) {
          signal.throwIfAborted();
          parts.push(Buffer.from(chunk as Uint8Array));
        }
      },
      finish: async () => {
        this.partials.delete(name);
        const bytes = all();
        return hashOf(bytes) === expected.hash ? this.#put(bytes) : null;
      },
      release: async () => {
        this.partials.set(name, all());
      },
    };
  }
  stream(hash: ObjectHash, range?: { readonly start: number; readonly end: number }): Readable {
    const bytes = this.objects.get(hash);
    return Readable.from(bytes === undefined ? [] : [bytes.subarray(range?.start, range?.end)]);
  }
  async sizes(hashes: readonly ObjectHash[]): Promise<readonly (number | null)[]> {
    return hashes.map((hash) => this.objects.get(hash)?.length ?? null);
  }

  text(hash: ObjectHash): string {
    return this.objects.get(hash)?.toString() ?? '';
  }

  asRepository(): Repository {
    return this as unknown as Repository;
  }
}
