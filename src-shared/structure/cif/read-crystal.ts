import { cartesian, cellFrom, fractional, norm, type Matrix, type Vector } from '../cell.ts';
import type { Constituent, Crystal, Kind, Site } from '../crystal.ts';
import { elementOf } from '../elements.ts';
import type { CifBlock, CifValue } from './blocks.ts';
import { cifError } from './cif-error.ts';
import { cifNumber } from './cif-number.ts';
import { applied, identity, readOperation, type SymmetryOperation } from './symmetry.ts';

/** A block of a CIF as a crystal, and what had to be assumed for it. */
export interface CifCrystal {
  readonly crystal: Crystal;
  /** What was left out, or had to be taken for something, in words. */
  readonly notes: readonly string[];
  /** How many symmetry operations were applied. */
  readonly operations: number;
}

/** Images nearer than this (Å) are one atom on a special position whose digits were rounded: 0.3333 is not 1/3. */
const sameAtom = 0.15;
/** Atoms of a file nearer than this (Å) share one place. */
const samePlace = 0.01;
/** More sites in a cell than any crystal here can show. */
const mostSites = 200_000;

interface Row {
  readonly symbol: string;
  readonly weight: number;
  readonly place: Vector;
}

/** Whether a block describes atoms in a cell; many files have blocks that only cite. */
export const hasAtoms = ({ items }: CifBlock): boolean =>
  items.has('_cell_length_a') && (items.has('_atom_site_fract_x') || items.has('_atom_site_cartn_x'));

/**
 * The whole cell of a block: its atoms at all places where the symmetry operations bring them. Names are those of the
 * core dictionary of the IUCr (cif_core), with the older names of the operations.
 * @throws StemmaError `cif-bad` with the line of what is missing or wrong
 */
export function readCifCrystal(block: CifBlock): CifCrystal {
  const cell = readCell(block);
  const { rows, notes } = readRows(block, cell);
  const operations = readOperations(block);
  const notesOfAll = [...notes];
  const group = groupOf(block);
  if (operations === null && group !== null && !/^(P\s*1|1)$/i.test(group)) {
    notesOfAll.push(
      `The file names the space group ${group}, but not its operations: only the atoms that it lists are shown.`,
    );
  }
  const all = operations ?? [identity];
  if (rows.length * all.length > mostSites * 4) {
    throw cifError(
      block.line,
      `${rows.length} atoms and ${all.length} operations are more than can be shown`,
    );
  }
  const merged = mergePlaces(rows, cell);
  const kinds: Kind[] = [];
  const sites: Site[] = [];
  for (const { constituents, place } of merged) {
    const kind = kindOf(kinds, constituents);
    for (const image of images(place, all, cell)) sites.push({ kind, position: cartesian(image, cell) });
    if (sites.length > mostSites)
      throw cifError(block.line, `there are more than ${mostSites} atoms in the cell`);
  }
  return {
    crystal: { cell, periodic: [true, true, true], kinds, sites },
    notes: notesOfAll,
    operations: all.length,
  };
}

function readCell({ items, line }: CifBlock): Matrix {
  const figure = (name: string): number => {
    const value = items.get(name)?.[0];
    const number = value === undefined ? null : cifNumber(value);
    if (number === null) throw cifError(value?.line ?? line, `${name} is missing: the cell is not known`);
    return number;
  };
  const triple = (kind: string, names: readonly string[]): Vector =>
    names.map((name) => figure(`_cell_${kind}_${name}`)) as unknown as Vector;
  const cell = cellFrom(triple('length', ['a', 'b', 'c']), triple('angle', ['alpha', 'beta', 'gamma']));
  if (cell === null) {
    throw cifError(items.get('_cell_length_a')?.[0]?.line ?? line, 'no cell has such lengths and angles');
  }
  return cell;
}

function readRows(
  { items, line }: CifBlock,
  cell: Matrix,
): { rows: readonly Row[]; notes: readonly string[] } {
  const axes = items.has('_atom_site_fract_x') ? 'fract' : 'cartn';
  const columns = ['x', 'y', 'z'].map((axis) => items.get(`_atom_site_${axes}_${axis}`));
  const [xs, ys, zs] = columns;
  const labels = items.get('_atom_site_label');
  const symbols = items.get('_atom_site_type_symbol');
  if (!xs || !ys || !zs)
    throw cifError(line, `the block ${axes === 'fract' ? 'has' : 'names'} no places of atoms`);
  if (!labels && !symbols) throw cifError(xs[0]?.line ?? line, 'the atoms have neither labels nor elements');
  const occupancies = items.get('_atom_site_occupancy');
  const rows: Row[] = [];
  let unplaced = 0;
  for (const [i, x] of xs.entries()) {
    const [y, z] = [ys[i], zs[i]];
    const numbers = [x, y, z].map((value) => (value === undefined ? null : cifNumber(value)));
    if (numbers.includes(null)) {
      unplaced++;
      continue;
    }
    const given = numbers as unknown as Vector;
    const place = axes === 'fract' ? given : fractional(given, cell);
    const weight = occupancies?.[i] === undefined ? 1 : (cifNumber(occupancies[i]) ?? 1);
    if (weight < 0 || weight > 1.01) {
      throw cifError(occupancies?.[i]?.line ?? x.line, `an occupancy of ${weight} cannot be`);
    }
    if (place !== null && weight > 0) {
      rows.push({ symbol: symbolOf(symbols?.[i], labels?.[i], x.line), weight: Math.min(1, weight), place });
    }
  }
  if (rows.length === 0) throw cifError(xs[0]?.line ?? line, 'no atom has a place');
  const notes = unplaced === 0 ? [] : [`${unplaced} atoms without a place are left out.`];
  return { rows, notes };
}

/** `Na1+` is sodium, `O2W` oxygen, `D` deuterium; a label is read where no element is given. */
function symbolOf(symbol: CifValue | undefined, label: CifValue | undefined, line: number): string {
  for (const text of [symbol?.text, label?.text]) {
    const letters = /^[A-Za-z]{1,2}/.exec(text ?? '')?.[0];
    if (letters === undefined) continue;
    const spelt = letters.charAt(0).toUpperCase() + letters.slice(1).toLowerCase();
    if (elementOf(spelt) !== undefined) return spelt;
    if (elementOf(spelt.charAt(0)) !== undefined) return spelt.charAt(0);
  }
  if (symbol?.text === null || label?.text !== undefined) return 'X';
  throw cifError(symbol?.line ?? line, 'an atom has neither a label nor an element');
}

const operationNames = [
  '_space_group_symop_operation_xyz',
  '_space_group_symop.operation_xyz',
  '_symmetry_equiv_pos_as_xyz',
];

function readOperations({ items }: CifBlock): readonly SymmetryOperation[] | null {
  const values = operationNames.map((name) => items.get(name)).find((found) => found !== undefined);
  const texts = values?.filter((value) => value.text !== null) ?? [];
  return texts.length === 0 ? null : texts.map(({ text, line }) => readOperation(text ?? '', line));
}

const groupNames = [
  '_space_group_name_h-m_alt',
  '_symmetry_space_group_name_h-m',
  '_space_group_it_number',
  '_symmetry_int_tables_number',
];

/** The space group as the file names it. */
export function groupOf({ items }: CifBlock): string | null {
  for (const name of groupNames) {
    const text = items.get(name)?.[0]?.text;
    if (text !== null && text !== undefined) return text.trim();
  }
  return null;
}

/** Rows at one place are one site with several constituents. */
function mergePlaces(
  rows: readonly Row[],
  cell: Matrix,
): readonly { readonly constituents: readonly Constituent[]; readonly place: Vector }[] {
  const buckets = new Map<string, { constituents: Constituent[]; place: Vector }[]>();
  const merged: { constituents: Constituent[]; place: Vector }[] = [];
  for (const { symbol, weight, place } of rows) {
    const inside = place.map((part) => part - Math.floor(part + 1e-6)) as unknown as Vector;
    const key = inside.map((part) => Math.round(part * 500)).join(' ');
    const bucket = buckets.get(key) ?? [];
    const there = bucket.find((other) => apart(other.place, inside, cell) < samePlace);
    const sum = there?.constituents.reduce((total, one) => total + one.weight, 0) ?? 0;
    if (there !== undefined && sum + weight <= 1.01) there.constituents.push({ symbol, weight });
    else {
      const made = { constituents: [{ symbol, weight }], place: inside };
      bucket.push(made);
      merged.push(made);
    }
    buckets.set(key, bucket);
  }
  return merged;
}

/** In Å, by the shortest way over the faces of the cell; exact for what is near. */
function apart(a: Vector, b: Vector, cell: Matrix): number {
  const way = a.map((part, i) => part - (b[i] ?? 0)).map((part) => part - Math.round(part));
  return norm(cartesian(way as unknown as Vector, cell));
}

function images(place: Vector, operations: readonly SymmetryOperation[], cell: Matrix): readonly Vector[] {
  const found: Vector[] = [];
  for (const operation of operations) {
    const image = applied(operation, place).map(
      (part) => part - Math.floor(part + 1e-9),
    ) as unknown as Vector;
    if (found.every((other) => apart(other, image, cell) > sameAtom)) found.push(image);
  }
  return found;
}

function kindOf(kinds: Kind[], constituents: readonly Constituent[]): number {
  const name = constituents
    .map(({ symbol, weight }) => (weight === 1 ? symbol : `${symbol}${weight}`))
    .join('');
  const known = kinds.findIndex((kind) => kind.name === name);
  return known >= 0 ? known : kinds.push({ name, constituents, mass: null }) - 1;
}
