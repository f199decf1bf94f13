import { toPlain, type PyJson } from '#shared/provenance/python-json.ts';
import type { Constituent, Crystal, Kind, Periodic, Site } from '#shared/structure/crystal.ts';
import { isRecord, matrixOf, textsOf, vectorOf, type Attributes } from './attributes.ts';

const list = (value: PyJson | undefined): readonly PyJson[] =>
  Array.isArray(value) ? (value as readonly PyJson[]) : [];

function constituentsOf(kind: Attributes): readonly Constituent[] {
  const symbols = textsOf(kind['symbols']);
  const weights = textsOf(kind['weights']).map((weight) => (weight === '' ? 1 : Number(weight)));
  return symbols.map((symbol, i) => {
    const weight = weights[i] ?? 1;
    return { symbol, weight: weight >= 0 && weight <= 1 ? weight : 1 };
  });
}

function readKind(value: PyJson, at: number): Kind {
  const kind = isRecord(value) ? value : {};
  const mass = toPlain(kind['mass'] ?? null);
  return {
    name: typeof kind['name'] === 'string' ? kind['name'] : `kind ${at + 1}`,
    constituents: constituentsOf(kind),
    mass: typeof mass === 'number' && mass > 0 ? mass : null,
  };
}

/** `pbc1` to `pbc3`; plugins that mimic the type write one list. */
function periodicOf(attributes: Attributes): Periodic {
  const all = list(attributes['pbc']);
  const along = (i: number): boolean => attributes[`pbc${i + 1}`] === true || all[i] === true;
  return [along(0), along(1), along(2)];
}

/**
 * A StructureData from its attributes (aiida-core 2.9, `orm/nodes/data/structure.py`); null where they are none. A site
 * whose kind is not among the kinds is one of its own: its name is all that is known of it.
 */
export function readStructure(attributes: Attributes): Crystal | null {
  const cell = matrixOf(attributes['cell']);
  if (cell === null || !Array.isArray(attributes['sites'])) return null;
  const kinds = list(attributes['kinds']).map(readKind);
  const places = new Map(kinds.map(({ name }, i) => [name, i]));
  const sites: Site[] = [];
  for (const site of list(attributes['sites'])) {
    const position = isRecord(site) ? vectorOf(site['position']) : null;
    if (!isRecord(site) || position === null) return null;
    const name = String(site['kind_name']);
    let kind = places.get(name);
    if (kind === undefined) {
      kind = kinds.push({ name, constituents: [{ symbol: name, weight: 1 }], mass: null }) - 1;
      places.set(name, kind);
    }
    sites.push({ kind, position });
  }
  return { cell, periodic: periodicOf(attributes), kinds, sites };
}
