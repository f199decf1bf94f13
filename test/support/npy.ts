/**
 * An .npy file as NumPy writes it (version 1, padded to 64 bytes): numbers in C order as float64, little-endian.
 * Source: numpy, `numpy/lib/format.py`.
 */
export function npyOf(
  shape: readonly number[],
  values: readonly number[],
  { fortranOrder = false }: { readonly fortranOrder?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(', ');
  const dict = `{'descr': '<f8', 'fortran_order': ${fortranOrder ? 'True' : 'False'}, 'shape': (${sizes}), }`;
  const head = `${dict}${' '.repeat(63 - ((10 + dict.length) % 64))}\n`;
  const bytes = new Uint8Array(10 + head.length + 8 * values.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, head.length, true);
  bytes.set(new TextEncoder().encode(head), 10);
  for (const [i, value] of values.entries()) view.setFloat64(10 + head.length + 8 * i, value, true);
  return bytes;
}
