import { userError } from '../base/errors.ts';
import { hasVolume, mainSymbol, type Crystal, type Site } from './crystal.ts';
import { fileNumber } from './file-number.ts';

/**
 * POSCAR of VASP 5: elements in the sixth line, sites in groups of one element, Cartesian places in Å. Source: the VASP
 * manual, “POSCAR”.
 * @param title one line; line breaks become blanks
 * @throws StemmaError `no-cell`, `mixed-site` where the format cannot say what stands here
 */
export function writePoscar(crystal: Crystal, title: string): string {
  const { cell, kinds, sites } = crystal;
  if (!hasVolume(crystal)) {
    throw userError({
      code: 'no-cell',
      message: 'This structure has no cell with a volume, and POSCAR always has one.',
      hint: 'XYZ needs no cell.',
    });
  }
  const mixed = kinds.find(({ constituents }) => constituents.length !== 1 || constituents[0]?.weight !== 1);
  if (mixed !== undefined) {
    throw userError({
      code: 'mixed-site',
      message: `The kind ${mixed.name} has several elements or vacancies at one place, which POSCAR cannot say.`,
      hint: 'CIF can.',
    });
  }
  const groups = new Map<string, Site[]>();
  for (const site of sites) {
    const kind = kinds[site.kind];
    const symbol = kind === undefined ? 'X' : mainSymbol(kind);
    const group = groups.get(symbol);
    if (group === undefined) groups.set(symbol, [site]);
    else group.push(site);
  }
  const vector = (parts: readonly number[]): string =>
    parts.map((part) => fileNumber(part, 10).padStart(16)).join(' ');
  return `${[
    title.replaceAll(/\s+/g, ' ').trim() || 'structure',
    '1.0',
    ...cell.map(vector),
    [...groups.keys()].join(' '),
    [...groups.values()].map((group) => group.length).join(' '),
    'Cartesian',
    ...[...groups.values()].flat().map(({ position }) => vector(position)),
  ].join('\n')}\n`;
}
