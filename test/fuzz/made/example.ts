import type { Source } from '../draft.ts';

/** Begins the UUID of everything that is made here, and stands for a number that a mutant has for itself. */
const mark = 'f0220000';

export const uuidOf = (number: number): string =>
  `${mark}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

/** The folder of a node in an archive of before AiiDA 2.0. */
export const folderOf = (uuid: string): string =>
  `nodes/${uuid.slice(0, 2)}/${uuid.slice(2, 4)}/${uuid.slice(4)}`;

/** The same archive with other UUIDs, so that nothing of it is in a profile that has met it before. */
export function renumbered(source: Source, number: number): Source {
  const other = (number >>> 0).toString(16).padStart(8, '0');
  const entries = source.entries.map(({ name, data }) => ({
    name: name.replace(folderOf(mark), folderOf(other)),
    data: replaced(data, Buffer.from(`${mark}-`), Buffer.from(`${other}-`)),
  }));
  return { ...source, entries };
}

/** In the bytes, so that it works in a database as well: the order of its indexes stays. */
function replaced(data: Buffer, from: Buffer, to: Buffer): Buffer {
  let at = data.indexOf(from);
  if (at === -1) return data;
  const copy = Buffer.from(data);
  for (; at !== -1; at = copy.indexOf(from, at + to.length)) to.copy(copy, at);
  return copy;
}

/** Two rows of three numbers. Source: numpy, `numpy/lib/format.py`. */
export const npy = (): Buffer => {
  const head = `{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }`;
  const text = `${head.padEnd(117)}\n`;
  return Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0]),
    Buffer.from(text, 'latin1'),
    Buffer.from(new Float64Array([1, 2, 3, 4, 5, 6]).buffer),
  ]);
};
