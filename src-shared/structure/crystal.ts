import { structureFormula } from '../provenance/formula.ts';
import { cellFigures, fractional, type CellFigures, type Matrix, type Vector } from './cell.ts';
import { elementOf } from './elements.ts';

/** One of the elements that share a place. */
export interface Constituent {
  /** `Si`; `X` for an atom of no element, such as a ghost that carries only basis functions. */
  readonly symbol: string;
  /** Which part of the places it takes, 0 to 1. */
  readonly weight: number;
}

/** A kind of atoms as AiiDA has it: the same element, charge, spin, … What is missing to one are vacancies. */
export interface Kind {
  readonly name: string;
  readonly constituents: readonly Constituent[];
  /** Of what stands there, in atomic mass units; null where it is not said. */
  readonly mass: number | null;
}

/** One place, which a kind of atoms has. */
export interface Site {
  /** Index into the kinds. */
  readonly kind: number;
  /** Cartesian, in Å. */
  readonly position: Vector;
}

/** Along a, b and c. */
export type Periodic = readonly [boolean, boolean, boolean];

/** Atoms in a cell, or a molecule that says no direction in which it repeats. */
export interface Crystal {
  /** Rows are a, b, c in Å. */
  readonly cell: Matrix;
  /** Along which of a, b and c it repeats. */
  readonly periodic: Periodic;
  readonly kinds: readonly Kind[];
  readonly sites: readonly Site[];
}

/** What is said of a structure as a whole. */
export interface CrystalFigures extends CellFigures {
  /** In Hill's order. */
  readonly formula: string;
  /** Atoms of each element in the cell, the most frequent first; not whole where places are shared. */
  readonly composition: readonly { readonly symbol: string; readonly count: number }[];
  /** In g/cm³; null where it does not repeat in all directions, or a mass is not known. */
  readonly density: number | null;
}

/** Grams per cm³ of one atomic mass unit per Å³. Source: CODATA 2022. */
const densityUnit = 1.660_539_068_92;

/** Whether coordinates along the cell mean anything; molecules often come with a cell of zeros. */
export const hasVolume = ({ cell }: Crystal): boolean => cellFigures(cell).volume > 1e-9;

/** Whether it repeats at all, so that its cell means something. */
export const isPeriodic = (crystal: Crystal): boolean =>
  crystal.periodic.includes(true) && hasVolume(crystal);

/** Which part of its places the kind fills; below 1 there are vacancies. AiiDA allows no more than 1. */
export const occupancy = (kind: Kind): number =>
  kind.constituents.reduce((sum, { weight }) => sum + weight, 0);

/** `Si`, or `Ba 0.8, Ca 0.2`. */
export function kindSymbols({ constituents }: Kind): string {
  if (constituents.length === 0) return 'X';
  const [only] = constituents;
  if (constituents.length === 1 && only?.weight === 1) return only.symbol;
  return constituents.map(({ symbol, weight }) => `${symbol} ${weight}`).join(', ');
}

/** The element that takes most of the place. */
export function mainSymbol({ constituents }: Kind): string {
  let best: Constituent | undefined;
  for (const one of constituents) if (best === undefined || one.weight > best.weight) best = one;
  return best?.symbol ?? 'X';
}

function massOf(kind: Kind): number | null {
  // AiiDA's mass of a kind is that of what stands there: vacancies weigh nothing.
  if (kind.mass !== null) return kind.mass * Math.min(1, occupancy(kind));
  let sum = 0;
  for (const { symbol, weight } of kind.constituents) {
    const mass = elementOf(symbol)?.mass;
    if (mass === undefined) return null;
    sum += weight * mass;
  }
  return sum;
}

/** Figures of the cell with what is in it; see the fields for the units. */
export function crystalFigures(crystal: Crystal): CrystalFigures {
  const { cell, kinds, sites, periodic } = crystal;
  const figures = cellFigures(cell);
  const counts = new Map<string, number>();
  let mass: number | null = 0;
  const masses = kinds.map(massOf);
  for (const { kind } of sites) {
    for (const { symbol, weight } of kinds[kind]?.constituents ?? []) {
      counts.set(symbol, (counts.get(symbol) ?? 0) + weight);
    }
    const own: number | null = masses[kind] ?? null;
    mass = mass === null || own === null ? null : mass + own;
  }
  const repeats = periodic.every(Boolean) && figures.volume > 1e-9;
  return {
    ...figures,
    formula: formulaOf(crystal),
    composition: [...counts]
      .map(([symbol, count]) => ({ symbol, count }))
      .toSorted((a, b) => b.count - a.count || (a.symbol < b.symbol ? -1 : 1)),
    density: mass !== null && repeats ? (mass / figures.volume) * densityUnit : null,
  };
}

function formulaOf({ kinds, sites }: Crystal): string {
  return structureFormula(
    kinds.map(({ constituents }, i) => ({
      name: String(i),
      symbols: constituents.map(({ symbol }) => symbol),
      weights: constituents.map(({ weight }) => weight),
    })),
    sites.map(({ kind }) => ({ kind_name: String(kind) })),
  );
}

/** Along the cell's vectors; null where the cell has no volume. */
export const fractionalOf = (crystal: Crystal, site: Site): Vector | null =>
  fractional(site.position, crystal.cell);
