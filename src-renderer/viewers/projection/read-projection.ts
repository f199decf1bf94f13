import type { NpyArray } from '#shared/npy/npy-array.ts';
import { toPlain, type PyJson } from '#shared/provenance/python-json.ts';
import { isRecord, textOf, type Attributes } from '#renderer/model/attributes.ts';
import type { PlotLine } from '../plot/plot-lines.ts';

/**
 * One orbital of a ProjectionData (aiida-core 2.9, `orm/nodes/data/array/projection.py` and
 * `tools/data/orbital/realhydrogen.py`).
 */
export interface Orbital {
  readonly index: number;
  /** `Si px`, as far as it is stored. */
  readonly name: string;
  readonly kind: string;
  /** `s`, `p`, `d`, `f` or a hybrid such as `sp3`; empty where it is not stored. */
  readonly shell: string;
}

const shells = ['s', 'p', 'd', 'f', 'g', 'h'];
/** An `l` below 0 is a hybrid: −1 is the first (Wannier90 user guide, table 3.2). */
const hybrids = ['sp', 'sp2', 'sp3', 'sp3d', 'sp3d2'];

/** The real harmonics by `l` and then `m`, as aiida-core numbers them (`CONVERSION_DICT` of `realhydrogen.py`). */
const lobes = [
  ['s'],
  ['pz', 'px', 'py'],
  ['dz²', 'dxz', 'dyz', 'dx²−y²', 'dxy'],
  ['fz³', 'fxz²', 'fyz²', 'fz(x²−y²)', 'fxyz', 'fx(x²−3y²)', 'fy(3x²−y²)'],
];

const shellOf = (l: number): string => (l < 0 ? hybrids[-l - 1] : shells[l]) ?? `l = ${l}`;

const numberOf = (value: PyJson | undefined): number | null => {
  const plain = toPlain(value ?? null);
  return typeof plain === 'number' ? plain : null;
};

/** In the order in which their arrays are numbered; empty where none are stored. */
export function readOrbitals(attributes: Attributes): readonly Orbital[] {
  const stored = attributes['orbital_dicts'];
  if (!Array.isArray(stored)) return [];
  return (stored as readonly PyJson[]).map((orbital, index) => {
    if (!isRecord(orbital)) return { index, name: `Orbital ${index}`, kind: '', shell: '' };
    const kind = textOf(orbital, 'kind_name');
    const momentum = numberOf(orbital['angular_momentum']);
    const magnetic = numberOf(orbital['magnetic_number']);
    const shell = momentum === null ? '' : shellOf(momentum);
    const radial = numberOf(orbital['radial_nodes']) ?? 0;
    // No principal quantum number: of pseudo-orbitals the radial nodes do not give it.
    const nodes = radial === 0 ? '' : `${radial} radial ${radial === 1 ? 'node' : 'nodes'}`;
    const spin = numberOf(orbital['spin']);
    const spins = spin === null || spin === 0 ? '' : spin > 0 ? 'spin up' : 'spin down';
    const lobe = lobes[momentum ?? -1]?.[magnetic ?? -1];
    const m = magnetic === null || lobe !== undefined ? '' : `m = ${magnetic}`;
    const more = [m, nodes, spins].filter(Boolean).join(', ');
    const name = `${kind} ${lobe ?? shell}${more === '' ? '' : ` (${more})`}`.trim();
    return { index, name: name === '' ? `Orbital ${index}` : name, kind, shell };
  });
}

/** The names of the arrays of one sort: `pdos_array_0`, … in the order of their numbers. */
export function arraysNamed(attributes: Attributes, prefix: string): readonly string[] {
  const found = Object.keys(attributes).flatMap((key) => {
    const digits = key.startsWith(`array|${prefix}_array_`) ? key.slice(`array|${prefix}_array_`.length) : '';
    return /^\d+$/.test(digits) ? [Number(digits)] : [];
  });
  return found.toSorted((a, b) => a - b).map((index) => `${prefix}_array_${index}`);
}

export const groupings = ['all', 'kind', 'shell', 'orbital'] as const;
export type Grouping = (typeof groupings)[number];

function groupOf(orbital: Orbital, by: Grouping): string {
  switch (by) {
    case 'all':
      return 'Sum of all orbitals';
    case 'kind':
      return orbital.kind === '' ? 'no kind' : orbital.kind;
    case 'shell':
      return `${orbital.kind} ${orbital.shell}`.trim() || 'no shell';
    case 'orbital':
      return orbital.name;
  }
}

/** The groups of orbitals by name, in the order of the first of each. */
export function groupsOf(
  orbitals: readonly Orbital[],
  by: Grouping,
): ReadonlyMap<string, readonly Orbital[]> {
  return Map.groupBy(orbitals, (orbital) => groupOf(orbital, by));
}

const numbers = (array: NpyArray): Float64Array =>
  Float64Array.from({ length: array.length }, (_, i) => array.number(i));

/** Above this a legend is longer than the plot: orbitals are then summed by a coarser grouping. */
const mostLines = 200;

/**
 * Projected densities of states: each group of orbitals is one line, the sum of its members at the energies of the first.
 * A member with energies of its own stands alone, because a sum of them would need numbers that are not there.
 */
export function pdosLines(
  orbitals: readonly Orbital[],
  arrays: Readonly<Record<string, NpyArray>>,
  by: Grouping,
): readonly PlotLine[] {
  const lines: PlotLine[] = [];
  for (const [name, members] of groupsOf(orbitals, by)) {
    const sums: { readonly x: Float64Array; readonly y: Float64Array }[] = [];
    for (const { index } of members) {
      const [energy, pdos] = [arrays[`energy_array_${index}`], arrays[`pdos_array_${index}`]];
      if (energy === undefined || pdos === undefined) continue;
      const [x, y] = [numbers(energy), numbers(pdos)];
      const same = sums.find((sum) => sum.x.length === x.length && sum.x.every((value, i) => value === x[i]));
      if (same === undefined) sums.push({ x, y });
      else for (let i = 0; i < y.length; i++) same.y[i] = (same.y[i] ?? 0) + (y[i] ?? 0);
    }
    for (const sum of sums) lines.push({ name, ...sum, series: groupNumber(lines, name), filled: true });
  }
  return lines.slice(0, mostLines);
}

function groupNumber(lines: readonly PlotLine[], name: string): number {
  return lines.find((line) => line.name === name)?.series ?? new Set(lines.map((line) => line.name)).size;
}

/**
 * The weight of a group of orbitals in each state: the sum of its members' projections as they are stored, of complex ones
 * the moduli. Null where none of the members has projections of that shape.
 */
export function groupWeights(
  members: readonly Orbital[],
  arrays: Readonly<Record<string, NpyArray>>,
  shape: readonly number[],
): Float64Array | null {
  const length = shape.reduce((product, size) => product * size, 1);
  const weights = new Float64Array(length);
  let found = false;
  for (const { index } of members) {
    const projections = arrays[`proj_array_${index}`];
    if (projections === undefined || projections.length !== length) continue;
    found = true;
    for (let i = 0; i < length; i++) weights[i] = (weights[i] ?? 0) + Math.abs(projections.number(i));
  }
  return found ? weights : null;
}
