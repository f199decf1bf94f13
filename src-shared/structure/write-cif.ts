import { userError } from '../base/errors.ts';
import { cellFigures } from './cell.ts';
import { fractionalOf, hasVolume, occupancy, type Crystal } from './crystal.ts';
import { fileNumber } from './file-number.ts';

/**
 * A CIF 1.1 file with all sites in the space group P 1, as AiiDA writes it too. Source: the core dictionary of the IUCr
 * (cif_core 2.4.5). A kind with several elements is several sites with occupancies at one place.
 * @param name of the data block: what is no letter, digit, `-` or `_` becomes `_`
 * @throws StemmaError `no-cell` where the cell has no volume: CIF places are along a, b and c
 */
export function writeCif(crystal: Crystal, name: string): string {
  if (!hasVolume(crystal)) {
    throw userError({
      code: 'no-cell',
      message: 'This structure has no cell with a volume, so it cannot be written as CIF.',
      hint: 'XYZ needs no cell.',
    });
  }
  const { lengths, angles, volume } = cellFigures(crystal.cell);
  const [a, b, c] = lengths.map((length) => fileNumber(length, 6));
  const [alpha, beta, gamma] = angles.map((angle) => fileNumber(angle, 6));
  const lines = [
    `data_${name.replaceAll(/[^\w-]/g, '_') || 'structure'}`,
    `_cell_length_a ${a}`,
    `_cell_length_b ${b}`,
    `_cell_length_c ${c}`,
    `_cell_angle_alpha ${alpha}`,
    `_cell_angle_beta ${beta}`,
    `_cell_angle_gamma ${gamma}`,
    `_cell_volume ${fileNumber(volume, 6)}`,
    "_symmetry_space_group_name_H-M 'P 1'",
    '_symmetry_Int_Tables_number 1',
    'loop_',
    '_symmetry_equiv_pos_as_xyz',
    "'x, y, z'",
    'loop_',
    '_atom_site_label',
    '_atom_site_type_symbol',
    '_atom_site_fract_x',
    '_atom_site_fract_y',
    '_atom_site_fract_z',
    '_atom_site_occupancy',
  ];
  const counts = new Map<string, number>();
  for (const site of crystal.sites) {
    const kind = crystal.kinds[site.kind];
    const place = fractionalOf(crystal, site);
    if (kind === undefined || place === null) continue;
    const where = place.map((part) => fileNumber(part, 10)).join(' ');
    const parts =
      occupancy(kind) === 0
        ? [{ symbol: 'X', weight: 1 }]
        : kind.constituents.filter(({ weight }) => weight > 0);
    for (const { symbol, weight } of parts) {
      const plain = /^[A-Za-z]+$/.test(symbol) ? symbol : 'X';
      const count = (counts.get(plain) ?? 0) + 1;
      counts.set(plain, count);
      lines.push(`${plain}${count} ${plain} ${where} ${fileNumber(weight, 6)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
