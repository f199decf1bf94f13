/** An .npy file of doubles (NumPy's format 1.0), for tests. `columns` stores the first index fastest. */
export function npyFile(
  shape: readonly number[],
  values: readonly number[],
  { columns = false }: { readonly columns?: boolean } = {},
): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(', ');
  const head = `{'descr': '<f8', 'fortran_order': ${columns ? 'True' : 'False'}, 'shape': (${sizes}), }`;
  const padded = `${head.padEnd(Math.ceil((head.length + 11) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(10 + padded.length + values.length * 8);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, padded.length, true);
  bytes.set(new TextEncoder().encode(padded), 10);
  for (const [i, value] of values.entries()) view.setFloat64(10 + padded.length + 8 * i, value, true);
  return bytes;
}
