import { structureFormula } from '#shared/provenance/formula.ts';
import { toPlain, type PyJson } from '#shared/provenance/python-json.ts';
import { isRecord, matrixOf, vectorOf, type Attributes, type Matrix, type Vector } from './attributes.ts';
import { cellFigures, fractional, type CellFigures } from './cell.ts';

/** An atom of a structure; positions in Å. */
export interface Site {
  readonly index: number;
  readonly kind: string;
  /** What stands there: `Si`, or `Ba 0.8, Ca 0.2` for an alloy. */
  readonly symbols: string;
  readonly position: Vector;
  /** Along the cell's vectors; null where the cell has no volume. */
  readonly fractional: Vector | null;
}

export interface StructureKind {
  readonly name: string;
  readonly symbols: string;
  /** In atomic mass units; null where it is not said. */
  readonly mass: number | null;
  readonly count: number;
}

export interface Structure {
  readonly formula: string;
  readonly cell: Matrix;
  readonly figures: CellFigures;
  /** Along which of a, b and c it repeats. */
  readonly periodic: readonly [boolean, boolean, boolean];
  readonly kinds: readonly StructureKind[];
  readonly sites: readonly Site[];
}

const list = (value: PyJson | undefined): readonly PyJson[] =>
  Array.isArray(value) ? (value as readonly PyJson[]) : [];

function symbolsOf(kind: Attributes): string {
  const symbols = list(kind['symbols']).map(String);
  const weights = list(kind['weights']).map((weight) => Number(toPlain(weight)));
  const [only] = symbols;
  if (symbols.length === 1 && only !== undefined && (weights[0] ?? 1) === 1) return only;
  return symbols.map((symbol, i) => `${symbol} ${weights[i] ?? 0}`).join(', ');
}

/** A StructureData from its attributes (aiida-core 2.9, `orm/nodes/data/structure.py`); null where they are none. */
export function readStructure(attributes: Attributes): Structure | null {
  const cell = matrixOf(attributes['cell']);
  if (cell === null || !Array.isArray(attributes['sites'])) return null;
  const kinds = new Map<string, { symbols: string; mass: number | null; count: number }>();
  for (const kind of list(attributes['kinds'])) {
    if (!isRecord(kind)) continue;
    const mass = toPlain(kind['mass'] ?? null);
    kinds.set(String(kind['name']), {
      symbols: symbolsOf(kind),
      mass: typeof mass === 'number' ? mass : null,
      count: 0,
    });
  }
  const sites: Site[] = [];
  for (const [index, site] of list(attributes['sites']).entries()) {
    const position = isRecord(site) ? vectorOf(site['position']) : null;
    if (!isRecord(site) || position === null) return null;
    const name = String(site['kind_name']);
    const kind = kinds.get(name);
    if (kind !== undefined) kind.count++;
    sites.push({
      index,
      kind: name,
      symbols: kind?.symbols ?? name,
      position,
      fractional: fractional(position, cell),
    });
  }
  return {
    formula: structureFormula(toPlain(attributes['kinds'] ?? null), toPlain(attributes['sites'] as PyJson)),
    cell,
    figures: cellFigures(cell),
    periodic: [attributes['pbc1'] === true, attributes['pbc2'] === true, attributes['pbc3'] === true],
    kinds: [...kinds].map(([name, kind]) => ({ name, ...kind })),
    sites,
  };
}
