import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Repository, StoredObject } from '#main/repository/types.ts';
import { operationalError } from '#shared/base/errors.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { Dice } from '../time/dice.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Life } from './life.ts';
import { ObjectShelf } from './object-shelf.ts';

export const hashOf = (bytes: Uint8Array | string): ObjectHash =>
  createHash('sha256').update(bytes).digest('hex') as string as ObjectHash;

/**
 * The disk of the laptop as far as files go. What a put has resolved is durable; what was being put when the machine
 * lost its power may be there or not, each object for itself.
 */
export class VirtualDisk {
  readonly objects = new ObjectShelf();
  full = false;
}

const diskFull = (): Error =>
  operationalError({
    code: 'disk-full',
    message: 'The disk of this machine is full.',
    hint: 'Free some space.',
  });

/** The repository as one life of the core sees it. */
export function repositoryOf(disk: VirtualDisk, life: Life, time: VirtualTime, dice: Dice): Repository {
  const store = async (items: readonly Uint8Array[]): Promise<readonly StoredObject[]> => {
    await life.pass('before objects are stored');
    const stored: StoredObject[] = [];
    const early: boolean[] = [];
    for (const item of items) {
      const hash = hashOf(item);
      stored.push({ hash, size: item.length });
      // a full disk takes some of what it is given
      if (disk.full && dice.chance(0.5)) throw diskFull();
      early.push(dice.chance(0.5));
      if (early.at(-1) === true) disk.objects.put(hash, item);
    }
    await pause(time, dice.whole(0, 12));
    await life.pass('before objects are durable');
    if (disk.full) throw diskFull();
    for (const [index, item] of items.entries()) {
      const hash = stored[index]?.hash;
      if (hash !== undefined && early[index] !== true) disk.objects.put(hash, item);
    }
    await life.pass('after objects are durable');
    return stored;
  };
  const missing = (hash: ObjectHash): Error =>
    operationalError({ code: 'object-missing', message: `The object ${hash} is not in the repository.` });
  const bytes = async (hash: ObjectHash): Promise<Uint8Array> => {
    await life.pass('before an object is read');
    const found = disk.objects.contentOf(hash);
    if (found === null) throw missing(hash);
    return found;
  };
  const one = async (content: Uint8Array): Promise<StoredObject> => {
    const [stored] = await store([content]);
    if (stored === undefined) throw new Error('One object was stored');
    return stored;
  };
  const sizes = async (hashes: readonly ObjectHash[]): Promise<readonly (number | null)[]> => {
    await life.pass('before sizes are asked');
    return hashes.map((hash) => disk.objects.share(hash));
  };
  return {
    putBytes: one,
    putMany: store,
    bytes,
    sizes,
    async putStream(source) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of source) chunks.push(chunk as Uint8Array);
      return one(new Uint8Array(Buffer.concat(chunks)));
    },
    resume: () => Promise.reject(new Error('No file of the world is so large that it comes in parts')),
    stream(hash) {
      const found = disk.objects.contentOf(hash);
      return found === null
        ? new Readable({
            read() {
              this.destroy(missing(hash));
            },
          })
        : Readable.from([Buffer.from(found)], { objectMode: false });
    },
    size: async (hash) => (await sizes([hash]))[0] ?? null,
    purged: (hashes) => Promise.resolve(hashes.map(() => null)),
    totals: () => Promise.resolve({ objects: disk.objects.count, bytes: 0 }),
    check: () => Promise.reject(new Error('The world checks its objects itself')),
    close: () => Promise.resolve(),
  };
}

export const pause = (time: VirtualTime, ms: number): Promise<void> =>
  new Promise((resolve) => {
    time.after(ms, resolve);
  });
