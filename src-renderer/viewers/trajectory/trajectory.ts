import { userError } from '#shared/base/errors.ts';
import { toPlain, type PyJson } from '#shared/provenance/python-json.ts';
import type { Matrix, Vector } from '#shared/structure/cell.ts';
import type { Crystal, Kind, Periodic } from '#shared/structure/crystal.ts';
import { elementOf } from '#shared/structure/elements.ts';
import { textOf, textsOf, type Attributes } from '#renderer/model/attributes.ts';

/** What the attributes of a TrajectoryData say (aiida-core 2.9, `orm/nodes/data/array/trajectory.py`). */
export interface TrajectoryHead {
  readonly steps: number;
  /** The kind of each site; empty where only an array of the node says it, as the oldest do. */
  readonly symbols: readonly string[];
  readonly atoms: number;
  readonly hasCells: boolean;
  readonly hasSteps: boolean;
  readonly hasTimes: boolean;
  /** Null before aiida-core 2.8, which did not say it. */
  readonly periodic: Periodic | null;
  /** Other arrays with one number for each step: energies, temperatures, … */
  readonly series: readonly string[];
  /** `eV`, of a series; empty where it is not said. */
  readonly unitOf: (series: string) => string;
}

const key = 'array|';
const shapeOf = (value: PyJson | undefined): readonly number[] | null => {
  const plain = value === undefined ? null : toPlain(value);
  return Array.isArray(plain) && plain.every((size): size is number => Number.isSafeInteger(size))
    ? plain
    : null;
};
const ownSeries = new Set(['steps', 'times']);

/** @throws StemmaError `no-trajectory` where there are no positions of atoms */
export function readTrajectoryHead(attributes: Attributes): TrajectoryHead {
  const [steps, atoms, dimensions, ...more] = shapeOf(attributes[`${key}positions`]) ?? [];
  if (steps === undefined || atoms === undefined || dimensions !== 3 || more.length > 0) {
    throw userError({
      code: 'no-trajectory',
      message: 'The attributes of this node name no positions of atoms for each step.',
      hint: 'The tab with its attributes shows what they say.',
    });
  }
  const names = Object.keys(attributes)
    .filter((name) => name.startsWith(key))
    .map((name) => name.slice(key.length));
  const symbols = textsOf(attributes['symbols']);
  const pbc = attributes['pbc'];
  return {
    steps,
    atoms,
    symbols: symbols.length === atoms ? symbols : [],
    hasCells: names.includes('cells'),
    hasSteps: names.includes('steps'),
    hasTimes: names.includes('times'),
    periodic: Array.isArray(pbc) ? [pbc[0] === true, pbc[1] === true, pbc[2] === true] : null,
    series: names
      .filter((name) => {
        const shape = shapeOf(attributes[key + name]);
        return !ownSeries.has(name) && shape?.length === 1 && shape[0] === steps && steps > 1;
      })
      .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)),
    unitOf: (series) => textOf(attributes, `units|${series}`) || textOf(attributes, `${series}_units`),
  };
}

/** What most people look for comes first. */
const rank = (name: string): number =>
  name === 'energy' ? 0 : /energ/.test(name) ? 1 : /temp|press/.test(name) ? 2 : 3;

/** One step as a crystal. Without cells it is a molecule; with cells it repeats unless the node says otherwise. */
export function frameCrystal(
  head: TrajectoryHead,
  positions: Float64Array,
  cell: Float64Array | null,
): Crystal {
  const vector = (values: Float64Array, i: number): Vector => [
    values[3 * i] ?? NaN,
    values[3 * i + 1] ?? NaN,
    values[3 * i + 2] ?? NaN,
  ];
  const kinds: Kind[] = [];
  const places = new Map<string, number>();
  const sites = Array.from({ length: positions.length / 3 }, (_, i) => {
    const name = head.symbols[i] ?? 'X';
    let kind = places.get(name);
    if (kind === undefined) {
      kind = kinds.push({ name, constituents: [{ symbol: symbolOfKind(name), weight: 1 }], mass: null }) - 1;
      places.set(name, kind);
    }
    return { kind, position: vector(positions, i) };
  });
  const matrix: Matrix | null = cell === null ? null : [vector(cell, 0), vector(cell, 1), vector(cell, 2)];
  const periodic: Periodic = matrix === null ? [false, false, false] : (head.periodic ?? [true, true, true]);
  return { cell: matrix ?? noCell, periodic, kinds, sites };
}

const noCell: Matrix = [
  [0, 0, 0],
  [0, 0, 0],
  [0, 0, 0],
];

/** Names of kinds begin with their element: `Fe1`, `O_water`. */
export function symbolOfKind(name: string): string {
  if (elementOf(name) !== undefined) return name;
  const [two, one] = [name.slice(0, 2), name.slice(0, 1)];
  const letters = /^[A-Z][a-z]/.test(two) && elementOf(two) !== undefined ? two : one;
  return elementOf(letters) === undefined ? name : letters;
}
