import type { Progress } from '#shared/contract/common.ts';
import { letGoOf } from '../../../isolate/lean-heap.ts';
import type { LocatedObject, LocatedObjects } from '../../../repository/located-objects.ts';
import type { ObjectReader } from '../../../repository/object-reader.ts';
import { objectName } from '../container/entry-grammar.ts';
import type { PackedEntry, ZipWriter } from './zip-writer.ts';

/** Packed in memory, some at once, on the cores that are free. */
const inMemory = 1 << 20;
const atOnce = 32;
const bytesAtOnce = 4 << 20;
/** About what a file costs besides its content while it is packed: buffers, a stream of zlib, and what the system keeps of them. */
const ownBytes = 4096;

/**
 * Puts files into the zip, in the order in which they lie in the repository. Each is compared with its hash as it is read,
 * so that a damaged one ends the export instead of leaving with it.
 * @param leaves whether a file leaves at all
 * @returns how many have left
 * @throws StemmaError `object-missing`, `object-damaged`
 */
export async function writeObjects(
  files: LocatedObjects,
  leaves: (file: LocatedObject) => boolean,
  objects: ObjectReader,
  zip: ZipWriter,
  progress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<number> {
  let [done, left, bytes] = [0, 0, 0];
  let packing: Promise<PackedEntry>[] = [];
  const flush = async (): Promise<void> => {
    for (const packed of await Promise.all(packing)) {
      zip.add(packed);
      letGoOf(packed.size * 2 + packed.packed.length + ownBytes);
    }
    left += packing.length;
    [packing, bytes] = [[], 0];
    progress({ done, total: files.count, unit: 'files', words: 'Packing files' });
    signal.throwIfAborted();
    await breathe();
  };
  const pack = async (file: LocatedObject): Promise<PackedEntry> =>
    zip.pack(objectName(file.hash), await objects.located(file));
  for (const file of files) {
    done++;
    if (!leaves(file)) continue;
    if (file.size > inMemory) {
      await flush();
      await zip.addStream(objectName(file.hash), objects.stream(file.hash), file.size);
      left++;
      continue;
    }
    bytes += file.size;
    if (packing.push(pack(file)) >= atOnce || bytes >= bytesAtOnce) await flush();
  }
  await flush();
  return left;
}

/** Others of this thread get their turn: small files are packed without waiting for anything. */
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
