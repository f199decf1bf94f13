import { plus, scaled, type Matrix, type Vector } from './cell.ts';
import type { Crystal, Site } from './crystal.ts';

/** How often it is repeated along a, b and c: whole numbers from 1 on. */
export type Repeats = Vector;

/** The same crystal in a cell that is a multiple; where it does not repeat, nothing is repeated. */
export function supercell(crystal: Crystal, repeats: Repeats): Crystal {
  const { cell, periodic } = crystal;
  const [n, m, l] = repeats.map((times, i) => (periodic[i] === true ? times : 1)) as unknown as Vector;
  if (n * m * l === 1) return crystal;
  const sites: Site[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      for (let k = 0; k < l; k++) {
        const shift = plus(plus(scaled(cell[0], i), scaled(cell[1], j)), scaled(cell[2], k));
        for (const { kind, position } of crystal.sites) sites.push({ kind, position: plus(position, shift) });
      }
    }
  }
  const larger: Matrix = [scaled(cell[0], n), scaled(cell[1], m), scaled(cell[2], l)];
  return { ...crystal, cell: larger, sites };
}
