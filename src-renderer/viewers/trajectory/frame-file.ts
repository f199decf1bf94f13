import { userError } from '#shared/base/errors.ts';
import { readNpyHeader } from '#shared/npy/header.ts';
import { elementType, type ElementType } from '#shared/npy/element-types.ts';
import { readUpTo, type FilePlace, type ReadFile } from '../files/read-file.ts';

/** The bytes that the head of a file is looked for in; NumPy writes heads of 128 bytes. */
const headBytes = 4096;
/** One step of this size is a million atoms: more is for other programs. */
const mostFrameBytes = 24_000_000;
const pieceBytes = 2_000_000;

/** An array whose first index is the step: steps are read one by one, and never the whole file. */
export interface FrameFile {
  readonly shape: readonly number[];
  readonly steps: number;
  /** All numbers of one step, the last index fastest. */
  frame(step: number, signal: AbortSignal): Promise<Float64Array>;
  /** Of an array with one number for each step: those of `count` steps. */
  range(from: number, count: number, signal: AbortSignal): Promise<Float64Array>;
}

/** @throws StemmaError where the file is missing, is no array of numbers, or has steps that are too large */
export async function openFrames(read: ReadFile, place: FilePlace, signal: AbortSignal): Promise<FrameFile> {
  const { bytes } = await readUpTo(read, place, headBytes, signal);
  const { dtype, shape, fortranOrder, start } = readNpyHeader(bytes);
  const type = elementType(dtype);
  if (type.kind !== 'float' && type.kind !== 'integer') throw notNumbers(place.path);
  const [steps = 0, ...rest] = shape;
  const count = rest.reduce((product, size) => product * size, 1);
  if (count * type.bytes > mostFrameBytes) {
    throw userError({
      code: 'too-large',
      message: `One step of ${place.path} has ${count * type.bytes} bytes; at most ${mostFrameBytes} are shown.`,
      hint: 'Download the file to read it with NumPy.',
    });
  }
  // Column by column, the numbers of one step lie all over the file.
  const scattered = fortranOrder && rest.length > 0 && steps > 1;
  if (scattered && steps * count * type.bytes > mostFrameBytes) {
    throw userError({
      code: 'too-large',
      message: `${place.path} is stored column by column and is too large to be read as a whole.`,
      hint: 'Download the file to read it with NumPy.',
    });
  }
  return {
    shape,
    steps,
    async frame(step, wanted) {
      const length = count * type.bytes;
      const from = start + (scattered ? 0 : step * length);
      const part = await readRange(read, place, from, scattered ? steps * length : length, wanted);
      return scattered ? gather(part, type, shape, step) : decode(part, type, fortranOrder ? rest : null);
    },
    async range(from, wantedSteps, wanted) {
      if (shape.length !== 1) throw notNumbers(place.path);
      return decode(
        await readRange(read, place, start + from * type.bytes, wantedSteps * type.bytes, wanted),
        type,
        null,
      );
    },
  };
}

const notNumbers = (path: string): Error =>
  userError({ code: 'npy-type', message: `${path} holds no plain numbers.` });

async function readRange(
  read: ReadFile,
  place: FilePlace,
  from: number,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const all = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const piece = await read(
      { ...place, offset: from + at, length: Math.min(pieceBytes, length - at) },
      signal,
    );
    if (piece.bytes.length === 0) {
      throw userError({ code: 'npy-bad', message: `${place.path} ends before the step that is asked for.` });
    }
    all.set(piece.bytes, at);
    at += piece.bytes.length;
  }
  return all;
}

/** @param columns the shape where the first index runs fastest; null for the usual order */
function decode(bytes: Uint8Array, type: ElementType, columns: readonly number[] | null): Float64Array {
  if (columns !== null && columns.length > 1) return gather(bytes, type, [1, ...columns], 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length / type.bytes }, (_, i) =>
    type.number(view, i * type.bytes),
  );
}

/** One step out of an array that is stored column by column. */
function gather(bytes: Uint8Array, type: ElementType, shape: readonly number[], step: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [steps = 1, ...rest] = shape;
  const count = rest.reduce((product, size) => product * size, 1);
  return Float64Array.from({ length: count }, (_, i) => {
    let left = i;
    let place = 0;
    let stride = count;
    for (let axis = rest.length - 1; axis >= 0; axis--) {
      const size = rest[axis] ?? 1;
      stride /= size;
      place += (left % size) * stride;
      left = Math.floor(left / size);
    }
    return type.number(view, (place * steps + step) * type.bytes);
  });
}
