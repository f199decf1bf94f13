import { mainSymbol, type Crystal } from './crystal.ts';
import { elementOrDummy } from './elements.ts';
import { eachNeighbour, type Offset } from './neighbours.ts';

/** Between site `from` in the cell and site `to`, which is `image` cells away. Each pair is told once. */
export interface Bond {
  readonly from: number;
  readonly to: number;
  readonly image: Offset;
  /** In Å. */
  readonly length: number;
}

/** Longer than the sum of the covalent radii by at most this. */
const tolerance = 1.15;
/** What is nearer than this (Å) are two descriptions of one place, not two atoms. */
const nearest = 0.4;
/** A structure in which atoms lie on each other would have bonds without end. */
const mostPerSite = 64;

/**
 * Atoms that touch: nearer than 1.15 times the sum of their covalent radii (B. Cordero et al., Dalton Trans. (2008) 2832).
 * Metal atoms are bonded to each other only where there is nothing else: in an oxide the large radii of two metals
 * would reach past the oxygen between them.
 */
export function findBonds(crystal: Crystal): readonly Bond[] {
  const { sites, kinds } = crystal;
  const elements = kinds.map((kind) => elementOrDummy(mainSymbol(kind)));
  const used = [...new Set(sites.map(({ kind }) => kind))];
  const others = used.some((kind) => elements[kind]?.metal === false);
  const limits = kinds.map((_, i) =>
    kinds.map((__, j) => {
      const [a, b] = [elements[i], elements[j]];
      if (a === undefined || b === undefined || a.number === 0 || b.number === 0) return 0;
      return others && a.metal && b.metal ? 0 : (a.radius + b.radius) * tolerance;
    }),
  );
  let reach = 0;
  for (const i of used) for (const j of used) reach = Math.max(reach, limits[i]?.[j] ?? 0);
  if (reach === 0) return [];

  const counts = new Uint8Array(sites.length);
  const bonds: Bond[] = [];
  eachNeighbour(crystal, reach, (from, to, image, length) => {
    const limit = limits[sites[from]?.kind ?? -1]?.[sites[to]?.kind ?? -1] ?? 0;
    if (length > limit || length < nearest) return;
    const [near, far] = [counts[from] ?? 0, counts[to] ?? 0];
    if (near >= mostPerSite || far >= mostPerSite) return;
    counts[from] = near + 1;
    counts[to] = far + 1;
    bonds.push({ from, to, image, length });
  });
  return bonds;
}
