import { userError } from '../base/errors.ts';

/** What one element of an array is. */
export type ElementKind = 'float' | 'integer' | 'boolean' | 'complex' | 'text' | 'bytes';

/** How elements of one dtype lie in a file. */
export interface ElementType {
  readonly kind: ElementKind;
  /** Of one element. */
  readonly bytes: number;
  /** As NumPy calls it: `float64`, `complex128`, `str12`. */
  readonly name: string;
  /** The element as a number; NaN for texts, the modulus for complex numbers, the nearest double for large integers. */
  readonly number: (view: DataView, at: number) => number;
  /** The element exactly, as Python would print it. */
  readonly text: (view: DataView, at: number) => string;
}

/** Digits as Python prints a double: always with a point or an exponent. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** The shortest decimal that reads back as the same single-precision number. */
function singleText(value: number): string {
  if (!Number.isFinite(value)) return floatText(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return floatText(short);
  }
  return floatText(Number(value.toPrecision(9)));
}

/** IEEE 754 half precision, for which DataView has a getter only in newer engines. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

type Read<T> = (view: DataView, at: number) => T;

const numeric = (
  kind: ElementKind,
  bytes: number,
  name: string,
  read: Read<number | bigint>,
  text: (value: number | bigint) => string = String,
): ElementType => ({
  kind,
  bytes,
  name,
  number: (view, at) => Number(read(view, at)),
  text: (view, at) => text(read(view, at)),
});

const complex = (bytes: number, name: string, part: Read<number>): ElementType => ({
  kind: 'complex',
  bytes,
  name,
  number: (view, at) => Math.hypot(part(view, at), part(view, at + bytes / 2)),
  text(view, at) {
    const imaginary = part(view, at + bytes / 2);
    const sign = imaginary < 0 || Object.is(imaginary, -0) ? '-' : '+';
    return `${floatText(part(view, at))}${sign}${floatText(Math.abs(imaginary))}j`;
  },
});

/** UCS-4, filled up with NUL characters. */
function ucs4(characters: number, little: boolean): ElementType {
  return {
    kind: 'text',
    bytes: characters * 4,
    name: `str${characters}`,
    number: () => NaN,
    text(view, at) {
      let text = '';
      for (let i = 0; i < characters; i++) {
        const code = view.getUint32(at + 4 * i, little);
        text += code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\ufffd';
      }
      return text.replace(/\0+$/, '');
    },
  };
}

const byteText = (length: number): ElementType => ({
  kind: 'bytes',
  bytes: length,
  name: `bytes${length}`,
  number: () => NaN,
  text(view, at) {
    let text = '';
    for (let i = 0; i < length; i++) text += String.fromCharCode(view.getUint8(at + i));
    return text.replace(/\0+$/, '');
  },
});

const boolean: ElementType = {
  kind: 'boolean',
  bytes: 1,
  name: 'bool',
  number: (view, at) => view.getUint8(at),
  text: (view, at) => (view.getUint8(at) === 0 ? 'False' : 'True'),
};

function byCode(code: string, little: boolean): ElementType | null {
  const single = (value: number | bigint): string => singleText(Number(value));
  const double = (value: number | bigint): string => floatText(Number(value));
  switch (code) {
    case 'b1':
      return boolean;
    case 'i1':
      return numeric('integer', 1, 'int8', (view, at) => view.getInt8(at));
    case 'u1':
      return numeric('integer', 1, 'uint8', (view, at) => view.getUint8(at));
    case 'i2':
      return numeric('integer', 2, 'int16', (view, at) => view.getInt16(at, little));
    case 'u2':
      return numeric('integer', 2, 'uint16', (view, at) => view.getUint16(at, little));
    case 'i4':
      return numeric('integer', 4, 'int32', (view, at) => view.getInt32(at, little));
    case 'u4':
      return numeric('integer', 4, 'uint32', (view, at) => view.getUint32(at, little));
    case 'i8':
      return numeric('integer', 8, 'int64', (view, at) => view.getBigInt64(at, little));
    case 'u8':
      return numeric('integer', 8, 'uint64', (view, at) => view.getBigUint64(at, little));
    case 'f2':
      return numeric('float', 2, 'float16', (view, at) => half(view.getUint16(at, little)), double);
    case 'f4':
      return numeric('float', 4, 'float32', (view, at) => view.getFloat32(at, little), single);
    case 'f8':
      return numeric('float', 8, 'float64', (view, at) => view.getFloat64(at, little), double);
    case 'c8':
      return complex(8, 'complex64', (view, at) => view.getFloat32(at, little));
    case 'c16':
      return complex(16, 'complex128', (view, at) => view.getFloat64(at, little));
    default:
      return null;
  }
}

/**
 * The type of a dtype such as `<f8`, `|b1` or `>U12`. Records, Python objects and dates are none that can be shown.
 * @throws StemmaError `npy-type`
 */
export function elementType(dtype: string): ElementType {
  const [, order = '', code = ''] = /^([<>|=])(\w+)$/.exec(dtype) ?? [];
  // `=` is never written to a file, but means the writer's own order, which is little-endian on what people have.
  const little = order !== '>';
  const [, letter, count = ''] = /^([US])(\d{1,6})$/.exec(code) ?? [];
  if (letter === 'U') return ucs4(Number(count), little);
  if (letter === 'S') return byteText(Number(count));
  const found = byCode(code, little);
  if (found !== null) return found;
  throw userError({
    code: 'npy-type',
    message: `Arrays of the type ${dtype} cannot be shown.`,
    hint: 'Download the file to read it with NumPy.',
  });
}
