import { toPlain, type PyJson } from '#shared/provenance/python-json.ts';
import type { NpyArray } from '#shared/npy/npy-array.ts';
import type { Vector } from '#shared/structure/cell.ts';
import { matrixOf, textOf, textsOf, type Attributes } from '#renderer/model/attributes.ts';
import { bandPath, type BandPath } from '#renderer/model/band-path.ts';
import { kpointLabels, vectorsOf } from '../kpoints/read-kpoints.ts';

/** The energies of a BandsData, whatever its number of spins. */
export interface Bands {
  readonly spins: number;
  readonly points: number;
  readonly count: number;
  /** As stored; NaN where none is. */
  readonly energy: (spin: number, point: number, band: number) => number;
  /** Null where no occupations are stored, or ones of another shape. */
  readonly occupation: ((spin: number, point: number, band: number) => number) | null;
  readonly kpoints: readonly Vector[];
  readonly path: BandPath;
  /** The k-points follow each other along lines; else they are a list, such as that of a mesh. */
  readonly isPath: boolean;
  readonly labels: readonly (readonly [index: number, name: string])[];
  /** The path's lengths are in 1/Å, because the node knows the cell. */
  readonly hasCell: boolean;
  readonly units: string;
  /** One for each spin, or one for all; empty where the attributes name none. */
  readonly fermi: readonly number[];
  readonly spinNames: readonly string[];
}

/**
 * Where plugins put the Fermi level of a BandsData: AiiDA's own class has no attribute for it. In the unit of the bands.
 */
const fermiKeys = ['fermi_energy', 'fermi_level', 'efermi', 'e_fermi', 'fermi'] as const;

function fermiOf(attributes: Attributes): readonly number[] {
  const numbers = (value: PyJson | undefined): readonly number[] =>
    [toPlain(value ?? null)].flat().filter((each): each is number => Number.isFinite(each));
  const both = [...numbers(attributes['fermi_energy_up']), ...numbers(attributes['fermi_energy_down'])];
  for (const key of fermiKeys) {
    const found = numbers(attributes[key]);
    if (found.length > 0) return found.slice(0, 2);
  }
  return both;
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/**
 * A BandsData: an array of the dimensions k-point, band, or spin, k-point, band (aiida-core 2.9, `array/bands.py`). Null
 * where the shapes do not fit together.
 */
export function readBands(
  attributes: Attributes,
  arrays: Readonly<Record<string, NpyArray | undefined>>,
): Bands | null {
  const { bands, kpoints, occupations } = arrays;
  if (bands === undefined || kpoints === undefined) return null;
  const [points = 0, count = 0] = bands.shape.slice(-2);
  const spins = bands.shape.length === 3 ? (bands.shape[0] ?? 1) : 1;
  if (bands.shape.length < 2 || bands.shape.length > 3 || kpoints.shape[0] !== points) return null;
  const vectors = vectorsOf(kpoints);
  const labels = kpointLabels(attributes).filter(([index]) => index >= 0 && index < points);
  const cell = matrixOf(attributes['cell']);
  const path = bandPath(vectors, cell, labels);
  const at = (spin: number, point: number, band: number): number => (spin * points + point) * count + band;
  const filled = occupations !== undefined && sameShape(occupations.shape, bands.shape) ? occupations : null;
  const names = textsOf(attributes['array_labels']);
  return {
    spins,
    points,
    count,
    energy: (spin, point, band) => bands.number(at(spin, point, band)),
    occupation: filled === null ? null : (spin, point, band) => filled.number(at(spin, point, band)),
    kpoints: vectors,
    path,
    isPath: labels.length > 0 || isSteady(path.along),
    labels,
    hasCell: cell !== null,
    units: textOf(attributes, 'units'),
    fermi: fermiOf(attributes),
    spinNames:
      spins === 1
        ? ['Bands']
        : spins === 2 && names.length !== 2
          ? ['Spin up', 'Spin down']
          : spinNames(names, spins),
  };
}

/** How many times the middle step the longest one of a path may be; between the points of a mesh there are longer ones. */
const longestStep = 2.5;

/** Whether k-points without names follow each other in steps of much the same length. */
function isSteady(along: readonly number[]): boolean {
  const steps = along.slice(1).map((place, i) => place - (along[i] ?? 0));
  const middle = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return steps.every((step) => step <= middle * longestStep);
}

const spinNames = (names: readonly string[], spins: number): readonly string[] =>
  Array.from({ length: spins }, (_, i) => names[i] ?? `Spin ${i + 1}`);

/** A k-point in words: `X`, `between Γ and X`, `(0.25, 0.25, 0)`. */
export function kpointWords(
  { labels, kpoints }: Pick<Bands, 'labels' | 'kpoints'>,
  pretty: (label: string) => string,
  index: number,
): string {
  const k = kpoints[index];
  const place =
    k === undefined ? `k-point ${index}` : `(${k.map((part) => String(Number(part.toFixed(4)))).join(', ')})`;
  const here = labels.find(([at]) => at === index);
  if (here !== undefined) return pretty(here[1]);
  const sorted = labels.toSorted(([a], [b]) => a - b);
  const before = sorted.findLast(([at]) => at < index);
  const after = sorted.find(([at]) => at > index);
  return before === undefined || after === undefined
    ? place
    : `${place}, between ${pretty(before[1])} and ${pretty(after[1])}`;
}
