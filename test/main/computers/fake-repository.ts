import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { Repository, StoredObject } from '#main/repository/types.ts';

/** A fake of the repository: objects in memory. What is not needed here throws. */
export class FakeRepository {
  readonly objects = new Map<ObjectHash, Buffer>();
  /** How often something was stored. */
  stores = 0;

  #put(bytes: Uint8Array): StoredObject {
    const hash = createHash('sha256').update(bytes).digest('hex') as string as ObjectHash;
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
  stream(hash: ObjectHash): Readable {
    const bytes = this.objects.get(hash);
    return bytes === undefined ? Readable.from([]) : Readable.from([bytes]);
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
