import { elementType, type ElementType } from '#shared/npy/element-types.ts';
import { readNpyHeader, type NpyHeader } from '#shared/npy/header.ts';
import { NpyArray } from '#shared/npy/npy-array.ts';
import { partsOf, type ArrayPart, type Parts } from '#shared/npy/parts.ts';
import { isNumeric, RunningStatistics, type Statistics } from '#shared/npy/statistics.ts';
import { pieces, readUpTo, type FilePlace, type ReadFile } from '../files/read-file.ts';

/** What of an array is in memory at once. */
export const mostPartBytes = 16_000_000;
const headBytes = 65_536;

/** An array of a file of any size: its head is read, and of its elements a part at a time. */
export interface OpenArray {
  readonly header: NpyHeader;
  readonly type: ElementType;
  /** Of the file, in bytes. */
  readonly size: number;
  /** As the parts have it: the header's, or its mirror image where the first index runs fastest. */
  readonly shape: readonly number[];
  /** The array is so large and stored by columns that its axes are shown in the order in which they lie in the file. */
  readonly reversed: boolean;
  readonly parts: Parts;
  readonly read: (part: ArrayPart, signal: AbortSignal) => Promise<NpyArray>;
  /** Figures of every element, read part by part and forgotten again. Null where they are no numbers. */
  readonly figures: (onProgress: (done: number) => void, signal: AbortSignal) => Promise<Statistics | null>;
}

/** @throws StemmaError `npy-bad`, `npy-type`, and where the file is missing */
export async function openArray(read: ReadFile, place: FilePlace, signal: AbortSignal): Promise<OpenArray> {
  const head = await readUpTo(read, place, headBytes, signal);
  const header = readNpyHeader(head.bytes);
  const type = elementType(header.dtype);
  const length = header.shape.reduce((product, size) => product * size, 1);
  // Elements of no size, such as empty texts, are counted as if they had one: there may be any number of them.
  const bytesEach = Math.max(1, type.bytes);
  const isLarge = length * bytesEach > mostPartBytes;
  const reversed = isLarge && header.fortranOrder && header.shape.length > 1;
  const shape = reversed ? header.shape.toReversed() : header.shape;
  const parts = partsOf(shape, isLarge ? Math.max(1, Math.floor(mostPartBytes / bytesEach)) : Infinity);
  const readPart = async (part: ArrayPart, stop: AbortSignal): Promise<NpyArray> => {
    const from = header.start + part.offset * type.bytes;
    const bytes = await pieces(read, place, from, part.length * type.bytes, stop);
    return new NpyArray(bytes, {
      dtype: header.dtype,
      shape: part.shape,
      fortranOrder: header.fortranOrder && !reversed,
    });
  };
  return {
    header,
    type,
    size: head.size,
    shape,
    reversed,
    parts,
    read: readPart,
    async figures(onProgress, stop) {
      if (!isNumeric({ type })) return null;
      const running = new RunningStatistics();
      for (let i = 0; i < parts.count; i++) {
        stop.throwIfAborted();
        running.addAll(await readPart(parts.part(i), stop));
        onProgress((i + 1) / parts.count);
      }
      return running.value;
    },
  };
}
