/**
 * Frames as WebSocket messages. Without binary parts a frame is its JSON text. With them it is one binary message:
 * the length of the head (u32, little endian), the head (JSON in UTF-8, each typed array replaced by
 * `{"$bytes": [type, offset, length]}`), padding to 8, then the arrays, each at a multiple of 8. An object of foreign
 * data that has the key `$bytes` itself travels as `{"$bytes": [[key, value], …]}`.
 */
import { userError } from '../base/errors.ts';

const arrays = {
  Uint8Array,
  Uint16Array,
  Uint32Array,
  Int8Array,
  Int16Array,
  Int32Array,
  Float32Array,
  Float64Array,
} as const;
type ArrayName = keyof typeof arrays;
type Typed = InstanceType<(typeof arrays)[ArrayName]>;

const align = (offset: number): number => (offset + 7) & ~7;
const marker = '$bytes';

function nameOf(value: Typed): ArrayName {
  for (const name of Object.keys(arrays) as ArrayName[]) if (value instanceof arrays[name]) return name;
  throw new Error('A typed array of a kind that the channel does not carry');
}

/** Text where the frame has no typed arrays, else bytes. */
export function encodeFrame(frame: unknown): string | Uint8Array<ArrayBuffer> {
  const parts: { readonly bytes: Uint8Array; readonly offset: number }[] = [];
  let size = 0;
  let hasMarks = false;
  const head = JSON.stringify(frame, function (this: Record<string, unknown>, key, converted: unknown) {
    // Not the second argument: Node's Buffer has a `toJSON` that was called before us.
    const value = this[key];
    if (!ArrayBuffer.isView(value)) {
      if (!isMarked(converted)) return converted;
      hasMarks = true;
      return { [marker]: Object.entries(converted) };
    }
    const typed = value as Typed;
    const bytes = new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
    const offset = size;
    parts.push({ bytes, offset });
    size = align(size + bytes.length);
    return { [marker]: [nameOf(typed), offset, typed.length] };
  });
  // Text is read without looking for marks, so it has none.
  if (parts.length === 0) return hasMarks ? JSON.stringify(frame) : head;
  const headBytes = new TextEncoder().encode(head);
  const start = align(4 + headBytes.length);
  const out = new Uint8Array(start + size);
  new DataView(out.buffer).setUint32(0, headBytes.length, true);
  out.set(headBytes, 4);
  for (const { bytes, offset } of parts) out.set(bytes, start + offset);
  return out;
}

const badFrame = (why: string): Error =>
  userError({ code: 'bad-frame', message: `A malformed message: ${why}.` });

/** The inverse. Arrays are copies. @throws StemmaError `bad-frame` */
export function decodeFrame(message: string | Uint8Array): unknown {
  try {
    if (typeof message === 'string') return JSON.parse(message) as unknown;
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    const headLength = view.getUint32(0, true);
    const start = align(4 + headLength);
    const head = new TextDecoder().decode(message.subarray(4, 4 + headLength));
    return JSON.parse(head, (_key, value: unknown) =>
      isMarked(value) ? unmarked(value[marker], message, start) : value,
    );
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) throw badFrame(error.message);
    throw error;
  }
}

const isMarked = (value: unknown): value is { readonly [marker]: unknown } =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, marker);

function unmarked(mark: unknown, message: Uint8Array, start: number): unknown {
  if (!Array.isArray(mark)) throw badFrame('a mark that is none');
  const [name, offset, length] = mark as readonly unknown[];
  if (mark.every((entry) => Array.isArray(entry))) return Object.fromEntries(mark as [string, unknown][]);
  if (typeof name !== 'string' || !Object.hasOwn(arrays, name) || !isIndex(offset) || !isIndex(length)) {
    throw badFrame('an array that is none');
  }
  const type = arrays[name as ArrayName];
  const from = start + offset;
  const byteLength = length * type.BYTES_PER_ELEMENT;
  if (from + byteLength > message.length) throw badFrame('an array beyond the end');
  return new type(new Uint8Array(message.subarray(from, from + byteLength)).buffer, 0, length);
}

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
