import { findBonds } from '#shared/structure/bonds.ts';
import { cartesian, fractional, plus, type Vector } from '#shared/structure/cell.ts';
import { isPeriodic, mainSymbol, type Crystal, type Kind } from '#shared/structure/crystal.ts';
import { elementOrDummy } from '#shared/structure/elements.ts';
import type { Offset } from '#shared/structure/neighbours.ts';
import type { Repeats } from '#shared/structure/supercell.ts';
import { cellEdges, type Edge } from './cell-edges.ts';

/** A part of a ball, as parts of a turn from 0 to 1: elements that share a place are slices of one ball. */
export interface Slice {
  /** Empty for the part of a place that is empty. */
  readonly symbol: string;
  readonly colour: string;
  readonly from: number;
  readonly to: number;
}

/** How the atoms of a kind look. */
export interface AtomLook {
  readonly symbol: string;
  /** The name of the kind. */
  readonly name: string;
  readonly colour: string;
  /** In Å, as drawn: half of what an atom of a crystal takes, so that bonds can be seen. */
  readonly radius: number;
  readonly slices: readonly Slice[];
}

/** A site, or one of its periodic images. */
export interface DrawnAtom {
  readonly site: number;
  readonly offset: Offset;
  readonly position: Vector;
  readonly look: number;
}

/** Everything that is drawn, as plain data: on the screen and in an SVG alike. Lengths are Å. */
export interface Picture {
  readonly looks: readonly AtomLook[];
  readonly atoms: readonly DrawnAtom[];
  /** Pairs of indices into the atoms. */
  readonly bonds: readonly (readonly [number, number])[];
  readonly edges: readonly Edge[];
  readonly centre: Vector;
  /** Of a ball around the centre that holds everything. */
  readonly radius: number;
}

export interface PictureOptions {
  readonly repeats: Repeats;
  readonly bonds: boolean;
  readonly cell: boolean;
  /** Moves atoms by whole cells into the cell. */
  readonly wrap: boolean;
  /** Draws what lies on a face of the cell on the opposite face, too. */
  readonly boundary: boolean;
}

/** More atoms than this are no picture any more. */
export const mostAtoms = 50_000;
/** Bonds of more sites than this take too long to be looked for while somebody waits. */
export const mostBonded = 20_000;

/** What lies so near (Å) to a face of the cell lies on it. */
const onFace = 0.02;
const missingColour = '#e8e8e8';

/** A slice for each element, and a pale one for vacancies. */
export function lookOf(kind: Kind): AtomLook {
  const main = elementOrDummy(mainSymbol(kind));
  const slices: Slice[] = [];
  let from = 0;
  for (const { symbol, weight } of kind.constituents) {
    const to = Math.min(1, from + weight);
    if (to > from) slices.push({ symbol, colour: elementOrDummy(symbol).colour, from, to });
    from = to;
  }
  if (slices.length === 0) slices.push({ symbol: mainSymbol(kind), colour: main.colour, from: 0, to: 1 });
  else if (from < 1 - 1e-6) slices.push({ symbol: '', colour: missingColour, from, to: 1 });
  return {
    symbol: main.number === 0 ? mainSymbol(kind) : main.symbol,
    name: kind.name,
    colour: main.colour,
    radius: 0.18 + 0.3 * main.radius,
    slices,
  };
}

/** The elements that are drawn, in the order of their kinds, each with its colour; last, what is empty. */
export function legendOf(
  looks: readonly AtomLook[],
): readonly { readonly text: string; readonly colour: string }[] {
  const found = new Map<string, string>();
  for (const { slices } of looks) for (const { symbol, colour } of slices) found.set(symbol, colour);
  const empty = found.get('');
  found.delete('');
  const elements = [...found].map(([text, colour]) => ({ text, colour }));
  return empty === undefined ? elements : [...elements, { text: 'empty', colour: empty }];
}

/** How many atoms there would be, without those on opposite faces. */
export const atomsOf = ({ sites, periodic }: Crystal, repeats: Repeats): number =>
  sites.length * repeats.reduce((product, times, i) => product * (periodic[i] === true ? times : 1), 1);

/** Everything that is to be drawn. Bonds are left out above {@link mostBonded} sites. */
export function pictureOf(crystal: Crystal, options: PictureOptions): Picture {
  const { cell, sites, kinds } = crystal;
  const periodic = isPeriodic(crystal) ? crystal.periodic : ([false, false, false] as const);
  const repeats = options.repeats.map((times, i) => (periodic[i] === true ? times : 1)) as unknown as Repeats;
  const tolerance = cell.map((vector) => onFace / Math.max(onFace, Math.hypot(...vector)));

  const atoms: DrawnAtom[] = [];
  for (const [site, { kind, position }] of sites.entries()) {
    const place = fractional(position, cell);
    const along = [0, 1, 2].map((i): readonly number[] => {
      const part = place?.[i];
      if (periodic[i] !== true || part === undefined) return [0];
      const near = tolerance[i] ?? 0;
      const first = options.wrap ? -Math.floor(part + near) : 0;
      const times = repeats[i] ?? 1;
      const isOnFace = options.boundary && Math.abs(part + first) <= near;
      return Array.from({ length: times + (isOnFace ? 1 : 0) }, (_, k) => first + k);
    });
    for (const u of along[0] ?? []) {
      for (const v of along[1] ?? []) {
        for (const w of along[2] ?? []) {
          const offset: Offset = [u, v, w];
          const moved = u === 0 && v === 0 && w === 0 ? position : plus(position, cartesian(offset, cell));
          atoms.push({ site, offset, position: moved, look: kind });
        }
      }
    }
  }
  const edges = options.cell && periodic.includes(true) ? cellEdges(cell, periodic, repeats) : [];
  const looks = kinds.map(lookOf);
  const bonds =
    options.bonds && sites.length <= mostBonded ? drawnBonds({ ...crystal, periodic }, atoms) : [];
  return { looks, atoms, bonds, edges, ...ballAround(atoms, edges) };
}

/** Bonds between atoms that are drawn. */
function drawnBonds(crystal: Crystal, atoms: readonly DrawnAtom[]): readonly (readonly [number, number])[] {
  let least = 0;
  let most = 0;
  for (const { offset } of atoms) {
    least = Math.min(least, ...offset);
    most = Math.max(most, ...offset);
  }
  // Images of bonds reach a few cells further than the atoms; what is beyond the range is not drawn.
  const span = most - least + 1;
  const key = (site: number, [u, v, w]: Offset): number =>
    ((site * span + (u - least)) * span + (v - least)) * span + (w - least);
  const inside = (offset: Offset): boolean => offset.every((k) => k >= least && k <= most);
  const places = new Map<number, number>();
  const ofSite: number[][] = crystal.sites.map(() => []);
  for (const [i, { site, offset }] of atoms.entries()) {
    places.set(key(site, offset), i);
    ofSite[site]?.push(i);
  }
  const bonds: (readonly [number, number])[] = [];
  for (const { from, to, image } of findBonds(crystal)) {
    for (const i of ofSite[from] ?? []) {
      const offset = plus(atoms[i]?.offset ?? [0, 0, 0], image);
      const j = inside(offset) ? places.get(key(to, offset)) : undefined;
      if (j !== undefined) bonds.push([i, j]);
    }
  }
  return bonds;
}

/** The ball around the middle of the box that holds all. */
function ballAround(atoms: readonly DrawnAtom[], edges: readonly Edge[]): Pick<Picture, 'centre' | 'radius'> {
  const points = [...atoms.map(({ position }) => position), ...edges.flatMap(({ from, to }) => [from, to])];
  const least = [Infinity, Infinity, Infinity];
  const most = [-Infinity, -Infinity, -Infinity];
  for (const point of points) {
    for (let k = 0; k < 3; k++) {
      least[k] = Math.min(least[k] ?? 0, point[k] ?? 0);
      most[k] = Math.max(most[k] ?? 0, point[k] ?? 0);
    }
  }
  if (points.length === 0) return { centre: [0, 0, 0], radius: 1 };
  const middle = (k: number): number => ((least[k] ?? 0) + (most[k] ?? 0)) / 2;
  const centre: Vector = [middle(0), middle(1), middle(2)];
  let radius = 0;
  for (const [x, y, z] of points) {
    radius = Math.max(radius, Math.hypot(x - centre[0], y - centre[1], z - centre[2]));
  }
  return { centre, radius: radius + 0.8 };
}
