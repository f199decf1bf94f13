/**
 * What the study is about. Lattice constants and bulk moduli are those of experiment at room temperature to the digits
 * given (C. Kittel, Introduction to Solid State Physics); total energies are of the size that a pseudopotential code gives.
 */
export interface Element {
  readonly symbol: string;
  readonly name: string;
  readonly mass: number;
  readonly lattice: 'diamond' | 'fcc' | 'bcc';
  /** Å. */
  readonly a: number;
  /** Of the primitive cell, eV. */
  readonly energy: number;
  /** GPa. */
  readonly bulkModulus: number;
  /** Its derivative by pressure. */
  readonly bulkDerivative: number;
}

export const elements = {
  Si: {
    symbol: 'Si',
    name: 'silicon',
    mass: 28.0855,
    lattice: 'diamond',
    a: 5.43,
    energy: -215.4712,
    bulkModulus: 98.8,
    bulkDerivative: 4.2,
  },
  Ge: {
    symbol: 'Ge',
    name: 'germanium',
    mass: 72.64,
    lattice: 'diamond',
    a: 5.658,
    energy: -213.9406,
    bulkModulus: 77.2,
    bulkDerivative: 4.6,
  },
  C: {
    symbol: 'C',
    name: 'diamond',
    mass: 12.0107,
    lattice: 'diamond',
    a: 3.567,
    energy: -310.2831,
    bulkModulus: 443,
    bulkDerivative: 3.7,
  },
  Al: {
    symbol: 'Al',
    name: 'aluminium',
    mass: 26.981538,
    lattice: 'fcc',
    a: 4.05,
    energy: -57.2154,
    bulkModulus: 72.2,
    bulkDerivative: 4.5,
  },
  Fe: {
    symbol: 'Fe',
    name: 'iron',
    mass: 55.845,
    lattice: 'bcc',
    a: 2.87,
    energy: -3414.1177,
    bulkModulus: 168.3,
    bulkDerivative: 5.3,
  },
} as const satisfies Record<string, Element>;

export type Vector = readonly [number, number, number];

/** The primitive vectors for a lattice constant, Å; rows. */
export function cellOf({ lattice }: Element, a: number): readonly [Vector, Vector, Vector] {
  const h = a / 2;
  return lattice === 'bcc'
    ? [
        [-h, h, h],
        [h, -h, h],
        [h, h, -h],
      ]
    : [
        [0, h, h],
        [h, 0, h],
        [h, h, 0],
      ];
}

/** Cartesian positions in the primitive cell, Å. */
export const positionsOf = ({ lattice }: Element, a: number): readonly Vector[] =>
  lattice === 'diamond'
    ? [
        [0, 0, 0],
        [a / 4, a / 4, a / 4],
      ]
    : [[0, 0, 0]];

/** Of the primitive cell, Å³. */
export const volumeOf = ({ lattice }: Element, a: number): number => a ** 3 / (lattice === 'bcc' ? 2 : 4);

export const latticeConstantOf = ({ lattice }: Element, volume: number): number =>
  Math.cbrt(volume * (lattice === 'bcc' ? 2 : 4));
