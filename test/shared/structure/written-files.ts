import type { Vector } from '#shared/structure/cell.ts';

/** What a written file says, read by the rules of its format alone. */
export interface ReadBack {
  readonly cell: readonly Vector[] | null;
  readonly atoms: readonly { readonly symbol: string; readonly position: Vector }[];
}

const numbers = (line: string): Vector => line.trim().split(/\s+/).map(Number) as unknown as Vector;

export function readXyz(text: string): ReadBack & { readonly pbc: string } {
  const [count = '', comment = '', ...rows] = text.trimEnd().split('\n');
  if (Number(count) !== rows.length) throw new Error(`${count} atoms are told, ${rows.length} are there`);
  const lattice = /Lattice="([^"]*)"/.exec(comment)?.[1]?.split(' ').map(Number);
  return {
    cell: lattice === undefined ? null : [0, 3, 6].map((i) => lattice.slice(i, i + 3) as unknown as Vector),
    pbc: /pbc="([^"]*)"/.exec(comment)?.[1] ?? '',
    atoms: rows.map((row) => {
      const [symbol = '', ...place] = row.split(' ');
      return { symbol, position: place.map(Number) as unknown as Vector };
    }),
  };
}

export function readPoscar(text: string): ReadBack {
  const lines = text.trimEnd().split('\n');
  if (Number(lines[1]) !== 1 || lines[7] !== 'Cartesian') throw new Error('no POSCAR of this writer');
  const symbols = lines[5]?.split(' ') ?? [];
  const counts = numbers(lines[6] ?? '');
  const all = symbols.flatMap((symbol, i) => Array.from({ length: counts[i] ?? 0 }, () => symbol));
  const places = lines.slice(8).map(numbers);
  if (places.length !== all.length)
    throw new Error(`${all.length} atoms are told, ${places.length} are there`);
  return {
    cell: lines.slice(2, 5).map(numbers),
    atoms: all.map((symbol, i) => ({ symbol, position: places[i] ?? [NaN, NaN, NaN] })),
  };
}
