import { userError } from '../base/errors.ts';

/** What the head of an .npy file says. */
export interface NpyHeader {
  /** `<f8` */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** The first index runs fastest. */
  readonly fortranOrder: boolean;
  /** Where the elements begin, in bytes. */
  readonly start: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

/** NumPy 2 knows 64 (`NPY_MAXDIMS`). */
const mostAxes = 64;

const bad = (what: string): Error =>
  userError({ code: 'npy-bad', message: `This is no file of a NumPy array: ${what}.` });

/** Bytes of a head. NumPy itself refuses one of more than 10 000 (`numpy/lib/format.py`, `_MAX_HEADER_SIZE`). */
const longestHead = 65_535;

/**
 * Reads the head of an .npy file, versions 1 to 3. Source: numpy, `numpy/lib/format.py`.
 * @param bytes the beginning of the file
 * @throws StemmaError `npy-bad`
 */
export function readNpyHeader(bytes: Uint8Array): NpyHeader {
  if (magic.some((byte, i) => bytes[i] !== byte)) throw bad('the first bytes are not “\\x93NUMPY”');
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) throw bad(`version ${version} is not known`);
  const lengthBytes = version === 1 ? 2 : 4;
  if (bytes.length < 8 + lengthBytes) throw bad('it ends within its head');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > longestHead) throw bad(`its head says that it has ${length} bytes`);
  const start = 8 + lengthBytes + length;
  if (bytes.length < start) throw bad('it ends within its head');
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(
    bytes.subarray(8 + lengthBytes, start),
  );
  return { ...readDict(text), start };
}

/** The literal of a Python dict: `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }`. */
function readDict(text: string): Omit<NpyHeader, 'start'> {
  const dtype = /['"]descr['"]\s*:\s*['"]([^'"]*)['"]/.exec(text)?.[1];
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (dtype === undefined && /['"]descr['"]\s*:\s*\[/.test(text)) {
    throw userError({
      code: 'npy-type',
      message: 'Arrays of records cannot be shown.',
      hint: 'Download the file to read it with NumPy.',
    });
  }
  if (dtype === undefined || order === undefined || shape === undefined) {
    throw bad('its head does not name type, order and shape');
  }
  const sizes = shape.split(',').flatMap((part) => {
    const digits = part.replace('L', '').trim();
    return digits === '' ? [] : [Number(digits)];
  });
  if (sizes.length > mostAxes) throw bad(`its shape has ${sizes.length} axes`);
  // step by step: a size of 0 at the end must not hide what overflows before it
  let product = 1;
  for (const size of sizes) {
    product *= size;
    if (!Number.isSafeInteger(size) || !Number.isSafeInteger(product)) throw bad('its shape is too large');
  }
  return { dtype, fortranOrder: order === 'True', shape: sizes };
}
