import type { Progress } from '#shared/contract/common.ts';
import { letGoOf } from '../../../isolate/lean-heap.ts';
import type { ObjectHash } from '#shared/provenance/ids.ts';
import type { ObjectReader } from '../../../repository/object-reader.ts';
import { objectName } from '../container/entry-grammar.ts';
import type { PackedEntry, ZipWriter } from './zip-writer.ts';

/** Packed in memory, some at once, on the cores that are free. */
const inMemory = 4 << 20;
const atOnce = 32;

/**
 * Puts files into the zip. Each is compared with its hash as it is read, so that a damaged one
 * ends the export instead of leaving with it.
 * @throws StemmaError `object-missing`, `object-damaged`
 */
export async function writeObjects(
  hashes: readonly ObjectHash[],
  objects: ObjectReader,
  zip: ZipWriter,
  progress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<void> {
  let done = 0;
  let packing: Promise<PackedEntry>[] = [];
  const flush = async (): Promise<void> => {
    for (const packed of await Promise.all(packing)) {
      zip.add(packed);
      letGoOf(packed.size + packed.packed.length);
    }
    done += packing.length;
    packing = [];
    progress({ done, total: hashes.length, unit: 'files', words: 'Packing files' });
    signal.throwIfAborted();
  };
  const pack = async (hash: ObjectHash): Promise<PackedEntry> =>
    zip.pack(objectName(hash), await objects.bytes(hash));
  for (const hash of hashes) {
    const size = objects.size(hash) ?? 0;
    if (size > inMemory) {
      await flush();
      await zip.addStream(objectName(hash), objects.stream(hash), size);
      done++;
    } else if (packing.push(pack(hash)) >= atOnce) {
      await flush();
    }
  }
  await flush();
}
