/** A NumPy file, version 1.0: little-endian floats in C order (numpy.org, `numpy.lib.format`). */
export function npy(values: readonly number[], shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const bytes = Buffer.alloc(length + values.length * 8, ' ');
  bytes.write('\x93NUMPY\x01\x00', 'latin1');
  bytes.writeUInt16LE(length - 10, 8);
  bytes.write(dictionary, 10, 'latin1');
  bytes.write('\n', length - 1, 'latin1');
  for (const [i, value] of values.entries()) bytes.writeDoubleLE(value, length + i * 8);
  return bytes;
}
